/* Posts and comments on a page: their buttons work in place, and what happens to them elsewhere shows at once, without
   moving what is being read. */

import { fetched } from "couth/kernel/behaviours.js";
import { element, fragment, post } from "couth/kernel/http.js";
import { giveBack, why } from "couth/kernel/refusal.js";
import { toast } from "couth/kernel/toast.js";
import { answer } from "couth/posts/answering.js";
import { applyLive, find } from "couth/posts/live.js";
import { words } from "couth/kernel/words.js";
import { resume } from "couth/posts/outbox.js";

const HOME_VIEWS = new Set(["following", "everyone", "for-you", "catch-up"]);

class Stream {
  constructor(root) {
    this.root = root;
    this.ended = new AbortController();
  }

  open() {
    const { signal } = this.ended;
    this.root.addEventListener("submit", (event) => this.submitted(event), { signal });
    this.root.addEventListener("click", (event) => this.clicked(event), { signal });
    this.root.addEventListener("couth:cleared", ({ target }) => answer(target), { signal });
    document.addEventListener("couth:event", ({ detail }) => applyLive(this.root, detail), { signal });
    resume();
    if (this.root.dataset.alone) this.answerAsked();
  }

  close() {
    this.ended.abort();
  }

  itemOf(target) {
    return target.closest("[data-item]");
  }

  async submitted(event) {
    const form = event.target;
    const work = {
      reactions: () => this.react(form, event.submitter),
      bookmark: () => this.bookmark(form, event.submitter),
      delete: () => this.remove(form),
      vote: () => this.vote(form),
      unlink: () => this.unlink(form),
      mute: () => this.mute(form, event.submitter),
      refresh: () => this.refresh(form, event.submitter),
      editForm: () => this.saveEdit(form, event.submitter),
    };
    const name = Object.keys(work).find((key) => key in form.dataset);
    if (!name) return;
    event.preventDefault();
    try {
      await work[name]();
    } catch (error) {
      this.failed(form, error);
    }
  }

  failed(form, error) {
    if (giveBack(form, error)) return;
    const note = form.querySelector("[data-note]");
    if (note) {
      note.hidden = false;
      note.textContent = why(note, error);
    } else toast(Object.values(error.fields ?? {}).join(" ") || words().lost || error.message);
  }

  async react(form, button) {
    const kind = button.dataset.kind;
    form.querySelector("details")?.removeAttribute("open");
    const fresh = await this.send(form, { set: button.value });
    const reactions = fresh.querySelector(`[data-reactions="${CSS.escape(form.dataset.reactions)}"]`);
    form.replaceWith(reactions);
    (reactions.querySelector(`:scope > [data-kind="${kind}"]`) ?? reactions.querySelector("summary"))?.focus();
  }

  async bookmark(form, button) {
    const on = button.value;
    button.setAttribute("aria-pressed", String(on === "1"));
    button.value = on === "1" ? "0" : "1";
    try {
      await this.send(form, { on });
    } catch (error) {
      button.setAttribute("aria-pressed", String(on !== "1"));
      button.value = on;
      throw error;
    }
  }

  async vote(form) {
    const fresh = await this.voted(form);
    form.replaceWith(fresh.querySelector("[data-vote]"));
  }

  /* In the home feed a muted thread goes from before one's eyes; elsewhere it stays, and says so. */
  async mute(form, button) {
    const on = button.value;
    const address = form.getAttribute("action");
    await post(address, { on });
    const item = this.itemOf(form);
    const isHome = on === "1" && HOME_VIEWS.has(this.root.dataset.view);
    const place = document.createComment("");
    if (isHome) item.replaceWith(place);
    else item.replaceWith(element(await fragment(`/posts/${item.dataset.item}`)));
    toast(on === "1" ? form.dataset.muted : form.dataset.unmuted, {
      label: form.dataset.undo,
      undo: async () => {
        await post(address, { on: on === "1" ? "0" : "1" });
        const there = document.getElementById(item.id) ?? place;
        if (there.isConnected) there.replaceWith(element(await fragment(`/posts/${item.dataset.item}`)));
      },
    });
  }

  /* A poll that closed meanwhile is shown as it is now. */
  async voted(form) {
    try {
      return element(await (await post(form.getAttribute("action"), new FormData(form))).text());
    } catch (error) {
      if (error.status !== 403) throw error;
      return element(await fragment(`/posts/${form.dataset.vote}`));
    }
  }

  async unlink(form) {
    const id = this.itemOf(form).dataset.item;
    const address = form.getAttribute("action");
    const show = async (on) => {
      const fresh = element(await (await post(address, { on })).text());
      find(this.root, id)?.querySelector("[data-link]").replaceWith(fresh.querySelector("[data-link]"));
    };
    await show("0");
    toast(form.dataset.words, { label: form.dataset.undo, undo: () => show("1") });
  }

