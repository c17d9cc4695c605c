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
