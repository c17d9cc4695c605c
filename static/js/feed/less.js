/* "Less of this": what is there for the same reason leaves the list at once, and comes back with Undo. */

import { post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

async function turnDown(feed, form) {
  const fields = Object.fromEntries(new FormData(form));
  const target = form.elements.target.value;
  const alike = [...feed.querySelectorAll(`[data-why][data-target="${CSS.escape(target)}"]`)]
    .filter((line) => target !== "0" || line.dataset.why === fields.why)
    .map((line) => line.closest("[data-item]"));
  await post(form.getAttribute("action"), fields);
  const places = alike.map((item) => {
    const place = document.createComment("");
    item.replaceWith(place);
    return { item, place };
  });
  toast(form.dataset.said, {
    label: form.dataset.undo,
    undo: async () => {
      await post(form.getAttribute("action"), { ...fields, on: "0" });
      for (const { item, place } of places) place.replaceWith(item);
    },
  });
}

export function connect(feed) {
  const ended = new AbortController();
  feed.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!("less" in form.dataset)) return;
      event.preventDefault();
      turnDown(feed, form).catch((error) => toast(error.message));
    },
    { signal: ended.signal },
  );
  return () => ended.abort();
}
