/* What a reply box answers: the post, or one of its comments by id and its author's name. */

export function answer(form, to = "", name = "") {
  const note = form.querySelector("[data-reply-note]");
  if (!note) return;
  const field = form.querySelector("[data-reply-to]");
  field.value = to;
  note.dataset.name = name;
  note.hidden = !to;
  note.querySelector("span").textContent = note.dataset.words.replace("{name}", name);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

export function answered(form) {
  const to = form.querySelector("[data-reply-to]")?.value ?? "";
  return to ? { to, name: form.querySelector("[data-reply-note]").dataset.name } : null;
}
