/* The page of notices while it stays open: marking and answering need no other page and can be taken back where that
   is possible; what comes in is announced above the list, which does not move. */

import { fragment, post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

const UNREAD = ".notice[data-unread]";
const TOGETHER = 150; // milliseconds in which several changes are one

export function connect(page) {
  const ended = new AbortController();
  let waiting;

  async function marked(event) {
    const form = event.target.closest('form[action="/notifications/read"]');
    if (!form) return;
    event.preventDefault();
    const one = form.closest(".notice");
    try {
      const found = await (await post(form.action, new FormData(form))).json();
      settled(one ? [one] : [...page.querySelectorAll(UNREAD)]);
      toast(page.dataset.marked, { label: page.dataset.undo, undo: () => takeBack(found.moment) });
    } catch (error) {
      toast(error.status < 500 ? error.message : page.dataset.failed);
    }
  }

  async function takeBack(moment) {
    try {
      await post("/notifications/unread", { moment });
      location.reload();
    } catch {
      toast(page.dataset.failed);
    }
  }

  /* The keyboard goes on at the next row that can be marked: the button that it was on is gone. */
  function settled(rows) {
    const left = rows.find((row) => row.contains(document.activeElement));
    rows.forEach(settle);
    if (!left || left.contains(document.activeElement)) return;
    const all = [...page.querySelectorAll(".notice")];
    const next = all.slice(all.indexOf(left)).find((row) => row.hasAttribute("data-unread"));
    const target = next?.querySelector(".notice-end button") ?? left.querySelector("a");
    target?.focus({ preventScroll: next === undefined });
  }

  function settle(row) {
    row.removeAttribute("data-unread");
    row.querySelector("p > .sr-only")?.remove();
    row.querySelector(".notice-end form")?.remove();
  }

  /* Whoever goes where a notice leads has seen it. */
  function followed(event) {
    const row = event.target.closest("a") && event.target.closest(UNREAD);
    if (!row || event.button > 1) return;
    post("/notifications/read", { notice: row.dataset.notice }, { keepalive: true }).then(() => settled([row]), () => {});
  }

  /* What a notice asks for is done in its row, which then says so in place of the buttons. */
  async function done(event) {
    const form = event.target.closest("form[data-deed]");
    if (!form) return;
    event.preventDefault();
    const row = form.closest(".notice");
    const place = form.closest("[data-deeds]");
    if (place.getAttribute("aria-busy") === "true") return;
    place.setAttribute("aria-busy", "true");
    try {
      await post(form.action, new FormData(form));
    } catch (error) {
      place.removeAttribute("aria-busy");
      complain(place, error);
      return;
    }
    said(place, form.dataset);
    if (!row.hasAttribute("data-unread")) return;
    settle(row);
    await post("/notifications/read", { notice: row.dataset.notice }).catch(() => {}); // unread is only what it was
  }

  function complain(place, error) {
    const note = place.querySelector("[data-deed-error]");
    note.hidden = false;
    note.textContent = Object.values(error.fields ?? {}).join(" ") || (error.status < 500 ? error.message : page.dataset.failed);
  }

  function said(place, { deed, undo, undoFields, undone }) {
    const words = document.createElement("p");
    words.className = "note notice-done";
    words.tabIndex = -1;
    words.setAttribute("role", "status");
    words.append(deed);
    place.replaceWith(words);
    words.focus({ preventScroll: true }); // the button that had the focus is gone
    if (undo) words.append(" ", takesBack(words, undo, undoFields, undone));
  }

  function takesBack(words, address, fields, undone) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.tone = "quiet";
    button.dataset.size = "small";
    button.textContent = page.dataset.undo;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await post(address, new URLSearchParams(fields));
        words.textContent = undone;
        words.focus({ preventScroll: true });
      } catch (error) {
        button.disabled = false;
        toast(error.status < 500 ? error.message : page.dataset.failed);
      }
    });
    return button;
  }

  function changed({ detail: { type, data } }) {
    if (type !== "notices.changed") return;
    if (data.notice) page.querySelector("[data-arrived]").hidden = false;
    else soon(agree);
  }

  function soon(run) {
    clearTimeout(waiting);
    waiting = setTimeout(run, TOGETHER);
  }

  /* What was read, or taken back, in another window shows here too, down to where the first page of the list ends. */
  async function agree() {
    const now = document.createElement("template");
    now.innerHTML = await fragment(location.pathname + location.search).catch(() => "");
    const stand = new Map([...now.content.querySelectorAll(".notice")].map((row) => [row.dataset.notice, row]));
    for (const row of page.querySelectorAll(".notice")) {
      const found = stand.get(row.dataset.notice);
      if (!found || found.matches(UNREAD) === row.matches(UNREAD)) continue;
      if (row.contains(document.activeElement)) settled([row]);
      else row.replaceWith(found);
    }
  }

  page.addEventListener("submit", marked, { signal: ended.signal });
  page.addEventListener("submit", done, { signal: ended.signal });
  page.addEventListener("click", followed, { signal: ended.signal });
  page.addEventListener("auxclick", followed, { signal: ended.signal });
  document.addEventListener("couth:event", changed, { signal: ended.signal });
  document.addEventListener("couth:resync", () => soon(agree), { signal: ended.signal });
  return () => {
    clearTimeout(waiting);
    ended.abort();
  };
}
