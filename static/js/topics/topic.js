/* An open topic page fetches the people who know it again when one of them changed. */

import { fragment } from "couth/kernel/http.js";

const CHANGES = new Set(["skill.claimed", "skill.dropped", "skill.endorsed", "skill.endorsement-withdrawn"]);

export function connect(page) {
  let waiting = 0;
  async function refresh() {
    const list = document.querySelector("#knowers");
    if (!list || list.contains(document.activeElement)) return;
    const html = await fragment(`/topics/${encodeURIComponent(page.dataset.slug)}`).catch(() => "");
    if (!html) return;
    list.innerHTML = html;
    // The link to the rest stands beside the list already.
    list.querySelector("p:has(> [rel=next])")?.remove();
  }
  function happened({ detail: { type, data } }) {
    if (!CHANGES.has(type) || data.slug !== page.dataset.slug) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 150);
  }
  document.addEventListener("couth:event", happened);
  return () => {
    clearTimeout(waiting);
    document.removeEventListener("couth:event", happened);
  };
}
