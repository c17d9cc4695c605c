/* A whole form, under its data-draft. Hidden fields with data-begun say what was there when somebody began: whoever goes
   on with a draft still changes that, and hears of what came between. */

import { fill, hear, keep, kept, parsed, typed } from "couth/kernel/drafts.js";

export function connect(form) {
  const key = `${document.body.dataset.viewer}:${form.dataset.draft}`;
  const note = form.querySelector("[data-draft-note]");
  const marks = [...form.querySelectorAll("[data-begun]")];
  const ended = new AbortController();
  const begun = words();
  const isBegun = () => JSON.stringify(words().typed) === JSON.stringify(begun.typed);

  function words() {
    return { typed: typed(form.elements), begun: marks.map((mark) => mark.value) };
  }

  function save() {
    keep(key, isBegun() ? "" : JSON.stringify(words()));
    note.hidden = true;
  }

  function show(draft) {
    const found = draft ? parsed(draft) : begun;
    marks.forEach((mark, place) => (mark.value = found.begun?.[place] ?? mark.value));
    fill(form.elements, found.typed ?? {});
    note.hidden = isBegun();
    if (!note.hidden) form.closest("details")?.setAttribute("open", "");
    if (draft && note.hidden) afresh(); // it was taken, by another way
  }

  function afresh() {
    keep(key, "");
    show("");
  }

  if ("typed" in form.dataset) keep(key, JSON.stringify(words())); // what was refused came back with all of it
  else show(kept(key));
  hear(key, show, ended.signal);
  form.addEventListener("input", save, { signal: ended.signal });
  form.addEventListener("change", save, { signal: ended.signal });
  form.addEventListener("couth:cleared", () => keep(key, ""), { signal: ended.signal });
  note.querySelector("[data-afresh]").addEventListener("click", () => {
    afresh();
    form.querySelector("textarea, input:not([type='hidden'])").focus();
  }, { signal: ended.signal });
  return () => ended.abort();
}
