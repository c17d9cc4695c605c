/* A form that the page's script sends, so that a broken line or an ended session leaves it where it stands. What cannot
   be taken comes back as the same form, which says what is wrong; what was taken leads on to where the answer says. */

import { newKey, post } from "couth/kernel/http.js";
import { giveBack, why } from "couth/kernel/refusal.js";

export function connect(form) {
  const note = form.querySelector("[data-note]");
  const ended = new AbortController();
  let key = newKey();
  let isGoing = false;

  async function send(event) {
    event.preventDefault();
    if (isGoing) return;
    isGoing = true;
    note.hidden = true;
    event.submitter?.setAttribute("aria-busy", "true");
    try {
      const { url } = await post(form.action, new FormData(form, event.submitter), { key, isWhole: true });
      form.dispatchEvent(new CustomEvent("couth:cleared"));
      location.assign(url);
      return; // busy until the next page is there
    } catch (problem) {
      if (!giveBack(form, problem)) {
        note.hidden = false;
        note.textContent = why(note, problem);
      }
    }
    isGoing = false;
    event.submitter?.removeAttribute("aria-busy");
  }

  // A try that was answered by nobody may have been heard: other words are another thing to take.
  form.addEventListener("input", () => (key = newKey()), { signal: ended.signal });
  form.addEventListener("submit", send, { signal: ended.signal });
  return () => ended.abort();
}
