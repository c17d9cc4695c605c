/* Tells the server now and then which posts were before the reader's eyes, and which of them is the newest. A lost mark
   is no harm. */

import { post } from "couth/kernel/http.js";

const PAUSE = 1_500;
const MOST = 100;

export function connect(feed) {
  let newest = BigInt(feed.dataset.mark || 0);
  let timer = 0;
  const noted = new Set();
  const untold = new Set();

  function tell() {
    clearTimeout(timer);
    if (!untold.size) return;
    const fields = new FormData();
    fields.set("view", feed.dataset.view);
    fields.set("post_id", String(newest));
    for (const id of [...untold].slice(0, MOST)) {
      fields.append("id", id);
      untold.delete(id);
    }
    post("/feed/seen", fields).catch(() => {});
  }

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const id = target.dataset.item;
        if (!isIntersecting || noted.has(id)) continue;
        noted.add(id);
        untold.add(id);
        if (BigInt(id) > newest) newest = BigInt(id);
        clearTimeout(timer);
        timer = setTimeout(tell, PAUSE);
      }
    },
    { threshold: 0.4 },
  );
  const watch = () => feed.querySelectorAll(":scope > [data-item]").forEach((article) => watcher.observe(article));
  const changes = new MutationObserver(watch);
  changes.observe(feed, { childList: true });
  watch();
  addEventListener("pagehide", tell);
  return () => {
    removeEventListener("pagehide", tell);
    watcher.disconnect();
    changes.disconnect();
    tell();
  };
}
