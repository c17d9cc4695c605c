/* The devices among the settings: this browser is added by one click, and says why where it cannot be. */

import { become, canBePushed, isDevice, stop } from "couth/kernel/device.js";
import { post } from "couth/kernel/http.js";
import { standing } from "couth/kernel/showing.js";
import { toast } from "couth/kernel/toast.js";

export function connect(part) {
  const words = part.querySelector("[data-words]");
  const add = part.querySelector("[data-add]");
  const ended = new AbortController();
  const { signal } = ended;

  function say(state) {
    words.textContent = words.dataset[state] ?? words.dataset.default;
    add.hidden = state !== "default" && state !== "failed";
  }

  async function look() {
    if (!canBePushed()) return say("missing");
    if (standing() === "denied") return say("denied");
    return say((await isDevice()) && part.querySelector("form[data-this]") ? "on" : "default");
  }

  async function added() {
    add.setAttribute("aria-disabled", "true");
    try {
      const found = await become(part.dataset.key);
      if (found !== "granted") say(found);
      else location.reload();
    } catch (error) {
      console.warn("this browser cannot be added", error);
      say("failed");
    } finally {
      add.removeAttribute("aria-disabled");
    }
  }

  function submitted(event) {
    if (event.target.matches("[data-this]")) stop().catch(() => {}); // the server lets go of it in any case
    if (!event.target.matches("[data-tries]")) return;
    event.preventDefault();
    post(event.target.action, new FormData(event.target)).then(
      () => toast(part.dataset.tried),
      () => toast(words.dataset.failed),
    );
  }

  part.addEventListener("submit", submitted, { signal });
  add.addEventListener("click", added, { signal });
  look();
  return () => ended.abort();
}
