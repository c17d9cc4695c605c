/* What is new, while the page stays open: a pill above the results, and counts beside saved searches. The server is
   asked when something was written, after a pause, and never more than every few seconds; a hidden page waits. */

import { fragment, json, post } from "couth/kernel/http.js";

const NEWS = new Set(["post.published", "post.deleted", "comment.added", "comment.deleted"]);
const MOST = 99;
const SOON = 250; // so that a burst is one question, and not all pages ask at the same moment
const SPREAD = 500;
const REST = 4_000;

class News {
  constructor(place) {
    this.place = place;
    this.timer = 0;
    this.asked = 0;
    this.turn = 0;
    this.isDue = false;
    this.ended = new AbortController();
  }

  open() {
    const { signal } = this.ended;
    document.addEventListener("couth:event", ({ detail }) => this.happened(detail), { signal });
    document.addEventListener("couth:resync", () => this.soon(), { signal });
    document.addEventListener("visibilitychange", () => this.isDue && this.soon(), { signal });
    this.place.addEventListener("search:shown", () => this.begin(), { signal });
    this.begin();
  }

  close() {
    clearTimeout(this.timer);
    this.ended.abort();
  }

  get pill() {
    return this.place.querySelector("[data-news]");
  }

  /* The page has come: what it shows of a saved search was looked at; the others are counted. */
  begin() {
    const kept = this.pill?.dataset.kept;
    if (kept) post(`/search/saved/${kept}/seen`, { until: this.pill.dataset.since }).catch(() => {});
    if (this.place.querySelector("[data-saved]") && !this.place.dataset.list) this.ask();
  }

  happened({ type }) {
    if (type === "search.saved-changed" && this.place.dataset.list) this.refresh();
    else if (NEWS.has(type) || type === "search.saved-changed") this.soon();
  }

  soon() {
    this.isDue = true;
    if (this.timer || document.hidden) return;
    const rest = Math.max(0, this.asked + REST - Date.now());
    this.timer = setTimeout(() => this.ask(), rest + SOON + Math.random() * SPREAD);
  }

  async ask() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.isDue = false;
    this.asked = Date.now();
    const mine = ++this.turn;
    const { pill } = this;
    const search = pill ? `${pill.dataset.search}&since=${pill.dataset.since}` : "";
    if (!pill && !this.place.querySelector("[data-saved]")) return;
    try {
      const found = await json(`/search/news?${search}`);
      if (mine !== this.turn || pill !== this.pill) return;
      if (pill) announce(pill, found.new);
      for (const badge of this.place.querySelectorAll("[data-saved]")) {
        // What stands before the eyes is announced by the pill.
        show(badge, badge.dataset.saved === pill?.dataset.kept ? found.new : found.saved[badge.dataset.saved] ?? 0);
      }
    } catch {
      this.isDue = true; // the next event or the way back to this page asks again
    }
  }

  /* Another window changed the list. */
  async refresh() {
    if (this.place.contains(document.activeElement)) return;
    const html = await fragment(this.place.dataset.list).catch(() => "");
    if (html && !this.place.contains(document.activeElement)) this.place.innerHTML = html;
  }
}

function announce(pill, count) {
  pill.hidden = !count;
  const words = count === 1 ? pill.dataset.one : pill.dataset.many.replace("{n}", said(count));
  const place = pill.querySelector("[data-count]");
  if (place.textContent !== words) place.textContent = count ? words : "";
}

function show(badge, count) {
  badge.hidden = !count;
  const noun = document.createElement("span");
  noun.className = "sr-only";
  noun.textContent = ` ${badge.dataset.many}`;
  badge.replaceChildren(said(count), noun);
}

function said(count) {
  return count > MOST ? `${MOST}+` : String(count);
}

export function connect(place) {
  const news = new News(place);
  news.open();
  return () => news.close();
}
