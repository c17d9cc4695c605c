/* The list of what is to go out stays true while it is open. */

import { fragment } from "couth/kernel/http.js";

export function connect(place) {
  async function changed({ detail }) {
    if (detail.type !== "schedule.changed" || place.contains(document.activeElement)) return;
    place.innerHTML = await fragment(place.dataset.source);
  }
  document.addEventListener("couth:event", changed);
  return () => document.removeEventListener("couth:event", changed);
}
