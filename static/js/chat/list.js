/* The list of conversations: counts that follow what arrives and what is read elsewhere; nothing moves under the hand. */

import { fragment } from "couth/kernel/http.js";
import { names } from "couth/chat/naming.js";

const me = document.body.dataset;
const TYPING_FOR = 6_000;

export function connect(list) {
  const timers = new Map();
  const link = (id) => list.querySelector(`[data-conversation="${CSS.escape(id)}"]`);

  function show(place, count, mentions) {
    place.dataset.count = String(count);
    place.dataset.mentions = String(mentions);
    place.querySelector("[data-badge]")?.remove();
    const isNew = count > 0 && !place.hasAttribute("data-muted");
    place.toggleAttribute("data-unread", isNew);
    if (!isNew) return;
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.dataset.badge = "";
    if (mentions || place.hasAttribute("data-direct")) badge.dataset.tone = "call";
    badge.textContent = String(mentions || count);
    const words = document.createElement("span");
    words.className = "sr-only";
    words.textContent = ` ${mentions ? list.dataset.mentionWords : list.dataset.unreadWords}`;
    badge.append(words);
    place.append(badge);
  }

  /* A conversation that the list does not have yet: the server draws the list anew. */
  async function redraw() {
    const html = await fragment(location.href, { headers: { "X-Fragment": "0" } }).catch(() => null);
    const fresh = html && new DOMParser().parseFromString(html, "text/html").getElementById(list.id);
    if (fresh) list.replaceChildren(...fresh.childNodes);
  }

  function arrived({ detail: { type, data } }) {
    if (type === "conversation.gone") link(data.id)?.closest("li").remove();
    else if (type === "conversation.started" || (type === "conversation.member-joined" && data.person.id === me.viewer)) redraw();
    else if (type === "conversation.changed" && link(data.id)) redraw();
    else if (type === "message.sent") said(data);
  }

  function said(data) {
    const place = link(data.conversation);
    if (!place) return;
    quiet(data.conversation);
    if (!data.shown || data.author.id === me.viewer) return;
    show(place, Number(place.dataset.count) + 1, Number(place.dataset.mentions) + (names(data) ? 1 : 0));
  }

  function read({ detail }) {
    const place = link(detail.conversation);
    if (place) show(place, detail.unread, detail.mentions);
  }

  function counted({ detail }) {
    const counts = new Map(detail.items.map((one) => [one.conversation, one]));
    for (const place of list.querySelectorAll("[data-conversation]")) {
      const one = counts.get(place.dataset.conversation);
      show(place, one?.unread ?? 0, one?.mentions ?? 0);
    }
  }

  function typing({ detail }) {
    if (detail.person_id === me.viewer || detail.root) return;
    const dots = link(detail.conversation)?.querySelector("[data-typing]");
    if (!dots) return;
    dots.hidden = false;
    clearTimeout(timers.get(detail.conversation));
    timers.set(detail.conversation, setTimeout(() => quiet(detail.conversation), TYPING_FOR));
  }

  function quiet(id) {
    const dots = link(id)?.querySelector("[data-typing]");
    if (dots) dots.hidden = true;
  }

  const jump = list.querySelector("[data-palette]");
  jump.hidden = false;
  const pressed = (event) => event.target.closest("[data-palette]") && document.dispatchEvent(new CustomEvent("couth:palette"));
  const heard = { "couth:event": arrived, "couth:read": read, "couth:unread": counted, "couth:typing": typing };
  list.addEventListener("click", pressed);
  for (const [name, work] of Object.entries(heard)) document.addEventListener(name, work);
  return () => {
    list.removeEventListener("click", pressed);
    for (const [name, work] of Object.entries(heard)) document.removeEventListener(name, work);
  };
}
