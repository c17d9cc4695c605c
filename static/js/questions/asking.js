/* While somebody asks: what was asked already, who is likely to know, which topics it is about. It looks when the hands
   rest, never moves the focus, and keeps what was ticked. */

import { keep, kept, parsed } from "couth/kernel/drafts.js";
import { fragment } from "couth/kernel/http.js";

const REST = 500;
const WORDS = 3;

export function connect(place) {
  const form = place.closest("form");
  const boxes = [form.querySelector("[name='title']"), form.querySelector("[name='text']")];
  const ended = new AbortController();
  const { signal } = ended;
  const draft = `${document.body.dataset.viewer}:asking:${form.dataset.place}`;
  const ticked = new Map(Object.entries(parsed(kept(draft))));
  let timer;
  let turn = 0;
  let asked = "";

  const asks = () => form.querySelector("[name='kind'][value='question']")?.checked;

  async function look() {
    const [title, text] = boxes.map((box) => box.value.trim());
    const draft = asks() && title.split(/\s+/).length >= WORDS ? `${title}\n${text}` : "";
    if (draft === asked) return;
    asked = draft;
    const mine = ++turn;
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    const body = new URLSearchParams({ title, text, csrf_token: token });
    const html = draft ? await fragment(place.dataset.source, { method: "POST", body }).catch(() => "") : "";
    if (mine !== turn || signal.aborted) return;
    place.innerHTML = html;
    for (const box of place.querySelectorAll("[name='topics'], [name='ask']")) {
      box.checked = ticked.get(`${box.name} ${box.value}`) ?? box.checked;
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  }

  for (const box of boxes) box.addEventListener("input", later, { signal });
  form.addEventListener("change", (event) => {
    const { name, value, checked } = event.target;
    if (name === "topics" || name === "ask") {
      ticked.set(`${name} ${value}`, checked);
      keep(draft, JSON.stringify(Object.fromEntries(ticked)));
    } else if (name === "kind") later();
  }, { signal });
  form.addEventListener("couth:cleared", () => {
    ticked.clear();
    keep(draft, "");
    later();
  }, { signal });
  form.addEventListener("couth:filled", later, { signal });
  if (asks() && boxes[0].value) later();
  return () => {
    clearTimeout(timer);
    ended.abort();
  };
}
