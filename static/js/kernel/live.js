/* The live line: one socket a tab. Every durable push carries the outbox id; after a gap the missed ones are fetched,
   and each reaches the page exactly once and in order as the DOM event `couth:event`. */

import { json, Problem } from "couth/kernel/http.js";

const RECONNECTING_AFTER = 3_000;
const OFFLINE_AFTER = 30_000;
const RETRY_AFTER = 2_000;
const COME_BACK_AFTER = 1_000; // and twice as long each time that the server shows the way out at once
const COME_BACK_WITHIN = 60_000;
const ANSWERS_WITHIN = 8_000; // a line that says nothing for so long while it opens is none
// The second where the server says why: the client takes no words with it.
const SHOWN_OUT = ["io server disconnect", "parse error"];
const PAINTED_WITHIN = 500;
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

let socket = null;

/** An acknowledged call, `call("chat:send", {...})`; rejects when the line is down. */
export function call(name, data) {
  return socket?.connected ? socket.timeout(10_000).emitWithAck(name, data) : Promise.reject(new Error("offline"));
}

function painted() {
  const drawn = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const soon = new Promise((resolve) => setTimeout(resolve, PAINTED_WITHIN)); // a tab in the background draws nothing
  return Promise.race([drawn, soon]);
}

class Line {
  constructor(frame) {
    this.frame = frame;
    this.isClosed = false;
    this.since = Number(frame.dataset.since || 0);
    this.waiting = [];
    this.turn = 0;
    this.behind = true; // events may be missing since the page was made: pushes wait until the gap is filled
    this.lost = 0;
    this.ended = 0; // by the server, since it last let this socket stay
    this.seenAt = new Date();
  }

  /* The page is painted before the line is even fetched: whoever opened it came to read. */
  async open() {
    this.startFromKept();
    try {
      await painted();
      const { io } = await import("socket.io-client");
      if (!this.isClosed) this.connectWith(io);
    } catch {
      this.disconnected();
      setTimeout(() => this.isClosed || this.open(), RETRY_AFTER);
    }
  }

  connectWith(io) {
    // By polling where no websocket gets through; the client does not look further than the first by itself.
    socket = io({
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      timeout: ANSWERS_WITHIN,
      reconnectionDelay: 300,
      reconnectionDelayMax: 5_000,
    });
    socket.on("connect", () => this.connected());
    socket.on("disconnect", (why) => {
      this.disconnected();
      if (SHOWN_OUT.includes(why)) this.shownOut();
    });
    socket.on("connect_error", () => this.unanswered());
    socket.on("event", (event) => this.arrived(event));
    socket.on("rooms", () => this.watched && this.watchPage());
    for (const name of ["presence", "typing", "writing", "read", "receipt"]) {
      socket.on(name, (data) => document.dispatchEvent(new CustomEvent(`couth:${name}`, { detail: data })));
    }
    this.onOnline = () => socket.connect();
    addEventListener("online", this.onOnline);
  }

  /* A page that the service worker kept says at once from when it is. */
  startFromKept() {
    const at = document.body.dataset.keptAt;
    if (!at) return;
    this.seenAt = new Date(at);
    this.behind = true;
    this.lost = Date.now() - OFFLINE_AFTER - 1;
    this.state("lost");
  }

  close() {
    this.isClosed = true;
    removeEventListener("online", this.onOnline);
    clearInterval(this.watch);
    socket?.disconnect();
    socket = null;
  }

  /* The server greets before the socket stands in its rooms, and answers a call after that: what is pushed from the
     answer on is heard, and all before it is fetched. */
  async connected() {
    if (!(await this.watchPage())) return;
    this.ended = 0;
    document.dispatchEvent(new CustomEvent("couth:connected"));
    if (!(await this.catchUp())) return;
    if (this.lost) document.dispatchEvent(new CustomEvent("couth:caught-up"));
    this.state("live");
  }

  /* A page that shows an audience its reader has not joined, such as an open group, asks to hear it too; where it may
     not any more, it hears that as `couth:shut`. */
  get watched() {
    return document.querySelector("[data-watch]")?.dataset.watch ?? "";
  }

  async watchPage() {
    const { watched } = this;
    const answer = await call("watch", { audience: watched || null }).catch(() => null);
    if (watched && answer && !answer.ok) document.dispatchEvent(new CustomEvent("couth:shut"));
    return Boolean(socket?.connected);
  }

  disconnected() {
    this.behind = true;
    if (this.lost) return;
    this.lost = Date.now();
    this.seenAt = new Date(); // up to now the page was what the server had
    this.state("lost");
    this.watch = setInterval(() => this.state("lost"), 1_000);
  }

  /* Where something between lets a websocket in and never answers, no error leads on to polling: it comes first from now
     on, and what goes by it becomes a websocket again as soon as one answers. */
  unanswered() {
    socket.io.opts.transports = ["polling", "websocket"];
    this.disconnected();
  }

