/* What the live line tells of posts, applied to what a page shows. Pushes carry no viewer's own marks: those stay as
   they are here. Applying an event to an old page gives the page that a fresh request would give. */

import { element, fragment } from "couth/kernel/http.js";
import { words } from "couth/kernel/words.js";

const me = document.body.dataset;

/** Set off mentions of the reader, which pushed text does not know. */
function marked(html) {
  return me.username ? html.replaceAll(` data-person="${me.username}"`, ` data-me data-person="${me.username}"`) : html;
}

const removed = new Map(); // what was deleted while it was shown, by view and id

export function find(root, id) {
  return root.querySelector(`#item-${CSS.escape(String(id))}`);
}

const appliers = {
  "post.edited": edited,
  "post.pinned": signs,
  "comment.edited": edited,
  "post.deleted": (root, data) => gone(root, data.id),
  "comment.deleted": (root, data) => {
    count(root, data);
    gone(root, data.id);
  },
  "comment.added": added,
  "post.link_changed": linked,
  "file.previewed": previewed,
  "poll.voted": voted,
  "praise.declined": renewed,
  "announcement.acknowledged": acknowledged,
  "reaction.changed": reacted,
  "person.parted": parted,
  "answer.accepted": solved,
  "answer.withdrawn": solved,
};

export function applyLive(root, event) {
  appliers[event.type]?.(root, event.data);
}

function edited(root, data) {
  const item = find(root, data.id);
  if (!item) return void back(root, data.id);
  const body = item.querySelector("[data-body]");
  if (!body) return;
  body.innerHTML = marked(data.html);
  for (const box of body.querySelectorAll("input")) box.setAttribute("aria-label", words().task);
  signs(root, data);
  const sign = item.querySelector("[data-edited]");
  if (sign) sign.hidden = !data.edited_at;
  for (const title of data.title ? item.querySelectorAll("[data-title] a") : []) entitle(title, data.title);
}

