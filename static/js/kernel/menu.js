/* A <details> menu closes on Escape, on a click elsewhere and after a choice. */

export function connect(menu) {
  const close = (event) => {
    if (!menu.open || (event.type === "click" && menu.contains(event.target))) return;
    if (event.type === "keydown" && event.key !== "Escape") return;
    menu.open = false;
    if (event.type === "keydown") menu.querySelector("summary")?.focus();
  };
  document.addEventListener("click", close);
  document.addEventListener("keydown", close);
  return () => {
    document.removeEventListener("click", close);
    document.removeEventListener("keydown", close);
  };
}
