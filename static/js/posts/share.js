/* The sheet for passing a post on, opened over the page that shows the post. */

import { element, fragment, newKey, post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

export async function openShare(link) {
  const dialog = document.createElement("dialog");
  dialog.className = "touch-sheet";
  dialog.setAttribute("aria-labelledby", "share-title");
  dialog.append(element(await fragment(link.href)));
  document.body.append(dialog);
  const form = dialog.querySelector("form");
  const key = newKey();
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.closest("details")?.querySelector("summary")?.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-closes]")) return;
    event.preventDefault();
    dialog.close();
  });
  form.addEventListener("change", () => count(form));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const fresh = element(await (await post(form.getAttribute("action"), new FormData(form), { key })).text());
      dialog.close();
      toast(form.dataset.said, { label: form.dataset.open, undo: () => location.assign(`/posts/${fresh.dataset.item}`) });
    } catch (error) {
      const note = form.querySelector("[data-note]");
      note.hidden = false;
      note.textContent = Object.values(error.fields ?? {}).join(" ") || form.dataset.lost;
    }
  });
  dialog.showModal();
}

/* The button says how many will read it. */
function count(form) {
  const chosen = form.querySelector('[name="audience"]:checked');
  const words = form.querySelector("[data-count-words]");
  const button = words?.closest("button");
  if (!chosen || !words) return;
  words.textContent = button.dataset.words.replace("{n}", Number(chosen.dataset.count).toLocaleString(document.documentElement.lang));
}
