/* An open conversation: what arrives, history both ways without moving what is read, the read pointer, who is writing. */

import { element, fragment, newKey } from "couth/kernel/http.js";
import { call } from "couth/kernel/live.js";
import { toast } from "couth/kernel/toast.js";
import { words } from "couth/kernel/words.js";
import { arrange, build, find, hold, previewed, reactions, setClocks } from "couth/chat/message.js";
import { Anchor } from "couth/chat/anchor.js";
import { toggled } from "couth/chat/menus.js";
import { Deeds } from "couth/chat/deeds.js";
import { entries, forget, retry } from "couth/chat/outbox.js";
import { Reading } from "couth/chat/reading.js";
import { Writing } from "couth/chat/writing.js";

const me = document.body.dataset;

class Conversation {
  constructor(room) {
    this.room = room;
    this.id = room.dataset.conversation;
    this.log = room.querySelector("[data-log]");
    this.stretch = room.querySelector(".stretch");
    this.keeps = room.hasAttribute("data-keeper");
    this.side = document.querySelector("[data-thread-of]");
    this.sideLog = document.querySelector("[data-thread-log]");
    this.anchor = new Anchor(this.log, () => !this.stretch.dataset.newer);
    this.sideAnchor = this.sideLog && new Anchor(this.sideLog);
    this.writing = new Writing(room.querySelector("[data-typing-line]"));
    this.reading = new Reading(room, this.log, this.stretch);
    this.deeds = new Deeds(this);
    this.below = 0;
    this.ended = new AbortController();
  }

  open() {
    const { signal } = this.ended;
    const on = (target, name, work) => target.addEventListener(name, work, { signal });
    for (const log of this.logs) {
      setClocks(log);
      arrange(log);
    }
    on(document, "couth:event", ({ detail }) => this.arrived(detail));
    on(document, "couth:typing", ({ detail }) => this.typing(detail));
    on(document, "couth:receipt", ({ detail }) => this.reading.receipt(detail));
    on(document, "couth:chat-outbox", ({ detail }) => this.own(detail));
    on(document, "couth:resync", () => location.assign(`/chat/${this.id}?newest=1`));
    on(document, "couth:edit-last", () => this.deeds.editLast());
    on(document.querySelector(".chat"), "submit", (event) => this.deeds.submitted(event));
    on(document.querySelector(".chat"), "click", (event) => this.deeds.clicked(event));
    document.querySelector(".chat").addEventListener("toggle", toggled, { signal, capture: true }); // it does not bubble
    on(document.querySelector(".chat"), "keydown", (event) => this.deeds.key(event));
    on(document, "keydown", (event) => this.deeds.search(event));
    on(this.log, "scroll", () => this.scrolled());
    on(document, "visibilitychange", () => this.reading.seeSoon());
    on(window, "focus", () => this.reading.seeSoon());
    for (const entry of entries()) if (entry.conversation === this.id) this.own({ nonce: entry.nonce, state: "new", entry });
    this.settle();
    this.reading.showReaders();
  }

  close() {
    this.ended.abort();
    this.anchor.close();
    this.sideAnchor?.close();
    this.reading.end();
  }

  get logs() {
    return [this.log, this.sideLog].filter(Boolean);
  }

  /* Where the page opens: at the message that the address names, at the first new one, or at the end. */
  settle() {
    const named = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const first = this.log.querySelector("#new");
    const target = named && this.log.contains(named) ? named : first;
    this.anchor.open();
    if (target) this.anchor.show(target, named === target ? "center" : "start");
    else this.toEnd();
    this.sideAnchor?.open();
    this.sideAnchor?.toEnd();
    this.scrolled();
    this.reading.seeSoon();
  }

  toEnd() {
    this.anchor.toEnd();
  }

  /* History */

  scrolled() {
    if (this.log.scrollTop < 600 && this.stretch.dataset.older) this.load("older");
    const below = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight;
    if (below < 600 && this.stretch.dataset.newer) this.load("newer");
    if (this.anchor.isAtEnd) this.below = 0;
    this.showPill();
    this.reading.seeSoon();
  }

  showPill() {
    const pill = this.room.querySelector("[data-newest]");
    const far = this.stretch.dataset.newer || this.log.scrollHeight - this.log.scrollTop > 3 * this.log.clientHeight;
    pill.hidden = !(this.below || far) || this.anchor.isAtEnd;
    const { words: many, plain } = pill.dataset;
    pill.querySelector("span").textContent = this.below ? many.replace("{n}", String(this.below)) : plain;
  }

  async load(way) {
    if (this.loading) return;
    this.loading = true;
    const from = this.stretch.dataset[way];
    try {
      const html = await fragment(`/chat/${this.id}?${way === "older" ? "before" : "after"}=${from}`);
      const fresh = element(html);
      const items = [...fresh.querySelectorAll("[data-message]")].filter((item) => !find(item.dataset.message));
      setClocks(fresh);
      if (way === "older") this.stretch.prepend(...items);
      else this.insertPending(items);
      this.stretch.dataset[way] = fresh.dataset[way];
      this.room.querySelector(`.messages-${way}`).hidden = !fresh.dataset[way];
      arrange(this.log);
    } catch {
      // the link stays, and the next scroll tries again
    } finally {
      this.loading = false;
    }
  }

