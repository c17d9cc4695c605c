/* The row among the settings that turns notifications on this computer on. The browser is asked on a click, never before. */

import { ask, standing } from "couth/kernel/showing.js";
import { isOn, turn } from "couth/notifications/desktop.js";

export function connect(row) {
  const words = row.querySelector("[data-words]");
  const button = row.querySelector("button");

  function look() {
    const state = isOn() ? "on" : standing() === "granted" ? "default" : standing();
    words.textContent = words.dataset[state] ?? words.dataset.default;
    button.hidden = state === "denied" || state === "missing";
    button.textContent = isOn() ? button.dataset.off : button.dataset.on;
    button.setAttribute("aria-pressed", String(isOn()));
  }

  async function pressed() {
    if (isOn()) turn(false);
    else if ((await ask()) === "granted") turn(true);
    look();
  }

  button.addEventListener("click", pressed);
  look();
  return () => button.removeEventListener("click", pressed);
}