  /* The client would come back by itself at once, and for ever where the cookie does not reach the socket. */
  shownOut() {
    socket.disconnect();
    setTimeout(() => this.comeBack(), Math.min(COME_BACK_AFTER * 2 ** this.ended++, COME_BACK_WITHIN));
  }

  /* The server ends all sockets of a person when one session of theirs ends: those that still hold come back. */
  async comeBack() {
    try {
      await json(`/api/v1/events?since=${this.since}`);
      socket?.connect();
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.signedOut();
      else if (error instanceof Problem && error.status === 410) socket?.connect();
      else setTimeout(() => this.comeBack(), RETRY_AFTER);
    }
  }

  /* What is written stays on the page and in its draft; the banner leads to the door. */
  signedOut() {
    clearInterval(this.watch);
    socket?.disconnect();
    this.frame.dataset.connection = "lost";
    const words = this.frame.querySelector("[data-connection-words]");
    if (words) words.textContent = words.dataset.out ?? "Signed out";
    this.banner(document.querySelector("[data-connection-banner]"), "signed-out");
    this.waitForReturn();
  }

  /* Whoever signs in again in another tab goes on here; what somebody else may read does not come to this page. */
  waitForReturn() {
    const look = async () => {
      const me = await json("/api/v1/me").catch(() => null);
      if (this.isClosed) return;
      if (me?.id === document.body.dataset.viewer) socket?.connect();
      else this.waitForReturn();
    };
    addEventListener("focus", look, { once: true });
  }

  arrived(event) {
    if (this.behind) this.waiting.push(event);
    else this.deliver(event);
  }

  deliver(event) {
    if (event.id <= this.since) return;
    this.since = event.id;
    document.dispatchEvent(new CustomEvent("couth:event", { detail: event }));
  }

  /** Fill the gap; true when the page is up to date again. A failure keeps the pushes waiting and tries again. */
  async catchUp() {
    const turn = ++this.turn;
    this.behind = true;
    try {
      await this.fetchMissed();
    } catch (error) {
      if (!(error instanceof Problem && error.status === 410)) {
        setTimeout(() => socket?.connected && this.connected(), RETRY_AFTER);
        return false;
      }
      await this.startAfresh();
    }
    if (turn !== this.turn) return false; // the line broke once more: the later turn goes on
    this.behind = false;
    this.waiting.splice(0).forEach((event) => this.deliver(event));
    return true;
  }

  async fetchMissed() {
    for (let more = true; more; ) {
      const missed = await json(`/api/v1/events?since=${this.since}&watch=${this.watched}`);
      missed.items.forEach((event) => this.deliver(event));
      more = missed.next !== null;
      if (!more) this.since = Math.max(this.since, missed.newest ?? 0);
    }
  }

  /* The missed events are gone: whoever shows something asks for it again. */
  async startAfresh() {
    const present = await json("/api/v1/events?since=0").catch(() => ({}));
    this.since = Math.max(this.since, present.newest ?? 0);
    document.dispatchEvent(new CustomEvent("couth:resync"));
  }

  state(name) {
    const place = document.querySelector("[data-connection-banner]");
    const words = this.frame.querySelector("[data-connection-words]");
    const gone = this.lost ? Date.now() - this.lost : 0;
    if (name === "live") {
      clearInterval(this.watch);
      this.frame.dataset.connection = "live";
      if (words) words.textContent = words.dataset.live ?? "Live";
      if (gone > RECONNECTING_AFTER) this.banner(place, "back");
      else place?.replaceChildren();
      this.lost = 0;
    } else if (gone > OFFLINE_AFTER) this.banner(place, "offline");
    else if (gone > RECONNECTING_AFTER) this.banner(place, "reconnecting");
    if (name === "lost" && gone > RECONNECTING_AFTER) {
      this.frame.dataset.connection = "lost";
      if (words) words.textContent = words.dataset.lost ?? "Reconnecting";
    }
  }

  banner(place, kind) {
    if (!place || place.dataset.kind === kind) return;
    const template = document.querySelector(`template[data-connection-state="${kind}"]`);
    if (!template) return;
    place.dataset.kind = kind;
    const banner = template.content.cloneNode(true);
    const time = banner.querySelector("time");
    if (time) time.textContent = this.seenAt.toLocaleTimeString(document.documentElement.lang, CLOCK);
    place.replaceChildren(banner);
    if (kind !== "back") return;
    setTimeout(() => {
      if (place.dataset.kind !== "back") return;
      place.replaceChildren();
      delete place.dataset.kind;
    }, 4_000);
  }
}

export function connect(frame) {
  if (!document.body.dataset.viewer) return undefined;
  const line = new Line(frame);
  line.open();
  return () => line.close();
}
