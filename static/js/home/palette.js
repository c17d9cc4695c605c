/* Ctrl-K: one line that leads anywhere. The options come from the server; what is chosen is followed like a link. */

import { Completions } from "couth/kernel/completions.js";
import { fragment } from "couth/kernel/http.js";

const PAUSE = 80;

export function connect(dialog) {
  const input = dialog.querySelector("input");
  const status = dialog.querySelector("[data-count]");
  const completions = new Completions(input, dialog.querySelector('[role="listbox"]'), {
    choose: (option) => location.assign(option.href),
  });
  let timer = 0;
  let turn = 0;

  async function ask() {
    const mine = ++turn;
    const html = await fragment(`/palette?q=${encodeURIComponent(input.value.trim())}`).catch(() => null);
    if (mine !== turn || html === null) return;
    completions.show(html);
    const count = completions.options.length;
    status.textContent = count ? status.dataset.some.replace("{n}", String(count)) : status.dataset.none;
    if (count) completions.move(1);
  }

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    ask();
  }

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  function pressed(event) {
    if (event.key === "Escape") return; // the dialog closes itself
    completions.key(event, { pickFirst: true });
  }

  const clicked = (event) => event.target === dialog && dialog.close();
  document.addEventListener("couth:palette", open);
  input.addEventListener("input", typed);
  input.addEventListener("keydown", pressed);
  dialog.addEventListener("click", clicked);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("couth:palette", open);
    input.removeEventListener("input", typed);
    input.removeEventListener("keydown", pressed);
    dialog.removeEventListener("click", clicked);
  };
}
