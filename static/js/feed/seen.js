/* Tells the server now and then which is the newest post that was before the reader's eyes. A lost mark is no harm. */

import { post } from "couth/kernel/http.js";

const PAUSE = 1_500;

export function connect(feed) {
  let newest = BigInt(feed.dataset.mark || 0);
  let told = newest;
  let timer = 0;

  function tell() {
    clearTimeout(timer);
    if (newest === told) return;
    told = newest;
    post("/feed/seen", { view: feed.dataset.view, post_id: String(newest) }).catch(() => {});
  }

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const id = isIntersecting ? BigInt(target.dataset.item) : 0n;
        if (id <= newest) continue;
        newest = id;
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
