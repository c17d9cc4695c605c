/* What a composer carries along goes with one post: when the composer begins afresh, it is gone. A draft in chat with which
   it began is sent by then, and waits on this device no more unless somebody has typed there since. */

import { keep, kept } from "couth/kernel/drafts.js";

function draftOf(part) {
  return part.dataset.begun ? `${document.body.dataset.viewer}:chat:${part.dataset.begun}` : "";
}

export function connect(part) {
  const { form } = part.querySelector("input");
  const draft = draftOf(part);
  const before = draft && kept(draft);
  const leave = () => {
    if (draft && kept(draft) === before) keep(draft, "");
    part.remove();
  };
  form.addEventListener("couth:cleared", leave);
  return () => form.removeEventListener("couth:cleared", leave);
}
