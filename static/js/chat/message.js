/* One message as the page shows it: the page's own template, filled with what the line brought. What is pushed carries no
   viewer's marks; those are added here. */

import { names } from "couth/chat/naming.js";
import { fileType } from "couth/kernel/file-type.js";
import { element, fragment } from "couth/kernel/http.js";
import { words } from "couth/kernel/words.js";

const me = document.body.dataset;
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { weekday: "long", day: "numeric", month: "long" };

export function find(id) {
  return document.getElementById(`message-${id}`);
}

export function clock(iso) {
  return new Date(iso).toLocaleTimeString(document.documentElement.lang, CLOCK);
}

/** The reader's own clock on every time below an element. */
export function setClocks(root) {
  for (const time of root.querySelectorAll("time[data-clock]")) time.textContent = clock(time.dateTime);
}

function marked(html) {
  let shown = html;
  if (me.username) shown = shown.replaceAll(` data-person="${me.username}"`, ` data-me data-person="${me.username}"`);
  return shown;
}

/** A fresh element for a message; `old` is the one that it replaces, whose reader's marks it keeps. */
export function build(data, { keeps = false, old = null } = {}) {
  const shape = document.querySelector('template[data-shape="message"]');
  const item = shape.content.firstElementChild.cloneNode(true);
  for (const part of item.querySelectorAll("[id]")) part.id = part.id.replace(/-0$/, `-${data.id}`);
  item.id = `message-${data.id}`;
  item.setAttribute("aria-labelledby", `who-${data.id} text-${data.id} when-${data.id}`);
  const lead = (part, name, from, to) => part.setAttribute(name, part.getAttribute(name).replace(from, to));
  for (const form of item.querySelectorAll("form")) lead(form, "action", "/0/", `/${data.id}/`);
  for (const link of item.querySelectorAll('a[href*="thread=0"]')) {
    lead(link, "href", "thread=0", `thread=${data.root ?? data.id}`);
  }
  for (const link of item.querySelectorAll('a[href^="/chat/messages/0/"]')) lead(link, "href", "/0/", `/${data.id}/`);
  Object.assign(item.dataset, {
    message: data.id,
    position: data.position,
    author: data.author.id,
    at: data.created_at,
    nonce: data.nonce ?? "",
  });
  item.toggleAttribute("data-mentions-me", !data.deleted && names(data));
  item.toggleAttribute("data-deleted", data.deleted);
  item.toggleAttribute("data-saved", old?.hasAttribute("data-saved") ?? false);
  person(item, data.author);
  for (const link of item.querySelectorAll("[data-permalink]")) link.href = data.url;
  const time = item.querySelector("[data-permalink] time");
  time.dateTime = data.created_at;
  time.title = new Date(data.created_at).toLocaleString(document.documentElement.lang);
  time.textContent = clock(data.created_at);
  fill(item, data);
  reactions(item, data.reactions, mine(old));
  thread(item, data, old);
  if (old) hold(item, old);
  tools(item, data, keeps);
  return item;
}

function person(item, author) {
  const link = item.querySelector(".message-author a");
  link.href = `/people/${author.username}`;
  link.dataset.person = author.username;
  link.querySelector("bdi").textContent = author.name;
  const avatar = item.querySelector(".avatar");
  avatar.style.setProperty("--hue", author.hue);
  const presence = avatar.querySelector(".presence");
  if (presence) presence.dataset.personPresence = author.id;
  if (presence && author.id !== me.viewer) {
    const known = document.querySelector(`[data-person-presence="${CSS.escape(author.id)}"]`);
    presence.dataset.state = known?.dataset.state ?? "around";
  }
  const face = author.photo_url ? document.createElement("img") : document.createTextNode(author.initials);
  if (author.photo_url) Object.assign(face, { src: author.photo_url, alt: "", loading: "lazy" });
  avatar.replaceChildren(face, ...(presence ? [presence] : []));
}

function fill(item, data) {
  const body = item.querySelector("[data-body]");
  if (data.deleted) {
    const note = document.createElement("p");
    note.className = "faint";
    note.textContent = words().deleted;
    body.replaceChildren(note);
  } else body.innerHTML = marked(data.html);
  for (const box of body.querySelectorAll("input")) box.setAttribute("aria-label", words().task);
  item.querySelector("[data-edited]").hidden = !data.edited_at || data.deleted;
  item.querySelector("[data-pinned]").hidden = !data.pinned;
  item.querySelector("[data-files]").replaceChildren(...(data.deleted ? [] : files(data.files)));
  forwarded(item, data);
  item.querySelector("[data-link]").innerHTML = data.link?.html ?? "";
  item.querySelector("[data-unlink]")?.toggleAttribute("hidden", !data.link);
}

/* Where it was said is not pushed: who may read there is shown it by the server. */
function forwarded(item, { forwarded: passed, files: hanging, deleted }) {
  const quote = item.querySelector("[data-forwarded]");
  quote.hidden = !passed || deleted;
  if (quote.hidden) return;
  const from = quote.querySelector("[data-from]");
  from.textContent = from.dataset.words.replace("{name}", passed.author.name);
  const body = quote.querySelector("[data-passed]");
  body.innerHTML = passed.html;
  if (!passed.html && !hanging.length) body.textContent = body.dataset.gone;
}