  async refresh(form, button) {
    const item = this.itemOf(form);
    const fresh = await this.send(form, button?.name ? { [button.name]: button.value } : {});
    this.keepThread(item, fresh);
    item.replaceWith(fresh);
    fresh.focus({ preventScroll: true });
  }

  async send(form, fields) {
    const answer = await post(form.getAttribute("action"), fields);
    return element(await answer.text());
  }

  async remove(form) {
    const item = this.itemOf(form);
    const address = form.getAttribute("action");
    await post(address, {});
    const place = document.createComment("");
    item.replaceWith(place);
    toast(form.dataset.words, {
      label: form.dataset.undo,
      undo: async () => {
        const fresh = element(await (await post(address.replace(/delete$/, "restore"), {})).text());
        if (!document.getElementById(fresh.id)) place.replaceWith(fresh);
      },
    });
  }

  async saveEdit(form, button) {
    button?.setAttribute("aria-busy", "true");
    try {
      const answer = await post(form.getAttribute("action"), new FormData(form));
      form.dispatchEvent(new CustomEvent("couth:cleared"));
      const fresh = element(await answer.text());
      const item = this.itemOf(form);
      this.keepThread(item, fresh);
      item.replaceWith(fresh);
      fresh.focus({ preventScroll: true });
    } finally {
      button?.removeAttribute("aria-busy");
    }
  }

  /* An open thread or its replies stay as they are when the words above them change. */
  keepThread(item, fresh) {
    for (const name of ["[data-thread]", "[data-replies]"]) {
      const kept = item.querySelector(name);
      if (kept) fresh.querySelector(name)?.replaceWith(kept);
    }
  }

  async clicked(event) {
    const link = event.target.closest(
      ".pictures a, [data-edit], [data-share], [data-cancel], [data-reply], [data-show-thread], [data-earlier], " +
        "[data-reply-note] button",
    );
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    try {
      if (link.matches(".pictures a")) (await fetched("posts/lightbox"))(link, link.closest(".pictures").dataset);
      else if (link.matches("[data-edit]")) await this.edit(link);
      else if (link.matches("[data-share]")) await (await fetched("posts/share"))(link);
      else if (link.matches("[data-cancel]")) this.cancel(link);
      else if (link.matches("[data-show-thread]")) await this.showThread(this.itemOf(link));
      else if (link.matches("[data-earlier]")) await this.earlier(link);
      else if (link.matches("[data-reply-note] button")) answer(link.closest("form"));
      else await this.reply(link);
    } catch {
      location.assign(link.href ?? location.href);
    }
  }

  async edit(link) {
    const item = this.itemOf(link);
    link.closest("details")?.removeAttribute("open");
    const form = element(await fragment(link.href));
    const body = item.querySelector("[data-body]");
    body.hidden = true;
    item.querySelector("[data-edit-form]")?.remove();
    body.after(form);
    form.querySelector("textarea").focus();
  }

  cancel(link) {
    const item = this.itemOf(link);
    link.closest("[data-edit-form]").remove();
    item.querySelector("[data-body]").hidden = false;
    item.focus({ preventScroll: true });
  }

  async showThread(item) {
    const place = item.querySelector("[data-thread]");
    place.innerHTML = await fragment(`/posts/${item.dataset.item}/comments`);
    item.querySelector("[data-thread-late]")?.remove();
    place.querySelector("textarea")?.focus({ preventScroll: true });
  }

  async earlier(link) {
    const address = new URL(link.href);
    const id = this.root.dataset.alone ?? this.itemOf(link)?.dataset.post;
    const more = document.createElement("template");
    more.innerHTML = await fragment(`/posts/${id}/comments${address.search}`);
    const thread = link.parentElement.querySelector("[data-comments]");
    thread.prepend(...(more.content.querySelector("[data-comments]")?.children ?? []));
    const next = more.content.querySelector("[data-earlier]");
    if (next) link.href = next.href;
    else link.remove();
  }

  async reply(link) {
    const item = this.itemOf(link);
    const id = item.dataset.post;
    if (!document.getElementById(`reply-${id}`)) await this.showThread(document.getElementById(`item-${id}`));
    const form = document.getElementById(`reply-${id}`);
    if ("closed" in form.dataset) return void form.scrollIntoView({ block: "nearest" });
    answer(form, link.dataset.reply, link.dataset.name);
    form.querySelector("textarea").focus();
  }

  /* /posts/1?reply_to=2 as the link without script asks for it */
  answerAsked() {
    const asked = new URLSearchParams(location.search).get("reply_to");
    const link = asked && this.root.querySelector(`[data-reply="${CSS.escape(asked)}"]`);
    if (link) this.reply(link);
  }
}

export function connect(root) {
  const stream = new Stream(root);
  stream.open();
  return () => stream.close();
}
