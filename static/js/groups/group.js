/* An open page of a group keeps up with it: who asks to be let in, who came, who may read it. What is being written or
   read stays where it is: the page only says that something changed, and reloads when its reader may see less. */

import { toast } from "couth/kernel/toast.js";

export function connect(page) {
  const { group } = page.dataset;
  function happened({ detail: { type, data } }) {
    if (type === "group.asked" && data.group.id === group) toast(data.person.name);
    const isThis = data?.id === group && type.startsWith("group.");
    if (!isThis) return;
    const count = page.querySelector('a[href$="/members"] .num');
    if (count) count.textContent = String(data.members);
    const isMe = data.person_id === document.body.dataset.viewer;
    const isShut = type === "group.changed" && page.dataset.watch && data.kind !== "open";
    if (isShut || (type === "group.member-left" && isMe)) location.reload();
  }
  document.addEventListener("couth:event", happened);
  return () => document.removeEventListener("couth:event", happened);
}
