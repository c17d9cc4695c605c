/* How much waits in chat, on every page: conversations with something new. Messages add to it as they arrive, the read
   pointer of any of the reader's windows takes off, and after a gap the server is asked. */

import { json } from "couth/kernel/http.js";
import { drain } from "couth/chat/outbox.js"; // what waits to be sent goes out from any page

const me = document.body.dataset;

export function connect(link) {
  const waiting = new Set(link.dataset.waiting.split(" ").filter(Boolean));
  const muted = () => new Set([...document.querySelectorAll(".room-link[data-muted]")].map((one) => one.dataset.conversation));

  function show() {
    for (const place of [link, document.querySelector("[data-chat-waiting]")]) {
      if (!place) continue;
      place.querySelector("[data-badge]")?.remove();
      place.toggleAttribute("data-unread", waiting.size > 0);
      if (!waiting.size) continue;
      const badge = document.createElement("span");
      badge.className = "badge";
      badge.dataset.badge = "";
      badge.textContent = String(waiting.size);
      const words = document.createElement("span");
      words.className = "sr-only";
      words.textContent = ` ${link.dataset.words}`;
      badge.append(words);
      place.append(badge);
    }
  }

  function arrived({ detail: { type, data } }) {
    if (type === "conversation.gone") waiting.delete(data.id);
    else if (type === "message.deleted" && waiting.has(data.conversation)) return void ask();
    else if (type !== "message.sent" || !data.shown || data.author.id === me.viewer || quiet.has(data.conversation)) return;
    else waiting.add(data.conversation);
    show();
  }

  function read({ detail }) {
    if (detail.unread && !muted().has(detail.conversation) && !quiet.has(detail.conversation)) waiting.add(detail.conversation);
    else waiting.delete(detail.conversation);
    show();
  }

  let quiet = muted();
  async function ask() {
    const counts = await json("/api/v1/unread").catch(() => null);
    if (!counts) return;
    waiting.clear();
    for (const id of counts.badge) waiting.add(id);
    quiet = new Set(counts.muted);
    show();
    document.dispatchEvent(new CustomEvent("couth:unread", { detail: counts }));
  }

  document.addEventListener("couth:event", arrived);
  document.addEventListener("couth:read", read);
  document.addEventListener("couth:caught-up", ask);
  document.addEventListener("couth:resync", ask);
  show();
  drain();
  return () => {
    document.removeEventListener("couth:event", arrived);
    document.removeEventListener("couth:read", read);
    document.removeEventListener("couth:caught-up", ask);
    document.removeEventListener("couth:resync", ask);
  };
}
