/* The page of an article: who keeps it, how fresh it is, what was done to it and how many say what follow by themselves;
   its words and its readers' notes change only when the reader says so, since somebody may be in the middle of a step. */

import { fragment, post } from "couth/kernel/http.js";
import { sayWhy, why } from "couth/kernel/refusal.js";

const AUDIENCES = /^(group\.(changed|gone)|person\.parted)$/; // who may read it may be others now

export function connect(page) {
  const { article: id, newer, gone } = page.dataset;
  const ended = new AbortController();

  const part = (place, name) => place.querySelector(`[data-part="${name}"]`);
  const isBusy = (place) => place.contains(document.activeElement) || place.querySelector("details[open]");

  function offer(fresh) {
    const body = part(page, "body");
    const pill = page.querySelector("[data-newer]") ?? document.createElement("button");
    pill.type = "button";
    pill.className = "new-posts";
    pill.dataset.newer = "";
    pill.textContent = newer;
    pill.onclick = () => {
      body.replaceWith(fresh);
      pill.remove();
      fresh.tabIndex = -1;
      fresh.focus({ preventScroll: true });
    };
    body.before(pill);
  }

  /* Others' notes wait behind a button that takes no room: nothing below them moves. */
  function offerNotes(fresh) {
    const pill = page.querySelector("[data-newer-notes]");
    pill.hidden = false;
    pill.onclick = () => {
      part(page, "notes").replaceWith(fresh);
      pill.hidden = true;
      fresh.tabIndex = -1;
      fresh.focus({ preventScroll: true });
    };
  }

  /* The counts are right beside what somebody is typing, too. */
  function renewTally(old, fresh) {
    const [tally, next] = [old, fresh].map((place) => place.querySelector(".tally"));
    if (next && !tally.contains(document.activeElement)) tally.replaceWith(next);
  }

  /* ``own`` is what the reader did just now: that shows at once. */
  function show(html, own = []) {
    const found = document.createElement("template");
    found.innerHTML = html;
    let notes = null;
    for (const old of page.querySelectorAll("[data-part]")) {
      const { part: name, version } = old.dataset;
      const fresh = part(found.content, name);
      if (!fresh) continue;
      const waits = version !== undefined && !own.includes(name);
      if (!waits) {
        if (own.includes(name) || !isBusy(old)) old.replaceWith(fresh);
        else renewTally(old, fresh);
      } else if (fresh.dataset.version === version) continue;
      else if (name === "body") offer(fresh);
      else notes = fresh;
    }
    if (notes) offerNotes(notes);
  }

  async function refresh() {
    try {
      show(await fragment(location.pathname));
    } catch (problem) {
      if (problem.status === 404) leave();
    }
  }

  /* It is for others now, or for nobody: what stood here must not be read on. */
  function leave() {
    ended.abort();
    const note = document.createElement("p");
    note.className = "empty";
    note.setAttribute("role", "status");
    note.textContent = gone;
    page.replaceChildren(note);
  }

  async function say(event) {
    const form = event.target.closest("form[data-says]");
    if (!form) return;
    event.preventDefault();
    const name = form.closest("[data-part]").dataset.part;
    try {
      const answer = await post(form.action, new FormData(form, event.submitter));
      form.dispatchEvent(new CustomEvent("couth:cleared"));
      show(await answer.text(), ["saying", "notes"]);
      part(page, name)?.querySelector("button, summary, a")?.focus({ preventScroll: true });
    } catch (problem) {
      if (problem.status === 422) return void withButton(form, event.submitter).submit();
      const note = form.querySelector("[data-note]");
      if (!note) return void sayWhy(problem);
      note.hidden = false;
      note.textContent = why(note, problem);
    }
  }

  function told({ detail: { type, data } }) {
    if ((type.startsWith("article.") && data.id === id) || AUDIENCES.test(type)) refresh();
  }

  document.addEventListener("couth:event", told, { signal: ended.signal });
  document.addEventListener("couth:shut", refresh, { signal: ended.signal });
  document.addEventListener("couth:resync", refresh, { signal: ended.signal });
  page.addEventListener("submit", say, { signal: ended.signal });
  return () => ended.abort();
}

/* Sent as a plain form, whose answer says what was wrong with what was typed. */
function withButton(form, button) {
  if (button?.name) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: button.name, value: button.value });
    form.append(field);
  }
  return form;
}
