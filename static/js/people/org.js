/* Arrow keys walk the org chart, left and right as they stand on the page; Enter opens the profile. */

const SIDES = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "previous", ArrowRight: "next" };
const TURNED = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };

export function connect(chart) {
  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = getComputedStyle(chart).direction === "rtl" ? (TURNED[event.key] ?? event.key) : event.key;
    const open = event.key === "Enter" && !event.target.closest("a, button");
    const link = open ? chart.querySelector(".walk-card h2 a") : chart.querySelector(`[data-side="${SIDES[key]}"]`);
    if (!link) return;
    event.preventDefault();
    location.assign(link.href);
  }
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
