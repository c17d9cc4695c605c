/* A list of questions that stays true: what became of a question shows in its line at once; new questions wait behind a
   pill, so that nothing moves that is being read. The list itself says which questions belong in it. */

import { fragment } from "couth/kernel/http.js";

const PATIENCE = 400; // a burst of events asks once
const ABOUT = new Set(["answer.accepted", "answer.withdrawn", "comment.added", "comment.deleted", "post.edited"]);

class Arrivals {
  constructor(place) {
    this.place = place;
    this.pill = place.querySelector("[data-new-asks]");
    this.ended = new AbortController();
    this.waiting = [];
  }

  get list() {
    return this.place.querySelector("[data-list]");
  }

  open() {
    const { signal } = this.ended;
    // Further down, or among the best for some words, there is no place for what is new.
    const asked = new URLSearchParams(location.search);
    if (asked.has("before") || asked.has("q")) return;
    document.addEventListener("couth:event", ({ detail }) => this.told(detail), { signal });
    document.addEventListener("couth:resync", () => this.later(), { signal });
    this.pill.addEventListener("click", () => this.bringIn(), { signal });
  }

  close() {
    this.ended.abort();
    clearTimeout(this.timer);
  }

  told({ type, data }) {
    const isNew = type === "post.published" && data.kind === "question";
    if (isNew || (ABOUT.has(type) && this.line(data.post_id ?? data.id))) this.later();
    else if (type === "post.deleted") this.line(data.id)?.remove();
  }

  line(id) {
    return this.place.querySelector(`[data-list] > [data-item="${CSS.escape(String(id))}"]`);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PATIENCE);
  }

  async refresh() {
    const found = document.createElement("template");
    found.innerHTML = await fragment(location.href).catch(() => "");
    const lines = [...found.content.querySelectorAll("li[data-item]")];
    const newest = this.list?.firstElementChild?.dataset.item;
    for (const fresh of lines) {
      const old = this.line(fresh.dataset.item);
      if (old && !old.contains(document.activeElement)) old.replaceWith(fresh.cloneNode(true));
    }
    this.waiting = lines.filter(({ dataset }) => !this.line(dataset.item) && (!newest || BigInt(dataset.item) > BigInt(newest)));
    this.show();
  }

  show() {
    const { length } = this.waiting;
    this.pill.hidden = length === 0;
    const { one, many } = this.pill.dataset;
    if (length) this.pill.querySelector("[data-count]").textContent = length === 1 ? one : many.replace("{n}", String(length));
  }

  bringIn() {
    if (!this.list) return void location.reload();
    const first = this.waiting[0];
    this.list.prepend(...this.waiting);
    this.waiting = [];
    this.show();
    scrollTo({ top: 0 });
    first.querySelector(".asks-title").focus({ preventScroll: true });
  }
}

export function connect(place) {
  const arrivals = new Arrivals(place);
  arrivals.open();
  return () => arrivals.close();
}
