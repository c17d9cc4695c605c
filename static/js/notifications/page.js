/* The page of notices while it stays open: marking and answering need no other page and can be taken back where that
   is possible; what comes in is announced above the list, which does not move. */

import { post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

export function connect(page) {
  const ended = new AbortController();

  async function marked(event) {
    const form = event.target.closest('form[action="/notifications/read"]');
    if (!form) return;
    event.preventDefault();
    const rows = form.closest(".notice") ? [form.closest(".notice")] : [...page.querySelectorAll(".notice[data-unread]")];
    const found = await (await post(form.action, new FormData(form))).json();
    rows.forEach(settle);
    toast(page.dataset.marked, {
      label: page.dataset.undo,
      undo: async () => {
        await post("/notifications/unread", { moment: found.moment });
        location.reload();
      },
    });
  }

  function settle(row) {
    row.removeAttribute("data-unread");
    row.querySelector("p > .sr-only")?.remove();
    row.querySelector(".notice-end form")?.remove();
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

  function arrived({ detail: { type, data } }) {
    if (type === "notices.changed" && data.notice) page.querySelector("[data-arrived]").hidden = false;
  }

  page.addEventListener("submit", marked, { signal: ended.signal });
  page.addEventListener("submit", done, { signal: ended.signal });
  document.addEventListener("couth:event", arrived, { signal: ended.signal });
  return () => ended.abort();
}
