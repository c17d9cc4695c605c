/* The top search box: people, topics and posts while typing. The form itself works without script. */

import { fragment } from "couth/kernel/http.js";
import { Completions } from "couth/kernel/completions.js";

const PAUSE = 120;

export function connect(form) {
  const input = form.querySelector("input");
  const list = document.createElement("div");
  list.className = "lookup";
  list.id = "lookup-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-controls": list.id,
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  })) input.setAttribute(name, value);

  const completions = new Completions(input, list, {
    choose(option) {
      const link = option.matches("a") ? option : option.querySelector("a");
      if (link) location.assign(link.href);
    },
  });
  let timer = 0;
  let asked = 0;
  async function ask() {
    const words = input.value.trim();
    const turn = ++asked;
    if (!words) return completions.hide();
    const html = await fragment(`${form.dataset.source}?q=${encodeURIComponent(words)}`).catch(() => "");
    if (turn === asked && document.activeElement === input) completions.show(html);
  }
  const typed = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  const pressed = (event) => completions.key(event);
  const left = () => completions.hide();
  input.addEventListener("input", typed);
  input.addEventListener("keydown", pressed);
  input.addEventListener("blur", left);
  return () => {
    list.remove();
    input.removeEventListener("input", typed);
    input.removeEventListener("keydown", pressed);
    input.removeEventListener("blur", left);
  };
}
