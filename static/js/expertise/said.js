/* While somebody writes: one line below the composer where most of the draft was said already. It asks when the hands
   rest, never moves the focus, and goes when the draft goes another way. */

import { fragment } from "couth/kernel/http.js";

const REST = 1_200;
const WORDS = 4;
const LONGEST = 20_000;

export function connect(line) {
  const text = document.querySelector(`#${line.dataset.for} textarea`);
  if (!text) return undefined;
  let timer;
  let asked = "";
  let turn = 0;

  async function ask() {
    // Who asks sees more, in the composer itself.
    const asks = text.form.querySelector("[name='kind'][value='question']")?.checked;
    const draft = asks ? "" : text.value.trim();
    if (draft === asked) return;
    asked = draft;
    const mine = ++turn;
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    let said = "";
    if (draft.split(/\s+/).length >= WORDS && draft.length < LONGEST) {
      const body = new URLSearchParams({ text: draft, csrf_token: token });
      said = await fragment("/compose/similar", { method: "POST", body }).catch(() => "");
    }
    if (mine !== turn || text.value.trim() !== draft) return;
    line.innerHTML = said.trim();
    line.hidden = !said.trim();
  }

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(ask, text.value.trim() ? REST : 0);
  }

  text.addEventListener("input", typed);
  text.form.addEventListener("submit", typed);
  return () => {
    clearTimeout(timer);
    turn += 1;
    text.removeEventListener("input", typed);
    text.form.removeEventListener("submit", typed);
  };
}
