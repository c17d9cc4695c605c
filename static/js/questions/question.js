/* The page of a question: what solved it shows at once, where it stands; nothing that is being read moves to another
   place until the page is opened again. */

import { element, fragment, post } from "couth/kernel/http.js";
import { watchWriting } from "couth/questions/writing.js";

export function connect(page) {
  const id = page.dataset.question;
  const ended = new AbortController();
  const writing = watchWriting(page, ended.signal);

  /* Seen is what was before somebody's eyes: not a page in a tab behind others. */
  const eyes = new IntersectionObserver((places) => places.some((one) => one.isIntersecting) && see());

  function see() {
    if (document.visibilityState !== "visible" || !page.querySelector("[data-unseen]")) return;
    eyes.disconnect();
    post(`/questions/${id}/asked/seen`, {}).catch(() => watchForEyes()); // said again when it is looked at again
  }

  function watchForEyes() {
    eyes.disconnect();
    const unseen = page.querySelector("[data-unseen]");
    if (unseen) eyes.observe(unseen);
  }

  async function around() {
    const place = page.querySelector("[data-around]");
    const html = await fragment(`/questions/${id}`).catch(() => "");
    if (html && place && !place.contains(document.activeElement)) place.replaceChildren(element(html));
  }

  /* Nobody loses what they type: a part in which somebody is busy stays as it is, also while they look elsewhere. */
  function busy(place) {
    const typed = [...place.querySelectorAll("input:not([type='hidden'])")].some((box) => box.value !== box.defaultValue);
    return typed || place.contains(document.activeElement);
  }

  async function asked() {
    for (const [name, source] of [["[data-asked]", "asked"], ["[data-asked-me]", "asked/me"]]) {
      const place = page.querySelector(name);
      if (!place || busy(place)) continue;
      const html = await fragment(`/questions/${id}/${source}`).catch(() => null);
      if (html !== null && !busy(place)) place.innerHTML = html;
    }
    writing.again();
    watchForEyes();
  }

  async function redraw(answer) {
    const old = document.getElementById(`item-${answer}`);
    if (!old || old.querySelector("[data-edit-form]")) return;
    const html = await fragment(`/posts/${answer}`).catch(() => "");
    if (!html) return;
    const fresh = element(html);
    const replies = old.querySelector("[data-replies]");
    if (replies) fresh.querySelector("[data-replies]")?.replaceWith(replies);
    old.replaceWith(fresh);
  }

  function counted({ answer_count: number }) {
    const words = page.querySelector("[data-answer-count]");
    const said = words?.dataset;
    if (said) words.textContent = !number ? said.none : number === 1 ? said.one : said.many.replace("{n}", number);
  }

  function told({ detail: { type, data } }) {
    if (type === "answer.accepted" || type === "answer.withdrawn") {
      if (data.id !== id) return;
      redraw(data.answer);
      around();
      asked(); // nobody else is asked now, or somebody is again
    } else if (type === "comment.added" || type === "comment.deleted") {
      if (data.post_id !== id) return;
      if (type === "comment.added") writing.stop(data.author?.id);
      counted(data);
      around();
    } else if (type === "question.asking-changed" && data.id === id) asked();
    else if (type.startsWith("article.") && data.question === id) around();
    else if (["question.linked", "question.unlinked", "post.edited"].includes(type) && data.id === id) around();
  }

  document.addEventListener("couth:event", told, { signal: ended.signal });
  document.addEventListener("couth:resync", () => { around(); asked(); }, { signal: ended.signal });
  document.addEventListener("visibilitychange", watchForEyes, { signal: ended.signal });
  ended.signal.addEventListener("abort", () => eyes.disconnect());
  watchForEyes();
  return () => ended.abort();
}
