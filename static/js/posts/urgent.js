/* Urgent announcements above every page. One that comes in stands there at once, from what was pushed: nobody asks the
   server for it. It goes when its reader acknowledges it, here or anywhere else, or when it is taken back. */

import { post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";
import { words } from "couth/kernel/words.js";

const LONGEST = 90;

/* The plain words of the first block, as the server shows them on the next page. */
function beginning(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const line = (body.firstElementChild ?? body).textContent.replace(/\s+/g, " ").trim();
  if (line.length <= LONGEST) return line;
  const blank = line.lastIndexOf(" ", LONGEST - 1);
  return `${line.slice(0, blank < LONGEST / 2 ? LONGEST : blank)}…`;
}

export function connect(place) {
  const pattern = place.querySelector("template[data-urgent]");
  const ended = new AbortController();
  const { signal } = ended;
  const find = (id) => place.querySelector(`[data-asks="${CSS.escape(String(id))}"]`);
  const done = (id) => find(id)?.remove();

  function arrived({ id, author, html, announcement }) {
    if (!announcement?.urgent || author.id === document.body.dataset.viewer || find(id)) return;
    const banner = pattern.content.firstElementChild.cloneNode(true);
    banner.dataset.asks = id;
    const title = beginning(html);
    const [link, hidden] = banner.querySelectorAll("[data-title]");
    link.href = `/posts/${id}`;
    if (title) link.firstElementChild.textContent = title;
    hidden.textContent = `: ${title}`;
    banner.querySelector("form").setAttribute("action", `/posts/${id}/acknowledge`);
    place.prepend(banner);
  }

  async function submitted(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button");
    button.setAttribute("aria-disabled", "true");
    try {
      await post(form.getAttribute("action"), {});
      done(form.closest("[data-asks]").dataset.asks);
    } catch (error) {
      button.removeAttribute("aria-disabled");
      toast(error.message || words().lost);
    }
  }

  function told({ detail: { type, data } }) {
    if (type === "post.published" && data) arrived(data);
    else if (type === "announcement.acknowledged" && data.person_id === document.body.dataset.viewer) done(data.id);
    else if (type === "post.deleted") done(data.id);
  }

  place.addEventListener("submit", submitted, { signal });
  document.addEventListener("couth:event", told, { signal });
  return () => ended.abort();
}