  insertPending(items) {
    const pending = this.stretch.querySelector("[data-pending]");
    for (const item of items) pending ? pending.before(item) : this.stretch.append(item);
  }

  /* What the line brings */

  arrived({ type, data }) {
    if (type === "conversation.gone" && data.id === this.id) return this.gone();
    if (type === "conversation.inspected" && data.id === this.id) return void this.inspected();
    if (type.startsWith("conversation.") && data.id === this.id) return this.changed(type, data);
    if (type === "file.previewed") return void previewed(data);
    if (!type.startsWith("message.") || data.conversation !== this.id) return undefined;
    if (type === "message.sent") return this.said(data);
    if (type === "message.reacted") return this.reacted(data);
    if (type === "message.asked" || type === "message.answered") return void this.refresh(data.id);
    return this.replace(data);
  }

  said(data) {
    this.writing.stop(data.author.id);
    if (data.root) this.replied(data);
    if (data.shown) this.add(this.log, this.stretch, data);
    if (data.forwarded) this.refresh(data.id);
    this.reading.showReaders();
  }

  add(log, place, data) {
    if (log.querySelector(`[data-message="${data.id}"]`)) return;
    const pending = log.querySelector(`[data-pending][data-nonce="${CSS.escape(data.nonce ?? "")}"]`);
    const isMain = log === this.log;
    if (isMain && this.stretch.dataset.newer) {
      // What lies between is not here yet: it comes with the stretch that holds it.
      pending?.remove();
      this.below += 1;
      return void this.showPill();
    }
    const anchor = isMain ? this.anchor : this.sideAnchor;
    const follows = anchor.isAtEnd;
    this.room.querySelector("[data-nothing]")?.remove();
    const item = build(data, { keeps: this.keeps });
    pending?.remove();
    const before = [...place.querySelectorAll(":scope > [data-message]")]
      .filter((one) => !one.hasAttribute("data-pending") && Number(one.dataset.position) < data.position)
      .pop();
    if (before) (before.nextElementSibling?.matches("[data-replies]") ? before.nextElementSibling : before).after(item);
    else if (place === this.stretch) place.prepend(item);
    else place.append(item);
    item.toggleAttribute("data-arrived", !pending && data.author.id !== me.viewer);
    arrange(log);
    if (follows || pending) anchor.toEnd();
    else if (isMain && data.author.id !== me.viewer) this.below += 1;
    this.showPill();
    this.reading.seeSoon();
  }

  replied(data) {
    const side = this.sideLog;
    if (side && this.side?.dataset.threadOf === data.root) {
      this.add(side, side, data);
      this.countPeople();
      if (data.author.id === me.viewer && this.side.querySelector(`[data-follow-thread] [aria-pressed="false"]`)) {
        this.freshen("[data-follow-thread]");
      }
      if (document.visibilityState === "visible") call("chat:read", { message_id: data.id, thread: true }).catch(() => {});
    }
    this.refresh(data.root);
  }

