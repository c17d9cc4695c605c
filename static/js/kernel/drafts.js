/* What is typed is kept on this device under the field's data-draft until it is sent: a reload loses nothing. */

const PREFIX = "draft:";

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

export function connect(field) {
  const key = field.dataset.draft;
  if (!field.value) field.value = kept(key);
  const save = () => keep(key, field.value);
  field.addEventListener("input", save);
  return () => field.removeEventListener("input", save);
}
