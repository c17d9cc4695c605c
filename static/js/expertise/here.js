/* "Who here knows…" beside a conversation: the answer comes while one types, and asking puts a name into the draft. */

import { fragment } from "couth/kernel/http.js";

const PAUSE = 200;

export function connect(place) {
  const form = place.querySelector("form");
  const input = form.querySelector("input");
  const answer = place.querySelector("[data-answer]");
  const ended = new AbortController();
  const on = (target, name, work) => target.addEventListener(name, work, { signal: ended.signal });
  let timer;
  let turn = 0;

  async function ask() {
    clearTimeout(timer);
    const mine = ++turn;
    const words = input.value.trim();
    place.setAttribute("aria-busy", "true");
    const html = await fragment(`${form.getAttribute("action")}?${new URLSearchParams({ q: words })}`).catch(() => "");
    if (mine !== turn) return;
    place.removeAttribute("aria-busy");
    if (html) answer.innerHTML = html;
  }

  function close({ back }) {
    place.open = false;
    if (back) place.querySelector("summary").focus();
  }

  on(place, "toggle", () => place.open && input.focus());
  on(input, "input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  on(form, "submit", (event) => {
    event.preventDefault();
    ask();
  });
  on(place, "click", (event) => {
    const link = event.target.closest("[data-mention]");
    if (!link || event.ctrlKey || event.metaKey || !document.querySelector("#box-0")) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("couth:insert", { detail: `@${link.dataset.mention} ` }));
    close({ back: false });
  });
  on(place, "keydown", (event) => event.key === "Escape" && close({ back: true }));
  on(document, "click", (event) => place.open && !place.contains(event.target) && close({ back: false }));
  return () => {
    clearTimeout(timer);
    ended.abort();
  };
}
