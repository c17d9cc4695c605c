/* Says, wherever the reader is, that somebody mentioned them. */

import { toast } from "couth/kernel/toast.js";

export function connect(place) {
  function arrived({ detail }) {
    if (detail.type !== "person.mentioned" || !detail.data?.author) return;
    const words = place.dataset.words.replace("{name}", detail.data.author.name);
    toast(words, { label: place.dataset.open, undo: () => location.assign(detail.data.url) });
  }
  document.addEventListener("couth:event", arrived);
  return () => document.removeEventListener("couth:event", arrived);
}
