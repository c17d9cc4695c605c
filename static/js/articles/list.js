/* A list of articles that stays true: what became of an article shows in its line at once; a new one waits behind a
   button, so that nothing moves that is being read. What no longer belongs here leaves its place empty: it may be for
   others to read now. */

import { fragment } from "couth/kernel/http.js";

const PATIENCE = 400; // a burst of events asks once
const ABOUT = /^(article\..*|group\.(changed|gone)|person\.parted)$/; // articles, and who may read them

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
    const isAll = !found.content.querySelector("[rel=next]");
    const last = [...fresh.keys()].at(-1);
    for (const [id, old] of named(lines(place))) {
      const line = fresh.get(id);
      if (!line) {
        if (isAll || BigInt(id) > BigInt(last)) leave(old);
      } else if (line.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) old.replaceWith(line.cloneNode(true));
    }
    const known = named(lines(place));
    pill.hidden = [...fresh.keys()].every((id) => known.has(id)) && !place.querySelector("[data-gone-line]");
  }

  function leave(line) {
    if ("goneLine" in line.dataset) return;
    line.style.blockSize = `${line.offsetHeight}px`;
    line.dataset.goneLine = "";
    const note = document.createElement("p");
    note.className = "note faint";
    note.textContent = place.dataset.gone;
    line.replaceChildren(note);
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(refresh, PATIENCE);
  }

  // Further down there is no place for what is new.
  if (!new URLSearchParams(location.search).has("before")) {
    const { signal } = ended;
    document.addEventListener("couth:event", ({ detail }) => ABOUT.test(detail.type) && later(), { signal });
    document.addEventListener("couth:resync", later, { signal });
    pill.addEventListener("click", () => location.reload(), { signal });
  }
  return () => {
    ended.abort();
    clearTimeout(timer);
  };
}
