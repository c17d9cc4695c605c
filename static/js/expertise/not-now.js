/* "Not now" to somebody who is proposed: they leave the list at once, and come back if that did not arrive. */

import { post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

export function connect(form) {
  async function send(event) {
    event.preventDefault();
    const line = form.closest("[data-proposal]");
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.hidden = true;
    (next?.querySelector("a, button") ?? document.querySelector("main, [role=main]"))?.focus();
    try {
      await post(form.action, new FormData(form));
      line.remove();
    } catch {
      line.hidden = false;
      form.querySelector("button").focus();
      toast(form.dataset.failed);
    }
  }
  form.addEventListener("submit", send);
  return () => form.removeEventListener("submit", send);
}
