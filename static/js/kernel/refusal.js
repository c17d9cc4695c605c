/* What could not be taken: it stands where it was typed, with the reason. */

import { newKey, Problem } from "couth/kernel/http.js";
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

/** A field that was refused says so, and reads out the note that tells why. */
export function markInvalid(field, note) {
  note.id ||= `note-${newKey()}`;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [...othersAbout(field, note), note.id].join(" "));
}

/** It is on its way once more. */
export function markValid(field, note) {
  field.removeAttribute("aria-invalid");
  const others = othersAbout(field, note);
  if (others.length) field.setAttribute("aria-describedby", others.join(" "));
  else field.removeAttribute("aria-describedby");
}

function othersAbout(field, note) {
  const all = (field.getAttribute("aria-describedby") ?? "").split(" ");
  return all.filter((id) => id && id !== note.id);
}
