/* A part of another page, opened over this one where a link leads there. */

import { element, fragment } from "couth/kernel/http.js";

/** Open what the link leads to as a dialog named by the element with the id `name`; it goes again once it is closed. */
export async function openSheet(link, name) {
  const dialog = document.createElement("dialog");
  dialog.className = "touch-sheet";
  dialog.setAttribute("aria-labelledby", name);
  dialog.append(element(await fragment(link.href)));
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.closest("details")?.querySelector("summary")?.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-closes]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.showModal();
  return dialog;
}

/** What the server says against it, in the place of the sheet's form for that. */
export function refuse(form, error) {
  const note = form.querySelector("[data-note]");
  note.hidden = false;
  note.textContent = Object.values(error.fields ?? {}).join(" ") || form.dataset.lost;
}
