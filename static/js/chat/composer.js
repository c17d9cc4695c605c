/* The box: drafts across devices, completion, files, and sending without waiting. Enter sends; Shift-Enter is a new line. */

import { Attached } from "couth/kernel/attached.js";
import { keep, kept } from "couth/kernel/drafts.js";
import { newKey, post } from "couth/kernel/http.js";
import { call } from "couth/kernel/live.js";
import { Naming } from "couth/kernel/naming.js";
import { words } from "couth/kernel/words.js";
import { send } from "couth/chat/outbox.js";

const SAVE_AFTER = 1_500;
const TYPING_EVERY = 3_000;
const COUNT_FROM = 200;

function parsed(draft) {
  try {
    return JSON.parse(draft || "{}");
  } catch {
    return {};
  }
}

class Composer {
  constructor(form) {
    this.form = form;
    this.text = form.querySelector("textarea");
    this.note = form.querySelector("[data-note]");
    this.longest = Number(form.dataset.longest);
    const { conversation, root } = form.dataset;
    this.draft = `${document.body.dataset.viewer}:chat:${conversation}:${root}`;
    this.naming = new Naming(form, this.text);
    this.attached = new Attached(form, (said) => this.say(said, "risk"));
    this.ended = new AbortController();
    this.typedAt = 0;
  }

  open() {
    const { signal } = this.ended;
    this.restore();
    this.text.addEventListener("input", () => this.typed(), { signal });
    this.text.addEventListener("keydown", (event) => this.key(event), { signal });
    this.text.addEventListener("paste", (event) => this.take(event, event.clipboardData), { signal });
    this.form.addEventListener("submit", (event) => this.submit(event), { signal });
    this.form.addEventListener("click", (event) => this.tool(event), { signal });
    const room = this.form.closest("section");
    room.addEventListener("dragover", (event) => this.over(event), { signal });
    room.addEventListener("dragleave", () => delete this.form.dataset.state, { signal });
    room.addEventListener("drop", (event) => this.take(event, event.dataTransfer), { signal });
    document.addEventListener("couth:insert", (event) => this.insert(event.detail), { signal });
    if (
      !matchMedia("(pointer: coarse)").matches &&
      (this.form.dataset.root || !location.hash) &&
      !document.querySelector(".chat [autofocus]")
    ) {
      this.text.focus({ preventScroll: true });
    }
  }

  close() {
    this.ended.abort();
    clearTimeout(this.timer);
  }

  restore() {
    const { text, at } = parsed(kept(this.draft));
    const isNewer = at > Date.parse(this.text.dataset.draftedAt ?? "");
    if (text && (!this.text.value || isNewer)) this.text.value = text;
    this.text.setSelectionRange(this.text.value.length, this.text.value.length);
    this.measure();
  }

  typed() {
    keep(this.draft, this.text.value && JSON.stringify({ text: this.text.value, at: Date.now() }));
    this.measure();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
    if (!this.text.value.trim() || Date.now() - this.typedAt < TYPING_EVERY) return;
    this.typedAt = Date.now();
    const { conversation, root } = this.form.dataset;
    call("chat:typing", { conversation, root: root || null }).catch(() => {});
  }

  save() {
    const { conversation, root } = this.form.dataset;
    // A failure is no loss: the copy on this device is enough until the line is back.
    post(`/chat/${conversation}/draft`, { root: root || "0", text: this.text.value }).catch(() => {});
  }

  measure() {
    const left = this.longest - [...this.text.value.trim()].length;
    this.text.setAttribute("aria-invalid", String(left < 0));
    if (left < 0) this.say(words().over.replace("{n}", String(-left)), "risk");
    else this.say(left <= COUNT_FROM ? words().left.replace("{n}", String(left)) : "");
    return left >= 0;
  }

  say(said, tone = "") {
    this.note.hidden = !said;
    this.note.textContent = said;
    this.note.dataset.tone = tone;
    this.note.setAttribute("role", tone ? "alert" : "status");
  }

  insert(words_) {
    if (this.form.dataset.root) return;
    const gap = /\S$/.test(this.text.value) ? " " : "";
    this.text.setRangeText(gap + words_, this.text.value.length, this.text.value.length, "end");
    this.text.focus();
    this.typed();
  }

  key(event) {
    if (event.isComposing || this.naming.key(event)) return;
    const sends = event.key === "Enter" && !event.shiftKey && !event.altKey;
    const isTouch = matchMedia("(pointer: coarse)").matches && !event.ctrlKey && !event.metaKey;
    if (sends && !isTouch && !this.inCode()) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "ArrowUp" && !this.text.value) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("couth:edit-last"));
    }
  }

  /* Inside an open code fence Enter is a new line; Ctrl-Enter still sends. */
  inCode() {
    return (this.text.value.slice(0, this.text.selectionStart).match(/^```/gm) ?? []).length % 2 === 1;
  }

  tool(event) {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (tool === "file") this.attached.choose();
    else if (tool === "code") this.code();
    else if (tool === "@") this.naming.begin("@");
  }

  code() {
    const { selectionStart: from, selectionEnd: to, value } = this.text;
    const chosen = value.slice(from, to);
    const many = chosen.includes("\n") || !chosen;
    const gap = from && value[from - 1] !== "\n" ? "\n" : "";
    this.text.setRangeText(many ? `${gap}\`\`\`\n${chosen}\n\`\`\`` : `\`${chosen}\``, from, to, "end");
    if (!chosen) this.text.setSelectionRange(from + gap.length + 4, from + gap.length + 4);
    this.text.focus();
    this.typed();
  }

  over(event) {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    this.form.dataset.state = "dropping";
  }

  take(event, from) {
    delete this.form.dataset.state;
    const files = [...(from?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attached.add(files);
  }

  async submit(event) {
    if (event.submitter?.matches(".as-question")) return void this.asks(event);
    event.preventDefault();
    if (!this.measure()) return;
    if (this.attached.isBusy) {
      this.say(words().wait);
      await this.attached.settled();
    }
    const text = this.text.value.trim();
    const files = this.attached.ids;
    if (!text && !files.length) return void this.text.focus();
    const { conversation, root } = this.form.dataset;
    const shown = this.form.querySelector('[name="shown"]')?.checked ?? false;
    const entry = { nonce: newKey(), conversation, root, shown, text, files };
    document.dispatchEvent(new CustomEvent("couth:chat-outbox", { detail: { nonce: entry.nonce, state: "new", entry } }));
    send(entry);
    this.clear();
  }

  /* The form itself goes to the form of a question, with what is attached once all of it is there. */
  async asks(event) {
    clearTimeout(this.timer);
    for (const old of this.form.querySelectorAll('input[type="hidden"][name="files"]')) old.remove();
    if (this.attached.isBusy) {
      event.preventDefault();
      this.say(words().wait);
      await this.attached.settled();
      return void this.form.requestSubmit(event.submitter);
    }
    for (const id of this.attached.ids) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "files", value: id });
      this.form.append(field);
    }
  }

  clear() {
    clearTimeout(this.timer);
    this.text.value = "";
    keep(this.draft, "");
    this.attached.clear();
    this.naming.hide();
    this.typedAt = 0;
    const shown = this.form.querySelector('[name="shown"]');
    if (shown) shown.checked = false;
    this.form.querySelector('.composer-note[role="alert"]:not([data-note])')?.remove();
    this.say("");
    this.text.focus();
  }
}

export function connect(form) {
  const composer = new Composer(form);
  composer.open();
  return () => composer.close();
}
