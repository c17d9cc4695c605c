/* The dials send themselves, and the ranked feed beside them is put in order anew. */

import { fragment, post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

export function connect(form) {
  const ended = new AbortController();
  const { signal } = ended;
  form.querySelector("[data-send]").hidden = true;

  function say(input) {
    const words = input.dataset.words.split("|")[Number(input.value)];
    input.setAttribute("aria-valuetext", words);
    input.parentElement.querySelector("output").textContent = words;
  }

  async function send() {
    try {
      await post(form.getAttribute("action"), new FormData(form));
      await again();
    } catch (error) {
      toast(error.message);
    }
  }

  async function again() {
    const feed = document.querySelector('[data-posts][data-view="for-you"]');
    if (!feed) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await fragment("/?view=for-you");
    const next = fresh.content.querySelector("[rel='next']");
    next?.closest("p")?.remove();
    feed.replaceChildren(...fresh.content.children);
    const older = document.querySelector(".page-main > p [rel='next']");
    if (next && older) older.href = next.href;
  }

  for (const input of form.querySelectorAll("input[type='range']")) {
    say(input);
    input.addEventListener("input", () => say(input), { signal });
    input.addEventListener("change", send, { signal });
  }
  return () => ended.abort();
}
