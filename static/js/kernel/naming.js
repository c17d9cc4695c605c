/* Completion of @people and #topics in a text; the options come from the server, ready to show. */

import { Completions } from "couth/kernel/completions.js";
import { fragment } from "couth/kernel/http.js";

const TOKEN = /(^|[\s(])([@#])([\p{L}\p{N}._-]{0,40})$/u;
const PAUSE = 120;

export class Naming {
  constructor(form, text) {
    this.text = text;
    const list = document.getElementById(text.getAttribute("aria-controls"));
    this.status = form.querySelector("[data-matches]");
    this.completions = new Completions(text, list, { choose: (option) => this.choose(option) });
    text.addEventListener("input", () => this.look());
    text.addEventListener("blur", () => this.leave());
  }

  /** The @ or # button. */
  begin(sign) {
    const { selectionStart: at, value } = this.text;
    const gap = at > 0 && !/\s$/.test(value.slice(0, at)) ? " " : "";
    this.text.setRangeText(gap + sign, at, this.text.selectionEnd, "end");
    this.text.focus();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  key(event) {
    const used = this.completions.key(event, { pickFirst: true });
    this.text.removeAttribute("aria-expanded");
    return used;
  }

  /* Whoever presses a button below the list presses it: the list goes when they let go, or the button would move away. */
  leave() {
    const isPressing = document.querySelector(":active:not(body, html)") !== null;
    if (isPressing) addEventListener("mouseup", () => setTimeout(() => this.hide()), { once: true });
    else this.hide();
  }

  hide() {
    this.asked?.abort();
    clearTimeout(this.timer);
    this.completions.hide();
    // A text box with several lines may not say that it is expanded; the list itself says it.
    this.text.removeAttribute("aria-expanded");
  }

  get token() {
    const match = TOKEN.exec(this.text.value.slice(0, this.text.selectionStart));
    return match && { sign: match[2], word: match[3] };
  }

  look() {
    clearTimeout(this.timer);
    const token = this.token;
    if (!token?.word) this.hide();
    else this.timer = setTimeout(() => this.ask(token), PAUSE);
  }

  async ask({ sign, word }) {
    this.asked?.abort();
    this.asked = new AbortController();
    const kind = sign === "@" ? "people" : "topics";
    try {
      const html = await fragment(`/compose/${kind}?q=${encodeURIComponent(word)}`, { signal: this.asked.signal });
      if (this.token?.word !== word) return;
      this.completions.show(html);
      this.text.removeAttribute("aria-expanded");
      const count = this.completions.options.length;
      if (this.status) {
        this.status.textContent = count ? this.status.dataset.some.replace("{n}", String(count)) : this.status.dataset.none;
      }
    } catch {
      // typing goes on without suggestions
    }
  }

  choose(option) {
    const at = this.text.selectionStart;
    const token = this.token;
    if (!option || !token) return;
    this.text.setRangeText(`${option.dataset.insert} `, at - token.word.length - 1, at, "end");
    this.hide();
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
