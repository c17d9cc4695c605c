/* "Show older" loads by itself when it comes near; the link keeps working without script and after a failure. */

import { fragment } from "couth/kernel/http.js";
import { skeleton } from "couth/kernel/skeleton.js";

export function connect(link) {
  const list = document.querySelector(link.dataset.list ?? "[data-list]");
  if (!list) return undefined;
  let busy = false;
  async function load(event) {
    event?.preventDefault();
    if (busy) return;
    busy = true;
    link.setAttribute("aria-busy", "true");
    const arrived = skeleton((shape) => (link.closest("p") ?? link).before(shape));
    try {
      const template = document.createElement("template");
      template.innerHTML = await fragment(link.href);
      const next = template.content.querySelector("[data-controller~='older']");
      next?.closest("p")?.remove();
      list.append(template.content);
      if (next) link.href = next.href;
      else link.closest("p")?.remove();
    } catch {
      watcher.disconnect();
    } finally {
      busy = false;
      arrived();
      link.removeAttribute("aria-busy");
    }
  }
  const watcher = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && load(), {
    rootMargin: "600px",
  });
  watcher.observe(link);
  link.addEventListener("click", load);
  return () => watcher.disconnect();
}
