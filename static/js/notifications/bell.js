/* The bell counts what needs the reader, the same on all their devices, and says what comes in. A page that shows the
   thing itself marks it as read. */

import { json, post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

const MOST = 99;
const SPREAD = 4_000; // an announcement reaches everybody: not all windows ask at the same moment
const POST = /^\/posts\/(\d+)/;

class Bell {
  constructor(place) {
    this.place = place;
    this.ended = new AbortController();
  }

  open() {
    const { signal } = this.ended;
    document.addEventListener("couth:event", ({ detail }) => this.happened(detail), { signal });
    document.addEventListener("couth:resync", () => this.count(), { signal });
    document.addEventListener("visibilitychange", () => this.seePost(), { signal });
    this.seePost();
  }

  close() {
    this.ended.abort();
  }

  get post() {
    return location.pathname.match(POST)?.[1] ?? null;
  }

  /* An open post that is being looked at has been seen. */
  async seePost() {
    if (!this.post || document.hidden || this.place.querySelector("[data-unread-count]").hidden) return;
    await post("/notifications/read", { post: this.post }).catch(() => {});
  }

  happened({ type, data }) {
    if (type === "notices.changed") this.changed(data);
    if (type === "post.published" && data?.kind === "announcement") {
      setTimeout(() => this.count(), SPREAD * (0.5 + Math.random()));
    }
  }

  async changed({ unread, notice, post: about }) {
    this.show(unread);
    if (about && about === this.post && !document.hidden) {
      if (notice) await post("/notifications/read", { post: about }).catch(() => {});
      return;
    }
    if (notice) this.say(notice);
  }

  async say(notice) {
    const found = await json(`/notifications/${notice}`).catch(() => null);
    if (!found) return;
    const open = () => {
      post("/notifications/read", { notice }, { keepalive: true }).catch(() => {});
      location.assign(found.url);
    };
    toast(found.words, { label: this.place.dataset.open, undo: open });
  }

  async count() {
    const found = await json("/notifications/count").catch(() => null);
    if (found) this.show(found.unread);
  }

  show(unread) {
    const { none, one, many } = this.place.dataset;
    this.place.setAttribute("aria-label", unread === 0 ? none : unread === 1 ? one : many.replace("{n}", said(unread)));
    for (const badge of document.querySelectorAll("[data-unread-count]")) {
      badge.hidden = unread === 0;
      badge.textContent = said(unread);
    }
  }
}

function said(count) {
  return count > MOST ? `${MOST}+` : String(count);
}

export function connect(place) {
  const bell = new Bell(place);
  bell.open();
  return () => bell.close();
}
