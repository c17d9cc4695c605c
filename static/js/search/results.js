/* The search page: filters answer at once, more results come below, keys walk. Without script each is a page. */

import { Idiomorph } from "idiomorph";
import { fragment } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";
import { remember } from "couth/search/recent.js";

class Results {
  constructor(place) {
    this.place = place;
    this.turn = 0;
    this.ended = new AbortController();
  }

  open() {
    const { signal } = this.ended;
    this.place.addEventListener("change", (event) => this.narrowed(event), { signal });
    this.place.addEventListener("click", (event) => this.clicked(event), { signal });
    document.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.settle();
    if (this.hits().length) remember(document.querySelector('[role="search"] input').value);
  }

  close() {
    this.ended.abort();
  }

  /* What only a page without script needs. */
  settle() {
    for (const button of this.place.querySelectorAll("[data-quiet]")) button.hidden = true;
  }

  narrowed({ target }) {
    const form = target.form;
    if (form?.matches("[data-narrow]")) this.show(address(form));
  }

  async show(where) {
    const mine = ++this.turn;
    this.place.setAttribute("aria-busy", "true");
    try {
      const html = await fragment(where);
      if (mine !== this.turn) return;
      Idiomorph.morph(this.place, html, { morphStyle: "innerHTML", ignoreActiveValue: true });
      this.settle();
      history.replaceState(history.state, "", where);
      this.place.dispatchEvent(new CustomEvent("search:shown", { bubbles: true }));
    } catch {
      if (mine === this.turn) location.assign(where);
    } finally {
      if (mine === this.turn) this.place.removeAttribute("aria-busy");
    }
  }

  clicked(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const opener = event.target.closest("[data-opens]");
    const closer = event.target.closest("[data-closes]");
    const next = event.target.closest("[data-next] a[rel=next]");
    if (opener) open(document.getElementById(opener.dataset.opens));
    else if (closer) closer.closest("dialog").close();
    else if (event.target.matches("dialog")) event.target.close();
    else if (next) this.more(next);
    else return;
    event.preventDefault();
  }

  /* The next page goes below; a hit that is shown already (somebody wrote or deleted meanwhile) is not shown twice. */
  async more(link) {
    if (link.getAttribute("aria-busy") === "true") return;
    const mine = this.turn;
    link.setAttribute("aria-busy", "true");
    try {
      const found = document.createElement("template");
      found.innerHTML = await fragment(link.href);
      if (mine !== this.turn) return;
      const known = new Set(this.hits().map((hit) => hit.dataset.hit));
      const fresh = [...found.content.querySelectorAll(".hit")].filter((hit) => !known.has(hit.dataset.hit));
      this.place.querySelector("[data-hits]").append(...fresh);
      this.place.querySelector("[data-next]").replaceWith(found.content.querySelector("[data-next]"));
      fresh[0]?.querySelector(".hit-title a")?.focus();
    } catch {
      toast(this.place.dataset.failed);
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  hits() {
    return [...this.place.querySelectorAll(".hit")];
  }

  pressed(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (document.querySelector("dialog:modal")) return;
    const inBox = event.target.matches?.('[role="search"] input');
    const here = event.target.closest?.(".hit");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && (here || (inBox && step > 0))) this.walk(here, step);
    else if (here === event.target && event.key === "Enter") here.querySelector(".hit-title a").click();
    else if (/^[1-9]$/.test(event.key) && !inField(event.target) && !keysAreOff()) this.tab(Number(event.key));
    else return;
    event.preventDefault();
  }

  walk(here, step) {
    const hits = this.hits();
    const at = here ? hits.indexOf(here) + step : 0;
    if (at < 0) return document.querySelector('[role="search"] input')?.focus();
    const next = hits[at];
    if (!next) return this.place.querySelector("[data-next] a[rel=next]")?.focus();
    next.tabIndex = -1;
    next.focus();
    return next.scrollIntoView({ block: "nearest" });
  }

  tab(number) {
    this.place.querySelectorAll(".tabs > a")[number - 1]?.click();
  }
}

function address(form) {
  const chosen = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) chosen.append(name, value);
  return `${form.getAttribute("action")}?${chosen}`;
}

function open(sheet) {
  sheet.close();
  sheet.showModal();
}

function inField(target) {
  return target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable]"));
}

function keysAreOff() {
  try {
    return localStorage.getItem("single-keys") === "off";
  } catch {
    return false;
  }
}

export function connect(place) {
  const results = new Results(place);
  results.open();
  return () => results.close();
}

