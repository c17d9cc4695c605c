/* The sheet for passing a post on, opened over the page that shows the post. */

import { element, newKey, post } from "couth/kernel/http.js";
import { openSheet, refuse } from "couth/kernel/sheet.js";
import { toast } from "couth/kernel/toast.js";

export async function connect(link) {
  const dialog = await openSheet(link, "share-title");
  const form = dialog.querySelector("form");
  const key = newKey();
  form.addEventListener("change", () => count(form));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const fresh = element(await (await post(form.getAttribute("action"), new FormData(form), { key })).text());
      dialog.close();
      toast(form.dataset.said, { label: form.dataset.open, undo: () => location.assign(`/posts/${fresh.dataset.item}`) });
    } catch (error) {
      refuse(form, error);
    }
  });
}

/* The button says how many will read it. */
function count(form) {
  const chosen = form.querySelector('[name="audience"]:checked');
  const words = form.querySelector("[data-count-words]");
  const button = words?.closest("button");
  if (!chosen || !words) return;
  const count = Number(chosen.dataset.count).toLocaleString(document.documentElement.lang);
  words.textContent = button.dataset.words.replace("{n}", count);
}
