/* The top search box: people, topics, groups, posts, saved and recent searches while typing. The form itself works
   without script, and when the server does not answer, what this browser remembers is still offered. */

import { fragment } from "couth/kernel/http.js";
import { Completions } from "couth/kernel/completions.js";
import { forget, recent } from "couth/search/recent.js";

const PAUSE = 100;

class Panel extends Completions {
  constructor(input, panel, list, choices) {
    super(input, list, choices);
    this.panel = panel;
  }

  show(html) {
    this.panel.querySelector("[data-lookup-foot]")?.remove();
    super.show(html);
    const foot = this.list.querySelector("[data-lookup-foot]");
    if (foot) this.panel.append(foot); // a list box holds options alone
    this.panel.hidden = this.list.hidden;
  }

  hide() {
    super.hide();
    this.panel.hidden = true;
  }
}

class Lookup {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input");
    this.timer = 0;
    this.turn = 0;
    this.ended = new AbortController();
    this.draw();
  }

  draw() {
    const panel = document.createElement("div");
    panel.className = "lookup";
    panel.hidden = true;
    const list = document.createElement("div");
    list.id = `lookup-${Math.random().toString(36).slice(2, 8)}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.input.getAttribute("aria-label"));
    list.hidden = true;
    panel.append(list);
    this.form.append(panel);
    const roles = { role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
    this.completions = new Panel(this.input, panel, list, { choose: (option, event) => this.choose(option, event) });
  }

  open() {
    const { signal } = this.ended;
    this.input.addEventListener("input", () => this.soon(), { signal });
    this.input.addEventListener("keydown", (event) => this.pressed(event), { signal });
    this.input.addEventListener("blur", () => this.leave(), { signal });
    this.form.addEventListener("submit", () => this.leave(), { signal });
    this.input.addEventListener("click", () => !this.input.value.trim() && this.ask(), { signal });
  }

  close() {
    clearTimeout(this.timer);
    this.ended.abort();
    this.completions.panel.remove();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /* Answers may overtake each other: only the last question's counts, and the one before is called off. */
  async ask() {
    const words = this.input.value.trim();
    const mine = ++this.turn;
    this.asking?.abort();
    this.asking = new AbortController();
    const address = `${this.form.dataset.source}?q=${encodeURIComponent(words.slice(0, 400))}`;
    const html = await fragment(address, { signal: this.asking.signal }).catch(() => this.spare ?? "");
    if (mine !== this.turn || document.activeElement !== this.input) return;
    this.completions.show(html);
    this.spare = this.completions.list.querySelector("[data-recent]")?.outerHTML ?? this.spare;
    this.remind(words);
  }

  /* What was searched for lately stands first while nothing is typed, and last when something is. */
  remind(words) {
    const { list, panel } = this.completions;
    const group = list.querySelector("[data-recent]");
    const lines = recent().filter((line) => line !== words && line.toLowerCase().startsWith(words.toLowerCase()));
    if (!group || !lines.length) return group?.remove();
    group.hidden = false;
    const options = lines.slice(0, words ? 3 : 6).map((line) => option(group.querySelector("template"), line));
    if (!words) options.push(group.querySelector("[data-forget]"));
    else group.querySelector("[data-forget]")?.remove();
    group.append(...options);
    this.completions.options.forEach((each, index) => (each.id = `${list.id}-${index}`));
    list.hidden = panel.hidden = false;
    return this.input.setAttribute("aria-expanded", "true");
  }

  leave() {
    clearTimeout(this.timer);
    this.turn += 1;
    this.asking?.abort();
    this.completions.hide();
  }

  choose(option, event) {
    if (option.matches("[data-forget]")) {
      forget();
      return this.ask();
    }
    if (event?.key === "Tab" && option.dataset.complete) {
      this.input.value = `${option.dataset.complete} `;
      return this.ask();
    }
    const link = option.matches("a") ? option : option.querySelector("a");
    if (link) location.assign(link.href);
    return undefined;
  }

  pressed(event) {
    const { completions } = this;
    if (event.key === "Tab" && completions.isOpen && !completions.options[completions.at]?.dataset.complete) this.leave();
    else if (completions.key(event)) event.stopPropagation();
    else if (event.key === "ArrowDown" && !document.querySelector(".hit")) {
      event.preventDefault();
      this.ask();
    }
  }
}

function option(template, line) {
  const made = template.content.firstElementChild.cloneNode(true);
  made.href = `/search?${new URLSearchParams({ q: line })}`;
  made.dataset.complete = line;
  made.querySelector("[data-line]").textContent = line;
  return made;
}

export function connect(form) {
  const lookup = new Lookup(form);
  lookup.open();
  return () => lookup.close();
}
