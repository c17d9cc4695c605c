/* The page of an article: who keeps it, how fresh it is and what was done to it follow by themselves; its words change
   only when the reader says so, since somebody may be in the middle of a step. */

import { fragment } from "couth/kernel/http.js";

export function connect(page) {
  const { article: id, newer, gone } = page.dataset;
  const ended = new AbortController();

  const part = (place, name) => place.querySelector(`[data-part="${name}"]`);
  const isBusy = (place) => place.contains(document.activeElement) || place.querySelector("details[open]");

  function offer(fresh) {
    const body = part(page, "body");
    const pill = page.querySelector("[data-newer]") ?? document.createElement("button");
    pill.type = "button";
    pill.className = "new-posts";
    pill.dataset.newer = "";
    pill.textContent = newer;
    pill.onclick = () => {
      body.replaceWith(fresh);
      pill.remove();
      fresh.tabIndex = -1;
      fresh.focus({ preventScroll: true });
    };
    body.before(pill);
  }

  async function refresh() {
    const found = document.createElement("template");
    try {
      found.innerHTML = await fragment(location.pathname);
    } catch (problem) {
      if (problem.status === 404) part(page, "body")?.replaceChildren(gone);
      return;
    }
    for (const old of page.querySelectorAll("[data-part]")) {
      const fresh = part(found.content, old.dataset.part);
      if (!fresh) continue;
      if (old.dataset.part !== "body") {
        if (!isBusy(old)) old.replaceWith(fresh);
      } else if (fresh.dataset.version !== old.dataset.version) offer(fresh);
    }
  }

  function told({ detail: { type, data } }) {
    if (type.startsWith("article.") && data.id === id) refresh();
  }

  document.addEventListener("couth:event", told, { signal: ended.signal });
  document.addEventListener("couth:resync", refresh, { signal: ended.signal });
  return () => ended.abort();
}
