/* A composer's draft: on this device with every key, where every tab with the same composer shows it, and on the server
   when the hands rest, so that another device can go on. Two devices never write over each other: what was kept elsewhere
   meanwhile is shown, to be taken or left, and whichever is left can be had back. */

import { fill, hear, keep, kept, parsed, typed } from "couth/kernel/drafts.js";
import { json, post } from "couth/kernel/http.js";
import { answer, answered } from "couth/posts/answering.js";

const SAVE_AFTER = 2_000;
const SHOWN = 160;

export class Draft {
  /* `changed` is called when other words came into the form, `emptied` when another tab sent or discarded them. */
  constructor(form, { changed, emptied }) {
    Object.assign(this, { form, changed, emptied });
    this.text = form.querySelector("textarea");
    this.title = form.querySelector("[name='title']");
    this.note = form.querySelector("[data-forked]");
    this.place = form.dataset.place;
    this.key = `${document.body.dataset.viewer}:${this.place}`;
    this.seen = this.text.dataset.draftedAt ?? ""; // the server's version that the words here go on from
    this.kept = this.said();
  }

  open(signal) {
    this.restore();
    hear(this.key, (found) => this.follow(parsed(found)), signal);
    this.note.addEventListener("click", (event) => this.chosen(event), { signal });
    this.form.addEventListener("change", () => this.keep(), { signal });
    addEventListener("focus", () => this.look().catch(() => {}), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  words() {
    return { title: this.title?.value ?? "", text: this.text.value };
  }

  get isBegun() {
    return Object.values(this.words()).some((one) => one.trim());
  }

  said() {
    return Object.values(this.words()).join("\n");
  }

  restore() {
    const draft = parsed(kept(this.key));
    const { title, text } = this.words();
    const isSame = (draft.title ?? "") === title && draft.text === text;
    if (draft.text === undefined) return;
    if (isSame || (!title && !text)) this.show(draft);
    else if (!("draftedAt" in this.text.dataset)) this.offer(draft); // this page came with words of its own
    else if (!draft.isSaved) this.show(draft);
    if (this.said() !== this.kept) this.later();
  }

  /* Its words, and what was chosen beside them unless the address chose already. */
  show({ title = "", text = "", beside = {}, answering, seen }) {
    const asked = new URLSearchParams(location.search);
    const { kind, ...rest } = beside;
    fill(this.form.elements, asked.has("kind") || asked.has("compose") ? rest : { ...rest, kind });
    if (this.title) fill(this.form.elements, title ? { title, kind: "question" } : { title });
    this.text.value = text;
    if (answering) answer(this.form, answering.to, answering.name);
    this.seen = seen ?? this.seen;
    this.changed();
  }

  /* Another tab went on with it, or has sent it. */
  follow(draft) {
    clearTimeout(this.timer);
    if (draft.text === undefined) this.emptied();
    else {
      answer(this.form);
      this.show(draft);
    }
    this.kept = this.said();
  }

  typed() {
    this.keep();
    this.later();
  }

  keep() {
    const { title, text } = this.words();
    const { title: _title, text: _text, ...beside } = typed(this.form.elements);
    const draft = { title, text, beside, answering: answered(this.form), seen: this.seen, isSaved: this.said() === this.kept };
    keep(this.key, (text || title) && JSON.stringify(draft));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  async save() {
    clearTimeout(this.timer);
    const now = this.said();
    try {
      const found = await post("/compose/draft", { place: this.place, seen: this.seen, ...this.words() });
      this.seen = (await found.json()).version;
      this.kept = now;
      this.note.hidden = true;
      this.keep();
    } catch (error) {
      if (error.status === 409) await this.forked();
      // otherwise the copy on this device is enough until the line is back
    }
  }

  /* It was sent or discarded. */
  forget() {
    keep(this.key, "");
    return this.save();
  }

  /* Back at this device: go on with what was written elsewhere, if nothing was begun here. */
  async look() {
    if (this.said() !== this.kept) return;
    const other = await this.elsewhere();
    if (other.version !== this.seen && this.said() === this.kept) this.take(other);
  }

  elsewhere() {
    return json(`/compose/draft?place=${encodeURIComponent(this.place)}`);
  }

  take(other) {
    this.seen = other.version ?? this.seen;
    this.show(other);
    this.kept = this.said();
    this.keep();
  }

  async forked() {
    const other = await this.elsewhere();
    if (this.isBegun) this.offer(other);
    else this.seen = other.version;
  }

  offer(other) {
    this.other = other;
    this.note.hidden = false;
    this.note.querySelector("[data-words]").textContent = [other.title, other.text].filter(Boolean).join(" ").slice(0, SHOWN);
  }

  chosen({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const mine = this.words();
    if (button.matches("[data-take]")) {
      this.take(this.other);
      this.offer({ ...mine, version: this.seen });
    } else {
      this.seen = this.other.version ?? this.seen;
      this.note.hidden = true;
      this.save();
    }
  }
}
