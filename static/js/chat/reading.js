/* Reading: how far the reader has seen an open conversation, and how far the others have, where both show it. */

import { post } from "couth/kernel/http.js";
import { call } from "couth/kernel/live.js";

const me = document.body.dataset;
const READ_AFTER = 400;

export class Reading {
  constructor(room, log, stretch) {
    Object.assign(this, { room, log, stretch, id: room.dataset.conversation });
    this.read = Number(room.dataset.read ?? 0);
  }

  end() {
    clearTimeout(this.timer);
  }

  seeSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.see(), READ_AFTER);
  }

  see() {
    if (!this.room.hasAttribute("data-member") || document.visibilityState !== "visible" || !document.hasFocus()) return;
    const end = this.log.getBoundingClientRect().bottom;
    let last = null;
    for (const item of this.stretch.querySelectorAll(":scope > [data-message]:not([data-pending])")) {
      if (item.getBoundingClientRect().top > end - 24) break;
      last = item;
    }
    if (!last || Number(last.dataset.position) <= this.read) return;
    this.read = Number(last.dataset.position);
    const message_id = last.dataset.message;
    call("chat:read", { message_id })
      .catch(() => post(`/chat/${this.id}/read`, { message: message_id }))
      .catch(() => (this.read = 0));
  }

  receipt({ conversation, person_id, position }) {
    if (conversation !== this.id || person_id === me.viewer) return;
    const seen = this.room.querySelector("[data-seen]");
    const readers = seen.dataset.readers.trim().split(" ").filter(Boolean).map((one) => one.split(":"));
    for (const one of readers) if (one[0] === person_id) one[1] = String(position);
    seen.dataset.readers = readers.map((one) => one.join(":")).join(" ");
    this.showReaders();
  }

  showReaders() {
    const seen = this.room.querySelector("[data-seen]");
    const last = [...this.stretch.querySelectorAll("[data-message]:not([data-pending])")].pop();
    const names = seen.dataset.readers
      .trim()
      .split(" ")
      .map((one) => one.split(":"))
      .filter(([, position]) => last && Number(position) >= Number(last.dataset.position))
      .map(([, , name]) => decodeURIComponent(name.replaceAll("+", " ")));
    seen.hidden = !names.length || last?.dataset.author !== me.viewer || Boolean(this.stretch.dataset.newer);
    seen.textContent = seen.dataset.words.replace("{names}", names.join(", "));
  }
}
