/* The page of notices while it stays open: marking needs no reload and can be taken back; what comes in is announced
   above the list, which does not move. */

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
    row.querySelector(".sr-only")?.remove();
    row.querySelector("form")?.remove();
  }

  function arrived({ detail: { type, data } }) {
    if (type === "notices.changed" && data.notice) page.querySelector("[data-arrived]").hidden = false;
  }

  page.addEventListener("submit", marked, { signal: ended.signal });
  document.addEventListener("couth:event", arrived, { signal: ended.signal });
  return () => ended.abort();
}
