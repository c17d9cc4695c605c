/* New posts announce themselves with a pill; they come in when the reader asks for them, so nothing being read moves.
   The pill counts exactly the posts that this feed would show and does not show yet. */

import { element, fragment } from "couth/kernel/http.js";
import { isBusy } from "couth/posts/outbox.js";

const FACES = 3;

class Arrivals {
  constructor(feed) {
    this.feed = feed;
    this.pill = document.querySelector("[data-new-posts]");
    this.people = new Set((feed.dataset.people ?? "").split(" "));
    this.topics = new Set((feed.dataset.topics ?? "").split(" "));
    this.groups = new Set((feed.dataset.groups ?? "").split(" "));
    this.view = feed.dataset.view;
    this.source = feed.dataset.source ?? `/?view=${feed.dataset.view}`;
    this.left = new Set();
    this.waiting = new Map();
    this.ended = new AbortController();
  }

  open() {
    const { signal } = this.ended;
    // Further down the list the newest posts are somewhere else.
    if (!this.pill || (!this.feed.dataset.newest && this.feed.childElementCount)) return;
    this.follows = new BroadcastChannel("couth-follows");
    this.follows.onmessage = ({ data }) => this.followed(data);
    document.addEventListener("couth:event", ({ detail }) => this.arrived(detail), { signal });
    document.addEventListener("couth:resync", () => this.fetchNewer(), { signal });
    document.addEventListener("couth:outbox", () => this.show(), { signal });
    document.addEventListener("couth:sent", () => this.settle(), { signal });
    this.pill.addEventListener("click", () => this.bringIn(), { signal });
  }

  close() {
    this.ended.abort();
    this.follows?.close();
  }

  /* Somebody or something was followed or left just now, here or in another window: "/people/alice", "/topics/ssl". */
  followed({ address, follows }) {
    const known = address.startsWith("/people/") ? this.people : this.topics;
    const name = decodeURIComponent(address.split("/").pop());
    if (follows) known.add(name);
    else this.left.add(address);
    if (follows) this.left.delete(address);
  }

  isFollowed(author) {
    if (this.left.has(`/people/${author.username}`)) return false;
    return this.people.has(author.id) || this.people.has(author.username);
  }

  belongs(post) {
    if (this.view === "everyone") return true;
    const praised = (post.praise?.people ?? []).map((person) => person.id);
    if (this.view === "praise") return praised.includes(this.feed.dataset.praised);
    if (this.view === "list" || this.view === "person") return this.people.has(post.author.id);
    if (this.view === "topic") return post.topics.some((topic) => this.topics.has(topic));
    const isMine = post.author.id === document.body.dataset.viewer;
    if (isMine && this.view === "catch-up") return false;
    if (this.groups.has(post.audience.id)) return true;
    if (this.view === "group") return false;
    if (this.view === "for-you" && post.html.includes(` data-person="${document.body.dataset.username}"`)) return true;
    const isAbout = post.topics.some((topic) => this.topics.has(topic) && !this.left.has(`/topics/${topic}`));
    const praisesMe = praised.includes(document.body.dataset.viewer);
    return isMine || isAbout || praisesMe || this.isFollowed(post.author) || post.kind === "announcement";
  }

  /* Somewhere before the end of catching up, what arrives is met on the way. */
  get isOnTheWay() {
    return this.isOldestFirst && document.querySelector(".page-main [rel='next']") !== null;
  }

  arrived({ type, data }) {
    if (type === "post.published" && this.belongs(data) && !this.isOnTheWay) this.waiting.set(data.id, data);
    else if (type === "post.deleted") this.waiting.delete(data.id);
    else if (type === "group.member-joined" && data.person_id === document.body.dataset.viewer) this.groups.add(data.id);
    else return;
    this.show();
  }

  settle() {
    document.querySelector("[data-nothing]")?.remove();
    this.show();
  }