/* As the server writes a title: what stands between backticks is code. */
function entitle(place, words) {
  const parts = words.split(/(?<!`)`([^`]+)`(?!`)/);
  const code = (words) => Object.assign(document.createElement("code"), { textContent: words });
  place.replaceChildren(...parts.map((part, index) => (index % 2 ? code(part) : part)));
}

/* What owners and moderators set: pinned in the group, closed to replies. A box in which somebody writes stays, with
   every word in it; it only sends nothing while the post is closed. */
function signs(root, data) {
  const item = find(root, data.id);
  if (!item?.matches("[data-post]") || !("frozen" in data)) return;
  item.toggleAttribute("data-frozen", data.frozen);
  for (const name of ["pinned", "frozen"]) {
    for (const sign of item.querySelectorAll(`[data-sign="${name}"]`)) sign.hidden = !data[name];
    for (const button of item.querySelectorAll(`[data-turns="${name}"]`)) turn(button, data[name]);
  }
  const form = document.getElementById(`reply-${data.id}`);
  if (!form?.querySelector("[data-closed-note]")) return;
  form.toggleAttribute("data-closed", data.frozen);
  form.querySelector("[data-closed-note]").hidden = !data.frozen;
  form.querySelector("[type='submit']").disabled = data.frozen;
}

function turn(button, isOn) {
  button.value = isOn ? "0" : "1";
  button.querySelector("span").textContent = isOn ? button.dataset.off : button.dataset.on;
}

/* A question's card says whether something solved it. */
function solved(root, data) {
  const post = find(root, data.post_id ?? data.id);
  const [yes, no] = ["[data-solved]", "[data-unsolved]"].map((sign) => post?.querySelector(sign));
  if (!yes || !no) return;
  yes.hidden = !data.accepted_answer;
  no.hidden = Boolean(data.accepted_answer);
}

/* A card is the same for everybody, except for its author, who can take it away, and where it shows a post of ours, which
   not everybody may read. */
async function linked(root, data) {
  const place = find(root, data.id)?.querySelector("[data-link]");
  if (!place) return;
  if (data.link && data.author.id !== me.viewer) place.innerHTML = data.link.html;
  else place.replaceWith(element(await fragment(`/posts/${data.id}`)).querySelector("[data-link]"));
}

/* Its words are those of the reader's language. */
async function previewed(root, { id }) {
  const card = `[data-file="${CSS.escape(id)}"]`;
  if (!root.querySelector(card)) return;
  const html = await fragment(`/files/${id}/card`);
  for (const place of root.querySelectorAll(card)) place.replaceWith(element(html));
}

/* What no push can tell is asked for anew, unless somebody is at work in it. */
async function renewed(root, { id }) {
  const item = find(root, id);
  if (!item || item.contains(document.activeElement)) return;
  const fresh = element(await fragment(`/posts/${id}`));
  const thread = item.querySelector("[data-thread]");
  if (thread) fresh.querySelector("[data-thread]")?.replaceWith(thread);
  if (item.isConnected) item.replaceWith(fresh);
}

/* The count goes up; one's own, from another window, also changes the button. */
function acknowledged(root, { id, person_id: person, acknowledged: done, people }) {
  const place = find(root, id)?.querySelector("[data-acknowledge]");
  if (!place) return undefined;
  if (person === me.viewer && place.querySelector("form[data-refresh]")) return renewed(root, { id });
  const share = people ? Math.floor((100 * done) / people) : 0;
  const meter = place.querySelector(".meter");
  meter.style.setProperty("--value", String(share));
  meter.setAttribute("aria-valuenow", String(share));
  const tally = place.querySelector("[data-tally]");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  tally.textContent = tally.dataset.tally.replace("{done}", number.format(done)).replace("{people}", number.format(people));
  return undefined;
}

/* The bars move; what the reader has ticked stays as it is. */
function voted(root, { id, poll }) {
  const form = find(root, id)?.querySelector("[data-vote]");
  if (!form) return;
  const hides = poll.secret && poll.voters < 5;
  for (const { id: option, votes } of poll.options) {
    const row = form.querySelector(`[data-option="${CSS.escape(option)}"]`);
    const share = poll.voters ? Math.round((100 * votes) / poll.voters) : 0;
    row?.style.setProperty("--share", String(hides ? 0 : share));
    if (row) row.querySelector("[data-votes]").textContent = hides ? "" : `${share} %`;
  }
  const count = form.querySelector("[data-voters]");
  count.textContent = poll.voters === 1 ? count.dataset.one : count.dataset.many.replace("{n}", String(poll.voters));
}

function gone(root, id) {
  const item = find(root, id);
  if (!item) return;
  if (root.dataset.alone === String(id)) {
    const note = document.createElement("p");
    note.className = "empty";
    note.setAttribute("role", "status");
    note.textContent = root.dataset.gone;
    root.replaceChildren(note);
    return;
  }
  if (item.querySelector("[data-replies] > *")) {
    item.querySelector("[data-body]").textContent = "…";
    item.querySelector(".reply-foot, .post-actions")?.remove();
    return;
  }
  const place = document.createComment("");
  item.replaceWith(place);
  removed.set(`${root.dataset.view ?? ""}:${id}`, place);
}

/* Somebody took a deletion back: what went from here comes back to where it stood. */
async function back(root, id) {
  const key = `${root.dataset.view ?? ""}:${id}`;
  const place = removed.get(key);
  removed.delete(key);
  if (root.dataset.alone === String(id)) return void location.reload();
  if (!place?.isConnected) return;
  const html = await fragment(`/posts/${id}`);
  if (place.isConnected && !find(root, id)) place.replaceWith(element(html));
}

/* The reader has muted or blocked somebody, perhaps in another window. On that person's own page their posts stay. */
function parted(root, { username }) {
  if (location.pathname.startsWith(`/people/${username}/`)) return;
  for (const link of root.querySelectorAll(`.post-author[data-person="${CSS.escape(username)}"]`)) {
    const post = link.closest("[data-item]");
    if (post.dataset.kind !== "announcement" && root.dataset.alone !== post.dataset.item) post.remove();
  }
}

function count(root, data) {
  solved(root, data);
  const link = find(root, data.post_id)?.querySelector("[data-show-thread], [data-show-answers]");
  if (!link) return;
  const words = link.querySelector("[data-count]");
  const asks = "none" in words.dataset;
  const number = asks ? data.answer_count : data.comment_count;
  words.dataset.count = number;
  words.textContent = number === 1 ? words.dataset.one : words.dataset.many.replace("{n}", number);
  if (asks && !number) words.textContent = words.dataset.none;
  if (asks || !link.hidden || !number) link.hidden = !asks && !number;
  else first(link);
}

/* The first reply: the way to it stands behind the post's own buttons until the page is asked for anew. */
function first(link) {
  const row = link.closest(".post-main").querySelector(":scope > .post-actions");
  link.dataset.threadLate = "";
  row.append(link);
  still(row, link);
}

async function added(root, data) {
  count(root, data);
  const thread = root.querySelector(`[data-comments="${CSS.escape(data.post_id)}"]`);
  if (!thread || find(root, data.id)) return;
  // One's own reply comes back with the answer to its sending.
  if (data.author.id === me.viewer && thread.querySelector("[data-state='sending']")) return;
  const html = await fragment(`/posts/${data.id}`);
  if (find(root, data.id)) return;
  const parent = data.reply_to === data.post_id ? null : find(root, data.reply_to);
  const place = parent?.querySelector("[data-replies]") ?? thread;
  place.append(element(html));
}

function reacted(root, data) {
  const form = root.querySelector(`[data-reactions="${CSS.escape(data.id)}"]`);
  if (!form) return;
  if (data.person_id === me.viewer) return void refresh(form, data.id);
  for (const button of form.querySelectorAll(":scope > [data-kind]")) {
    if (data.reactions[button.dataset.kind]) continue;
    if ("leads" in button.dataset) button.querySelector("[data-number]").textContent = "";
    else leave(button);
  }
  for (const [kind, number] of Object.entries(data.reactions)) {
    const button = form.querySelector(`:scope > [data-kind="${kind}"]`) ?? again(form, kind) ?? fresh(form, kind);
    const shown = button?.querySelector("[data-number]");
    if (shown) shown.textContent = String(number);
  }
}

/* The last one of a kind was taken back: its place stays empty, so that its neighbours stand where they stood. */
function leave(button) {
  button.dataset.gone = button.dataset.kind;
  delete button.dataset.kind;
  button.disabled = true;
}

function again(form, kind) {
  const button = form.querySelector(`:scope > [data-gone="${kind}"]`);
  if (!button) return null;
  button.dataset.kind = kind;
  button.disabled = false;
  delete button.dataset.gone;
  return button;
}

/* Show something new in a row without moving what is below it: where the row has no room left, what comes waits until
   nobody looks at it. */
function still(row, newcomer) {
  const before = row.offsetHeight;
  newcomer.hidden = false;
  if (row.offsetHeight === before) return;
  newcomer.hidden = true;
  const watch = new IntersectionObserver((entries) => {
    if (entries.at(-1).isIntersecting) return;
    watch.disconnect();
    newcomer.hidden = false;
  });
  watch.observe(row);
}

function fresh(form, kind) {
  const choice = form.querySelector(`details [data-kind="${kind}"]`);
  if (!choice) return null;
  const button = document.createElement("button");
  button.className = "reaction";
  button.type = "submit";
  button.name = "set";
  button.value = `${kind} 1`;
  button.dataset.kind = kind;
  button.setAttribute("aria-pressed", "false");
  const icon = choice.querySelector("svg").cloneNode(true);
  delete icon.dataset.size;
  const name = document.createElement("span");
  name.className = "sr-only";
  name.textContent = choice.querySelector("span").textContent;
  const number = document.createElement("span");
  number.dataset.number = "";
  button.append(icon, name, number);
  number.textContent = "1";
  button.dataset.late = "";
  button.hidden = true;
  form.querySelector("details").before(button);
  still(form.parentElement, button);
  return button;
}

/* One's own reaction, perhaps from another window: the marks are mine, so the server says which. */
async function refresh(form, id) {
  const html = await fragment(`/posts/${id}`);
  const reactions = element(html).querySelector(`[data-reactions="${CSS.escape(id)}"]`);
  if (reactions && form.isConnected && !form.contains(document.activeElement)) form.replaceWith(reactions);
}
