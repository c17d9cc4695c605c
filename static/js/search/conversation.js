/* Searching a conversation: hits while typing, arrow keys through them, and a hit that is on the page is gone to at once. */

import { fragment } from "couth/kernel/http.js";

const PAUSE = 200;

export function connect(panel) {
  const form = panel.querySelector("form");
  const input = form.querySelector("input");
  const place = panel.querySelector("[data-hits]");
  const ended = new AbortController();
  const { signal } = ended;
  let timer = 0;
  let asked = null;

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const address = `${form.getAttribute("action")}?${new URLSearchParams({ q: input.value.trim() })}`;
    const html = await fragment(address, { signal: asked.signal }).catch(() => null);
    if (html === null) return; // overtaken, or no answer: Enter asks with a page of its own
    place.innerHTML = html;
    history.replaceState(null, "", address);
  }

  const hits = () => [...place.querySelectorAll(".said-hit")];

  function move(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = hits();
    const at = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (document.activeElement !== input && at < -1) return;
    event.preventDefault();
    (at < 0 ? input : all[Math.min(at, all.length - 1)])?.focus();
  }

  function choose(event) {
    const hit = event.target.closest(".said-hit");
    const message = hit && document.getElementById(`message-${hit.dataset.messageId}`);
    const isNarrow = getComputedStyle(document.getElementById("room")).display === "none";
    if (!message || isNarrow || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    for (const one of hits()) one.removeAttribute("aria-current");
    hit.setAttribute("aria-current", "true");
    message.scrollIntoView({ block: "center" });
    message.focus({ preventScroll: true });
  }

  input.addEventListener(
    "input",
    () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    },
    { signal },
  );
  panel.addEventListener("keydown", move, { signal });
  place.addEventListener("click", choose, { signal });
  return () => {
    clearTimeout(timer);
    asked?.abort();
    ended.abort();
  };
}