  show() {
    for (const id of this.waiting.keys()) if (document.getElementById(`item-${id}`)) this.waiting.delete(id);
    const mine = document.body.dataset.viewer;
    // One's own post on its way comes back as the answer to its sending, not as news.
    const news = [...this.waiting.values()].filter((post) => !(isBusy() && post.author.id === mine));
    this.pill.hidden = news.length === 0;
    if (!news.length) return;
    const words = this.pill.dataset;
    const said = news.length === 1 ? words.one : words.many.replace("{n}", String(news.length));
    this.pill.querySelector("[data-count]").textContent = said;
    this.faces(news);
  }

  faces(news) {
    const authors = new Map(news.map((post) => [post.author.id, post.author]));
    const faces = [...authors.values()].slice(-FACES).map(face);
    this.pill.querySelector(".faces").replaceChildren(...faces);
  }

  async bringIn() {
    this.pill.setAttribute("aria-busy", "true");
    const wanted = [...this.waiting.keys()].sort(byAge);
    try {
      const articles = await Promise.all(wanted.map((id) => this.article(id)));
      for (const article of articles) if (article && !document.getElementById(article.id)) this.insert(article);
      for (const id of wanted) this.waiting.delete(id);
      document.querySelector("[data-nothing]")?.remove();
      this.show();
      const first = document.getElementById(`item-${wanted[this.isOldestFirst ? 0 : wanted.length - 1]}`);
      // On a topic's page the posts stand further down.
      if (this.isOldestFirst || this.view === "topic") first?.scrollIntoView({ block: "center" });
      else scrollTo({ top: 0 });
      first?.focus({ preventScroll: true });
    } finally {
      this.pill.removeAttribute("aria-busy");
    }
  }

  async article(id) {
    try {
      return element(await fragment(this.view === "for-you" ? `/feed/items/${id}` : `/posts/${id}`));
    } catch {
      return null; // deleted meanwhile
    }
  }

  /* Catching up goes from the oldest to now; what is in an order of its own begins with what just came. */
  get isOldestFirst() {
    return this.view === "catch-up";
  }

  insert(article) {
    if (this.isOldestFirst) return void this.feed.append(article);
    if (this.view === "for-you") return void this.feed.prepend(article);
    const shown = [...this.feed.querySelectorAll(":scope > [data-item]")];
    const older = shown.find((one) => byAge(one.dataset.item, article.dataset.item) < 0);
    if (older) older.before(article);
    else this.feed.append(article);
  }

  /* The line was away for so long that events are gone: the feed itself says what is new. */
  async fetchNewer() {
    const newest = [...this.feed.querySelectorAll(":scope > [data-item]")].map((one) => one.dataset.item).sort(byAge).at(-1);
    const found = document.createElement("template");
    const address = new URL(this.source, location.href);
    if (newest) address.searchParams.set("after", newest);
    found.innerHTML = await fragment(address.href);
    const articles = [...found.content.querySelectorAll("[data-item]")];
    const isNew = (one) => !document.getElementById(one.id) && (!newest || byAge(one.dataset.item, newest) > 0);
    const known = articles.filter((one) => one.matches("article") && isNew(one));
    if (!known.length) return;
    for (const article of known.reverse()) {
      const drawn = article.querySelector(".avatar");
      const author = {
        id: article.querySelector(".post-author").href,
        initials: drawn.firstChild?.textContent?.trim() ?? "",
        hue: drawn.style.getPropertyValue("--hue"),
        photo_url: drawn.querySelector("img")?.src,
      };
      this.waiting.set(article.dataset.item, { id: article.dataset.item, author });
    }
    this.show();
  }
}

function byAge(one, other) {
  const difference = BigInt(one) - BigInt(other);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function face(author) {
  const drawn = document.createElement("span");
  drawn.className = "avatar";
  drawn.dataset.size = "xs";
  drawn.style.setProperty("--hue", String(author.hue));
  drawn.textContent = author.initials;
  if (author.photo_url) {
    const photo = document.createElement("img");
    photo.src = author.photo_url;
    photo.alt = "";
    drawn.replaceChildren(photo);
  }
  return drawn;
}

export function connect(feed) {
  const arrivals = new Arrivals(feed);
  arrivals.open();
  return () => arrivals.close();
}
