/* What could not be taken: it stands where it was typed, with the reason. */

import { Problem } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

/** Put the form that came back in the place of the one that was sent; false where none did. */
export function giveBack(form, { html }) {
  const found = document.createElement("template");
  found.innerHTML = html ?? "";
  const fresh = found.content.querySelector(`form[action="${CSS.escape(form.getAttribute("action"))}"]`);
  if (!fresh) return false;
  form.replaceWith(fresh);
  (fresh.querySelector('[aria-invalid="true"]') ?? fresh.querySelector("textarea, input:not([type='hidden'])")).focus();
  return true;
}

/** What was pressed where there is no place for a note: the reason stands at the edge. */
export function sayWhy(problem) {
  toast(why(document.querySelector("[data-toasts]"), problem));
}

/** Why it was not taken, in the words of the form's note. */
export function why(note, problem) {
  const { dropped, out, gone, failed } = note.dataset;
  if (!(problem instanceof Problem)) return dropped;
  if (problem.isSignedOut) return out;
  const fields = Object.values(problem.fields).join(" ");
  return fields || problem.detail || (problem.status === 404 || problem.status === 410 ? gone : failed);
}
