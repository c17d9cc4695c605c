/* Who of those who are asked is writing an answer: the page of whoever is says so now and then, the others show it in
   their line and forget it when it is not said again. */

import { call } from "couth/kernel/live.js";

const SAID_EVERY = 3_000;
const SHOWN_FOR = 7_000;

/** Show it on a question's page until the signal ends it; `again()` after the lines were drawn anew. */
export function watchWriting(page, signal) {
  const { question } = page.dataset;
  const { viewer } = document.body.dataset;
  const writing = new Map();
  let saidAt = 0;

  const line = (person) => page.querySelector(`[data-asked-person="${CSS.escape(person)}"]`);

  function show(person, isWriting) {
    const shown = line(person);
    if (!shown) return;
    shown.toggleAttribute("data-is-writing", isWriting);
    shown.querySelector("[data-doing]").hidden = isWriting;
    shown.querySelector("[data-writing]").hidden = !isWriting;
  }

  function stop(person) {
    clearTimeout(writing.get(person));
    if (writing.delete(person)) show(person, false);
  }

  function heard({ detail: said }) {
    if (said.question !== question || said.person_id === viewer) return;
    clearTimeout(writing.get(said.person_id));
    writing.set(said.person_id, setTimeout(() => stop(said.person_id), SHOWN_FOR));
    show(said.person_id, true);
  }

  /* Only an answer is told of, not a comment on one. */
  function typed({ target }) {
    const form = target.closest(`#reply-${CSS.escape(question)}`);
    const isAnswer = form && target.name === "text" && target.value.trim() && !form.elements.reply_to.value;
    if (!isAnswer || !line(viewer) || Date.now() - saidAt < SAID_EVERY) return;
    saidAt = Date.now();
    call("question:writing", { question }).catch(() => {}); // nobody misses it when the line is down
  }

  document.addEventListener("couth:writing", heard, { signal });
  page.addEventListener("input", typed, { signal });
  signal.addEventListener("abort", () => [...writing.values()].forEach(clearTimeout));
  return { stop, again: () => [...writing.keys()].forEach((person) => show(person, true)) };
}
