/* A list of articles that stays true: what became of an article shows in its line at once; a new one, or one that no
   longer belongs here, waits behind a button, so that nothing moves that is being read. */

import { fragment } from "couth/kernel/http.js";

const PATIENCE = 400; // a burst of events asks once

export function connect(place) {
  const pill = place.querySelector("[data-newer]");
  const ended = new AbortController();
  let timer;

  const lines = (inside) => [...inside.querySelectorAll("li[data-item]")];
  const named = (items) => new Map(items.map((item) => [item.dataset.item, item]));

  async function refresh() {
    const found = document.createElement("template");
    try {
      found.innerHTML = await fragment(location.href);
    } catch {
      return; // the next event, or coming back on line, asks again
    }
    const fresh = named(lines(found.content));
    const first = lines(place).slice(0, fresh.size || undefined);
    for (const [id, old] of named(first)) {
      const line = fresh.get(id);
      if (line && line.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) old.replaceWith(line.cloneNode(true));
    }
    const known = named(lines(place));
    pill.hidden = [...fresh.keys()].every((id) => known.has(id)) && first.every(({ dataset }) => fresh.has(dataset.item));
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(refresh, PATIENCE);
  }

  // Further down there is no place for what is new.
  if (!new URLSearchParams(location.search).has("before")) {
    const { signal } = ended;
    document.addEventListener("couth:event", ({ detail }) => detail.type.startsWith("article.") && later(), { signal });
    document.addEventListener("couth:resync", later, { signal });
    pill.addEventListener("click", () => location.reload(), { signal });
  }
  return () => {
    ended.abort();
    clearTimeout(timer);
  };
}
