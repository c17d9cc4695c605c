/* A row of places that is too long for a phone begins with where one is, not with its first place. */

export function connect(page) {
  for (const strip of page.querySelectorAll(".tabs, .section-nav > ul")) {
    const current = strip.querySelector("[aria-current]");
    if (!current || strip.scrollWidth <= strip.clientWidth) continue;
    const { left, width } = current.getBoundingClientRect();
    const room = strip.getBoundingClientRect();
    strip.scrollLeft += left + width / 2 - (room.left + room.width / 2);
  }
  return undefined;
}
