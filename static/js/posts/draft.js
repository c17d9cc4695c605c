/* The server's copy of what stands in a composer, so that another device can go on. Two devices never write over each
   other: what was kept elsewhere meanwhile is shown, to be taken or left, and whichever is left can be had back. */

import { json, post } from "couth/kernel/http.js";

export class Draft {
  constructor(form, { read, write }) {
    this.place = form.dataset.place;
    this.read = read;
    this.write = write;
    this.note = form.querySelector("[data-forked]");
    this.seen = form.querySelector("textarea").dataset.draftedAt ?? "";
    this.note?.addEventListener("click", (event) => this.chosen(event));
  }

  /* What the server has of it is what stands here now. */
  begin() {
    this.kept = this.text();
  }

  text() {
    const { title, text } = this.read();
    return `${title}\n${text}`;
  }

  async save() {
    const now = this.text();
    try {
      const answer = await post("/compose/draft", { place: this.place, seen: this.seen, ...this.read() });
      this.seen = (await answer.json()).version;
      this.kept = now;
      if (this.note) this.note.hidden = true;
    } catch (error) {
      if (error.status === 409) await this.forked();
      // otherwise the copy on this device is enough until the line is back
    }
  }

  /* Back at this device: go on with what was written elsewhere, if nothing was begun here. */
  async look() {
    if (this.text() !== this.kept) return;
    const other = await json(`/compose/draft?place=${encodeURIComponent(this.place)}`);
    if (other.version === this.seen || this.text() !== this.kept) return;
    this.take(other);
  }

  take(other) {
    this.seen = other.version ?? this.seen;
    this.write(other);
    this.begin();
  }

  async forked() {
    const other = await json(`/compose/draft?place=${encodeURIComponent(this.place)}`);
    const { title, text } = this.read();
    if (!this.note || (!title && !text)) return void (this.seen = other.version);
    this.other = other;
    this.note.hidden = false;
    this.note.querySelector("[data-words]").textContent = [other.title, other.text].filter(Boolean).join(" ").slice(0, 160);
  }

  chosen(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const mine = { ...this.read() };
    this.seen = this.other.version;
    if (button.matches("[data-take]")) {
      this.write(this.other);
      this.begin();
      this.other = { ...mine, version: this.seen };
      this.note.querySelector("[data-words]").textContent = [mine.title, mine.text].filter(Boolean).join(" ").slice(0, 160);
      return;
    }
    this.note.hidden = true;
    this.save();
  }
}
