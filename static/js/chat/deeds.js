/* What one does to a message of the open conversation: react, save, pin, edit, delete, mark unread; each is a form. */

import { element, fragment, post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";
import { words } from "couth/kernel/words.js";
import { askWhen, copyWords } from "couth/chat/menus.js";
import { arrange, find, setClocks } from "couth/chat/message.js";

const me = document.body.dataset;

export class Deeds {
  constructor(page) {
    this.page = page;
  }

  async submitted(event) {
    const form = event.target.closest("form[data-react], form[data-do], form[data-edit-form]");
    if (!form) return;
    event.preventDefault();
    const { submitter } = event;
    const item = form.closest("[data-message]");
    const fields = form.matches("[data-edit-form]") ? { text: form.elements.text.value } : { [submitter.name]: submitter.value };
    try {
      const answer = await post(form.getAttribute("action"), fields);
      if (fields.do === "unread") return void this.unread(item);
      if (fields.do === "delete") this.offerUndo(item.dataset.message, submitter);
      if (answer.status === 204) return;
      form.remove();
      const fresh = element(await answer.text());
      setClocks(fresh);
      const shown = `.chat [data-message="${CSS.escape(item.dataset.message)}"]`;
      for (const old of document.querySelectorAll(shown)) old.replaceWith(fresh.cloneNode(true));
      for (const log of this.page.logs) arrange(log);
      find(item.dataset.message)?.focus({ preventScroll: true });
    } catch (error) {
      toast(Object.values(error.fields ?? {}).join(" ") || words().lost);
    }
  }

  unread(item) {
    this.page.room.removeAttribute("data-member"); // what is marked unread stays so until the page is opened again
    this.page.log.querySelector('[data-kind="unread"]')?.remove();
    const line = document.createElement("p");
    line.className = "divider";
    line.dataset.kind = "unread";
    line.textContent = words().new.replace("{n}", "");
    item.before(line);
  }

  offerUndo(id, button_) {
    toast(button_.dataset.words, {
      label: button_.dataset.undo,
      undo: () =>
        post(`/chat/messages/${id}/do`, { do: "restore" })
          .then(() => this.page.refresh(id))
          .catch(() => toast(words().lost)),
    });
  }

  async clicked(event) {
    const link = event.target.closest(
      "[data-edit], [data-copy], [data-remind], [data-cancel], [data-load-older], [data-load-newer], [data-newest]",
    );
    if (!link || event.ctrlKey || event.metaKey) return;
    if (link.matches("[data-newest]") && this.page.stretch.dataset.newer) return; // a page of its own: far away
    event.preventDefault();
    if (link.matches("[data-edit]")) return void this.edit(link.closest("[data-message]"));
    if (link.matches("[data-copy]")) return void copyWords(link.closest("[data-message]"));
    if (link.matches("[data-remind]")) return void askWhen(link).catch(() => location.assign(link.href));
    if (link.matches("[data-cancel]")) return void this.refreshForced(link.closest("[data-message]"));
    if (link.matches("[data-load-older]")) this.page.load("older");
    else if (link.matches("[data-load-newer]")) this.page.load("newer");
    else this.page.toEnd();
  }

  async edit(item) {
    const html = await fragment(`/chat/messages/${item.dataset.message}/edit`);
    const form = element(html);
    item.querySelector("[data-body]").replaceWith(form);
    const box = form.querySelector("textarea");
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      } else if (event.key === "Escape") this.refreshForced(item);
    });
  }

  async refreshForced(item) {
    item.querySelector("[data-edit-form]")?.remove();
    await this.page.refresh(item.dataset.message);
    document.querySelector("#box-0 textarea")?.focus();
  }

  editLast() {
    const own = [...this.page.stretch.querySelectorAll(`[data-author="${me.viewer}"]:not([data-pending], [data-deleted])`)].pop();
    if (own) this.edit(own);
  }

  /* Ctrl-Shift-F searches the conversation. */
  search(event) {
    if (!event.ctrlKey || !event.shiftKey || event.key.toLowerCase() !== "f") return;
    event.preventDefault();
    document.querySelector("[data-search-here]")?.click();
  }

  /* The arrow keys walk through the messages. */
  key(event) {
    const item = event.target.closest?.("[data-message]");
    if (!item || event.target !== item || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const all = [...item.closest('[role="log"]').querySelectorAll("[data-message]")];
    const next = all[all.indexOf(item) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
