/* The shared vocabulary under a field, while a topic is being typed. Nothing has to be chosen: new words are welcome. */

import { json } from "couth/kernel/http.js";
import { Completions } from "couth/kernel/completions.js";

const PAUSE = 120;

function option({ name, found_as: foundAs, followers }) {
  const row = document.createElement("div");
  row.setAttribute("role", "option");
  row.dataset.name = name;
  row.className = "topic-option";
  const words = document.createElement("bdi");
  words.textContent = name;
  const note = document.createElement("small");
  note.textContent = foundAs || (followers ? String(followers) : "");
  row.append(words, note);
  return row.outerHTML;
}

export function connect(form) {
  const input = form.querySelector('input[name="topic"]');
  const list = document.createElement("div");
  list.className = "lookup topic-options";
  list.id = `${input.id}-options`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  list.hidden = true;
  input.parentElement.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");

  const completions = new Completions(input, list, {
    choose(chosen) {
      input.value = chosen.dataset.name;
      completions.hide();
      input.focus();
    },
  });
  let timer = 0;
  let turn = 0;
  async function ask() {
    const mine = ++turn;
    const words = input.value.trim();
    if (!words) return completions.hide();
    const found = await json(`/api/v1/suggestions/topics?q=${encodeURIComponent(words)}`).catch(() => ({ items: [] }));
    if (mine === turn && document.activeElement === input) completions.show(found.items.map(option).join(""));
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
    clearTimeout(timer);
    list.remove();
    input.removeEventListener("input", typed);
    input.removeEventListener("keydown", pressed);
    input.removeEventListener("blur", left);
  };
}
