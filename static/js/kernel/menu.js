/* A <details> menu closes on Escape, when the focus or a click goes elsewhere, and after a choice. */

export function connect(menu) {
  const close = (event) => {
    if (!menu.open || (event.type === "click" && menu.contains(event.target))) return;
    if (event.type === "keydown" && event.key !== "Escape") return;
    menu.open = false;
    if (event.type === "keydown") menu.querySelector("summary")?.focus();
  };
  /* Above its button where there is more room than below: of the window, or of the scrolled part that it stands in. */
  const opened = () => {
    menu.toggleAttribute("data-up", false);
    if (!menu.open) return;
    const around = menu.closest('[role="log"]')?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
    const { top, bottom } = menu.getBoundingClientRect();
    const isShort = menu.querySelector("ul").getBoundingClientRect().bottom > around.bottom;
    menu.toggleAttribute("data-up", isShort && top - around.top > around.bottom - bottom);
  };
  const chosen = (event) => event.target.closest("li a, li button") && setTimeout(() => (menu.open = false));
  const left = (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && (menu.open = false);
  menu.addEventListener("toggle", opened);
  menu.addEventListener("click", chosen);
  menu.addEventListener("focusout", left);
  document.addEventListener("click", close);
  document.addEventListener("keydown", close);
  return () => {
    menu.removeEventListener("toggle", opened);
    menu.removeEventListener("click", chosen);
    menu.removeEventListener("focusout", left);
    document.removeEventListener("click", close);
    document.removeEventListener("keydown", close);
  };
}
