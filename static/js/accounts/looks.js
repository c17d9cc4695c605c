/* Light, dark, or as the system: the choice is kept on this device and shown at once. */

export function connect(fieldset) {
  const root = document.documentElement;
  const chosen = root.dataset.theme ?? "system";
  for (const choice of fieldset.querySelectorAll("input")) choice.checked = choice.value === chosen;
  fieldset.disabled = false;
  function choose(event) {
    const theme = event.target.value;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    try {
      if (theme === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // private mode: it holds for this page
    }
  }
  fieldset.addEventListener("change", choose);
  return () => fieldset.removeEventListener("change", choose);
}
