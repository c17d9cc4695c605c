/* What is typed is kept on this device until it was taken: a reload, a closed tab or an ended session loses nothing.
   Every tab with the same form shows the same words, so that none writes over another's. */

const PREFIX = "draft:";
const MARKS = new Set(["checkbox", "radio"]);
const NOT_TYPED = new Set(["hidden", "submit", "button", "file", "password"]);
const isTyped = (field) => field.name && !NOT_TYPED.has(field.type) && !field.closest("[data-suggested]");

export function keep(key, value) {
  try {
    if (value) localStorage.setItem(PREFIX + key, value);
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // storage is full or forbidden: the field itself still holds the words
  }
}

export function kept(key) {
  try {
    return localStorage.getItem(PREFIX + key) ?? "";
  } catch {
    return "";
  }
}

/** Hear what another tab keeps under the key, "" once it keeps nothing; also after this one was put to sleep. */
export function hear(key, work, signal) {
  addEventListener("storage", (event) => event.key === PREFIX + key && work(event.newValue ?? ""), { signal });
  addEventListener("pageshow", (event) => event.persisted && work(kept(key)), { signal });
}

/** What the fields hold of which people type or choose, by name. */
export function typed(fields) {
  const found = {};
  for (const field of fields) {
    if (!isTyped(field)) continue;
    if (field.type === "radio") Object.assign(found, field.checked && { [field.name]: field.value });
    else found[field.name] = MARKS.has(field.type) ? field.checked : field.value;
  }
  return found;
}

/** Put it back; whoever draws something from a field hears that it changed. */
export function fill(fields, words) {
  for (const field of fields) {
    const value = words[field.name];
    if (value === undefined || !isTyped(field)) continue;
    if (field.type === "radio" && field.value !== value) continue;
    if (MARKS.has(field.type)) field.checked = field.type === "radio" || value;
    else if (field.value !== value) field.value = value;
    else continue;
    field.dispatchEvent(new CustomEvent("couth:filled", { bubbles: true }));
  }
}

export function parsed(draft) {
  try {
    return JSON.parse(draft || "{}");
  } catch {
    return {};
  }
}

/* A whole form, under its data-draft. Hidden fields with data-begun say what was there when somebody began: whoever goes
   on with a draft still changes that, and hears of what came between. */
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