function files(all) {
  const pictures = all.filter((file) => file.kind === "picture");
  const documents = all.filter((file) => file.kind !== "picture");
  const shown = [];
  if (documents.length) {
    const list = document.createElement("ul");
    list.className = "attached";
    list.setAttribute("role", "list");
    list.append(...documents.map(card));
    shown.push(list);
  }
  if (pictures.length) {
    const frame = document.createElement("div");
    frame.className = "pictures";
    frame.dataset.count = pictures.length;
    for (const file of pictures) {
      const link = document.createElement("a");
      link.href = file.url;
      const image = document.createElement("img");
      Object.assign(image, { src: file.small_url, alt: file.alt || file.name, loading: "lazy", decoding: "async" });
      if (file.width) Object.assign(image, { width: file.width, height: file.height });
      link.append(image);
      frame.append(link);
    }
    shown.unshift(frame);
  }
  return shown;
}

/* Its name at once; the server's own rendering, with what it looks like inside, as soon as that is here. */
function card(file) {
  const line = document.createElement("li");
  line.dataset.file = file.id ?? "";
  const name = document.createElement("span");
  name.className = "attached-name";
  const link = document.createElement("a");
  Object.assign(link, { href: file.url, download: "", className: "strong truncate", dir: "auto", textContent: file.name });
  name.append(link);
  line.append(fileType(file.name), name);
  if (file.id) drawn(file.id).then((html) => html && line.replaceWith(element(html)));
  return line;
}

const drawn = (id) => fragment(`/files/${id}/card`).catch(() => ""); // its name stands there all the same

/** A file's first page or first lines are there now. */
export async function previewed({ id }) {
  const places = document.querySelectorAll(`[data-files] [data-file="${CSS.escape(id)}"]`);
  if (!places.length) return;
  const html = await drawn(id);
  for (const place of html ? places : []) place.replaceWith(element(html));
}

function mine(old) {
  const pressed = old?.querySelectorAll('[data-reactions] [aria-pressed="true"]') ?? [];
  return new Set([...pressed].map((button) => button.dataset.kind));
}

/** Show how many reacted how; `own` are the kinds that the reader chose. */
export function reactions(item, counts, own = mine(item)) {
  const form = item.querySelector("[data-reactions]");
  if (!form) return;
  for (const button of form.querySelectorAll("[data-kind]")) button.remove();
  for (const shape of document.querySelector('template[data-shape="reactions"]').content.children) {
    const { kind } = shape.dataset;
    if (!counts[kind]) continue;
    const button = shape.cloneNode(true);
    button.value = `${kind} ${own.has(kind) ? 0 : 1}`;
    button.setAttribute("aria-pressed", String(own.has(kind)));
    button.querySelector("[data-number]").textContent = String(counts[kind]);
    form.append(button);
  }
}

/** Let `item` take the place of `old` without moving what is below: a first reaction and a first reply hang in the gap below
    their message, and the row of the last reaction stays. The next page puts them in order. */
export function hold(item, old) {
  for (const [row, filled] of [["[data-reactions]", "[data-kind]"], ["[data-thread]", "b"]]) {
    const [now, before] = [item.querySelector(row), old.querySelector(row)];
    if (!now || !before) continue;
    const stood =
      before.hasAttribute("data-kept") || (Boolean(before.querySelector(filled)) && !before.hasAttribute("data-late"));
    now.toggleAttribute("data-kept", stood);
    now.toggleAttribute("data-late", !stood);
  }
}

function thread(item, data, old) {
  const link = item.querySelector("[data-thread]");
  const before = old?.querySelector("[data-thread]");
  if (before && data.replies) link.replaceWith(before.cloneNode(true));
}

function tools(item, data, keeps) {
  const group = item.querySelector(".message-tools");
  if (data.deleted) group?.remove();
  const own = data.author.id === me.viewer;
  for (const entry of item.querySelectorAll("[data-own]")) {
    const isDelete = entry.querySelector('[value="delete"]');
    if (!own && !(keeps && isDelete)) entry.remove();
  }
  if (own) item.querySelector("[data-others]")?.remove();
  const pin = item.querySelector("[data-pin]");
  if (pin && data.pinned) pin.value = "unpin";
}

/** Which messages follow one another closely, and where a day begins; in the reader's own time zone. */
export function arrange(log) {
  for (const line of log.querySelectorAll("[data-day]")) line.remove();
  const together = Number(document.querySelector("[data-together]").dataset.together) * 1000;
  let before = null;
  for (const item of log.querySelectorAll("[data-message]")) {
    const at = new Date(item.dataset.at);
    const isNewDay = !before || new Date(before.dataset.at).toDateString() !== at.toDateString();
    const line = item.previousElementSibling?.matches(".divider") ? item.previousElementSibling : null;
    if (isNewDay) (line ?? item).before(dayLine(at));
    const close = before && before.dataset.author === item.dataset.author && at - new Date(before.dataset.at) < together;
    item.toggleAttribute("data-follows", Boolean(close && !line && !isNewDay && !before.hasAttribute("data-deleted")));
    before = item;
  }
}

function dayLine(at) {
  const line = document.createElement("p");
  line.className = "divider";
  line.dataset.day = at.toDateString();
  const time = document.createElement("time");
  time.dateTime = at.toISOString().slice(0, 10);
  const day = at.toLocaleDateString(document.documentElement.lang, DAY);
  time.textContent = at.toDateString() === new Date().toDateString() ? `${words().today}, ${day}` : day;
  line.append(time);
  return line;
}
