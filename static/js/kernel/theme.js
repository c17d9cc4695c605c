/* The switch between light and dark, kept on this device. */

export function connect(button) {
  const root = document.documentElement;
  function turn() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // private mode: it holds for this page
    }
  }
  button.addEventListener("click", turn);
  return () => button.removeEventListener("click", turn);
}
