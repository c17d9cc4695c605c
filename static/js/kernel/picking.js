/* A field for several colleagues: what is typed completes to people, who stand in it as parts that can be removed. The
   plain field beneath keeps their usernames, as somebody without script would type them. */

import { Completions } from "couth/kernel/completions.js";
import { fragment } from "couth/kernel/http.js";

const PAUSE = 120;
const BETWEEN = /[,;\n\t]|\s+(?=@)/;

class Picking {
  constructor(field) {
    this.field = field;
    this.plain = field.querySelector("input");
    this.form = field.closest("form");
    this.draw();
    this.ended = new AbortController();
  }

  draw() {
    const { plain } = this;
    this.box = document.createElement("div");
    this.box.className = "picked";
    this.parts = document.createElement("ul");
    this.parts.setAttribute("role", "list");
    this.input = document.createElement("input");
    const list = document.createElement("ul");
    Object.assign(list, { className: "completions", id: `${plain.id}-options`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", plain.labels[0]?.textContent ?? "");
    const roles = { role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (plain.hasAttribute(name)) this.input.setAttribute(name, plain.getAttribute(name));
    }
    this.isNeeded = plain.required;
    plain.required = false;
    Object.assign(this.input, { type: "text", autocomplete: "off", dir: "auto" });
    this.input.dataset.field = plain.name;
    plain.hidden = true;
    this.input.id = plain.id;
    plain.id = `${plain.id}-plain`;
    this.box.append(this.parts, this.input);
    plain.after(this.box, list);
    this.list = list;
    this.completions = new Completions(this.input, list, { choose: (option) => this.choose(option) });
    this.addAll(plain.value);
  }

  open() {
    const { signal } = this.ended;
    this.input.addEventListener("input", () => this.typed(), { signal });
    this.input.addEventListener("keydown", (event) => this.key(event), { signal });
    this.input.addEventListener("paste", (event) => this.pasted(event), { signal });
    this.input.addEventListener("blur", () => this.left(), { signal });
    this.parts.addEventListener("click", (event) => this.removed(event), { signal });
    this.form.addEventListener("couth:cleared", () => this.clear(), { signal });
    this.plain.addEventListener("couth:filled", () => this.redraw(), { signal });
  }

  close() {
    clearTimeout(this.timer);
    this.ended.abort();
    this.plain.id = this.input.id;
    this.plain.required = this.isNeeded;
    this.plain.hidden = false;
    this.box.remove();
    this.list.remove();
  }

  get names() {
    return [...this.parts.children].map((part) => part.dataset.name);
  }

  /* What was typed before comes back into the plain field. */
  redraw() {
    const names = this.plain.value;
    this.clear();
    this.addAll(names);
  }

  keep() {
    const value = [...this.names, this.input.value.trim()].filter(Boolean).join(", ");
    const isOther = this.ended && value !== this.plain.value;
    this.plain.value = value;
    if (isOther) this.plain.dispatchEvent(new Event("change", { bubbles: true }));
    this.input.required = this.isNeeded && !this.names.length;
    this.input.placeholder = this.names.length ? this.field.dataset.more : "";
  }

  addAll(names) {
    for (const name of names.split(BETWEEN)) if (name.trim()) this.add(name.trim().replace(/^@/, ""), name.trim());
  }

  /* Several names at once, as a list or a table has them. */
  pasted(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!BETWEEN.test(text.trim())) return;
    event.preventDefault();
    this.completions.hide();
    this.addAll(text);
  }

  typed() {
    this.input.removeAttribute("aria-invalid");
    if (/[,;]$/.test(this.input.value)) {
      const name = this.input.value;
      this.input.value = "";
      return this.addAll(name);
    }
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
    return undefined;
  }

  async ask() {
    const words = this.input.value.trim().replace(/^@/, "");
    if (!words) return this.completions.hide();
    try {
      const html = await fragment(`/compose/people?q=${encodeURIComponent(words)}`);
      const isAsked = this.input.value.trim().replace(/^@/, "") === words && document.activeElement === this.input;
      if (isAsked) this.completions.show(html);
    } catch {
      // typing goes on without suggestions
    }
    return undefined;
  }

  key(event) {
    if (this.completions.key(event, { pickFirst: this.input.value.trim() !== "" })) return;
    if (event.key === "Enter") event.preventDefault(); // one more name, not the whole post
    else if (event.key === "Backspace" && !this.input.value) {
      this.parts.lastElementChild?.remove();
      this.keep();
    }
  }

  choose(option) {
    const name = option.dataset.insert.replace(/^@/, "");
    this.input.value = "";
    this.completions.hide();
    this.add(name, option.querySelector(".completions-name").textContent.trim(), option.querySelector(".avatar"));
    this.input.focus();
  }

  add(name, words, drawn) {
    if (!this.names.includes(name)) this.parts.append(this.part(name, words, drawn));
    this.keep();
  }

  part(name, words, drawn) {
    const part = document.createElement("li");
    part.dataset.name = name;
    if (drawn) {
      const avatar = drawn.cloneNode(true);
      avatar.dataset.size = "xs";
      avatar.querySelector(".presence")?.remove();
      part.append(avatar);
    }
    const shown = document.createElement("bdi");
    shown.textContent = words;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", this.field.dataset.remove.replace("{name}", words));
    button.textContent = "×";
    part.append(shown, button);
    return part;
  }

  removed(event) {
    const part = event.target.closest("button")?.closest("li");
    if (!part) return;
    part.remove();
    this.keep();
    this.input.focus();
  }

  left() {
    clearTimeout(this.timer);
    this.completions.hide();
  }

  clear() {
    this.parts.replaceChildren();
    this.input.value = "";
    this.keep();
  }
}

export function connect(field) {
  const picking = new Picking(field);
  picking.open();
  return () => picking.close();
}