  /* Parts of the page as somebody would get them who opened it now. */
  async freshen(...parts) {
    const html = await fragment(location.href, { headers: { "X-Fragment": "0" } }).catch(() => "");
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const part of parts) {
      const [fresh, old] = [page.querySelector(part), document.querySelector(part)];
      if (fresh && old) old.replaceWith(fresh);
    }
    // Gone with the foot of a room that one was taken out of.
    this.writing.line = this.room.querySelector("[data-typing-line]") ?? this.writing.line;
  }

  countPeople() {
    const said = this.side.querySelector("[data-people]");
    const count = new Set([...this.sideAnchor.items].map((item) => item.dataset.author)).size;
    said.textContent = count === 1 ? said.dataset.one : said.dataset.many.replace("{n}", String(count));
  }

  /* One's own marks, or what hangs on it: the server says. */
  async refresh(id, { byHand = false } = {}) {
    for (const old of document.querySelectorAll(`.chat [data-message="${CSS.escape(id)}"]`)) {
      const fresh = element(await fragment(`/chat/messages/${id}`));
      setClocks(fresh);
      fresh.toggleAttribute("data-follows", old.hasAttribute("data-follows"));
      if (!byHand) hold(fresh, old);
      if (old.isConnected && !old.querySelector("[data-edit-form]")) old.replaceWith(fresh);
    }
    const count = document.querySelector(`[data-thread-of="${CSS.escape(id)}"] [data-reply-count]`);
    const said = find(id)?.querySelector("[data-thread] b")?.textContent;
    if (count && said) count.textContent = said;
  }

  replace(data) {
    const isAsked = Boolean(find(data.id)?.querySelector("[data-request]"));
    for (const log of this.logs) {
      const old = log.querySelector(`[data-message="${CSS.escape(data.id)}"]`);
      if (!old || old.querySelector("[data-edit-form]")) continue;
      const fresh = build(data, { keeps: this.keeps, old });
      old.replaceWith(fresh);
      arrange(log);
    }
    const pinned = `[data-pins] [href$="/${data.id}"], [data-pins] [href$="message-${data.id}"]`;
    if (data.pinned || this.room.querySelector(pinned)) this.freshen("[data-pins]");
    if (data.root && data.deleted) this.refresh(data.root);
    if ((data.forwarded || isAsked) && !data.deleted) this.refresh(data.id);
  }

  reacted(data) {
    if (data.person_id === me.viewer) return void this.refresh(data.id, { byHand: true });
    for (const log of this.logs) {
      const item = log.querySelector(`[data-message="${CSS.escape(data.id)}"]`);
      if (!item) continue;
      const before = item.cloneNode(true);
      reactions(item, data.reactions);
      hold(item, before);
    }
  }

  changed(type, data) {
    const count = this.room.querySelector("[data-member-count]");
    if (count) count.textContent = String(data.member_count);
    if (type !== "conversation.changed") return;
    const name = this.room.querySelector("#room-name bdi");
    if (data.kind === "room") name.textContent = data.name;
    const foot = this.room.querySelector(".room-foot"); // none for whoever was just taken out
    this.freshen(".room-topic", ...(foot?.dataset.archived === (data.archived ? "yes" : "no") ? [] : [".room-foot"]));
  }

  /* Somebody from outside may read it now, or no longer. */
  async inspected() {
    this.room.querySelector("[data-inspected]")?.replaceWith(element(await fragment(`/chat/${this.id}/inspections`)));
  }

  gone() {
    const own = ".chat :is(.room-foot, [data-pins], .room-topic, .chat-thread .message-box)";
    for (const part of document.querySelectorAll(own)) part.remove();
    for (const log of this.logs) log.replaceChildren();
    toast(words().gone);
    setTimeout(() => location.assign("/chat"), 1_500);
  }

  /* One's own words on their way */

  own({ nonce, state, entry, message, reason, asks }) {
    if (state === "new" && entry.conversation === this.id) return this.show(entry);
    if (state === "sent" && message?.conversation === this.id) {
      this.said(message);
      return document.querySelector(`[data-pending][data-nonce="${CSS.escape(nonce)}"]`)?.remove();
    }
    const item = document.querySelector(`[data-pending][data-nonce="${CSS.escape(nonce)}"]`);
    return item && this.mark(item, nonce, state, reason, asks);
  }

  show(entry) {
    const isReply = Boolean(entry.root);
    const log = isReply ? this.sideLog : this.log;
    if (!log || (isReply && this.side?.dataset.threadOf !== entry.root)) return;
    if (document.querySelector(`[data-nonce="${CSS.escape(entry.nonce)}"]`)) return;
    const item = document.querySelector('template[data-shape="message"]').content.firstElementChild.cloneNode(true);
    for (const part of item.querySelectorAll("[id]")) part.removeAttribute("id");
    item.removeAttribute("id");
    item.removeAttribute("aria-labelledby");
    item.querySelector(".message-tools")?.remove();
    Object.assign(item.dataset, { pending: "", nonce: entry.nonce, at: new Date().toISOString(), message: newKey() });
    item.dataset.position = String(Number.MAX_SAFE_INTEGER);
    const body = item.querySelector("[data-body]");
    body.dataset.plain = "";
    body.textContent = entry.text || words().arrived;
    (isReply ? log : this.stretch).append(item);
    setClocks(item);
    arrange(log);
    this.mark(item, entry.nonce, entry.state === "refused" ? "refused" : "sending", entry.reason);
    (isReply ? this.sideAnchor : this.anchor).toEnd();
  }

  mark(item, nonce, state, reason = "", asks = false) {
    const line = item.querySelector("[data-send-state]");
    const said = words();
    line.hidden = false;
    item.dataset.state = state === "refused" ? "failed" : "sending";
    line.dataset.state = item.dataset.state;
    line.setAttribute("role", state === "refused" ? "alert" : "status");
    line.textContent = { sending: said.sending, waiting: said.waiting, refused: `${said.refused} ${reason} ` }[state] ?? "";
    if (state !== "refused") return;
    line.append(
      button(asks ? said.confirm : said.retry, () => retry(nonce, asks ? { confirm: true } : {})),
      button(said.discard, () => {
        forget(nonce);
        item.remove();
      }),
    );
  }

  typing(said) {
    if (said.conversation === this.id && said.person_id !== me.viewer && !said.root) this.writing.heard(said);
  }
}

function button(label, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", work);
  return made;
}

export function connect(room) {
  const conversation = new Conversation(room);
  conversation.open();
  return () => conversation.close();
}
