/* The page of a question: what solved it shows at once, where it stands; nothing that is being read moves to another
   place until the page is opened again. */

import { element, fragment } from "couth/kernel/http.js";

export function connect(page) {
  const id = page.dataset.question;
  const ended = new AbortController();

  async function around() {
    const place = page.querySelector("[data-around]");
    const html = await fragment(`/questions/${id}`).catch(() => "");
    if (html && place && !place.contains(document.activeElement)) place.replaceChildren(element(html));
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
    } else if (type === "comment.added" || type === "comment.deleted") {
      if (data.post_id !== id) return;
      counted(data);
      around();
    } else if (["question.linked", "question.unlinked", "post.edited"].includes(type) && data.id === id) around();
  }

  document.addEventListener("couth:event", told, { signal: ended.signal });
  document.addEventListener("couth:resync", around, { signal: ended.signal });
  return () => ended.abort();
}
