/* What was sent and not yet acknowledged. It is kept on this device until the server has it, so a reload loses nothing;
   each entry has one key, so that trying again never posts twice. Entries go out one after the other, in order. */

import { element, post, Problem } from "couth/kernel/http.js";
import { storedList } from "couth/kernel/stored.js";
import { words } from "couth/kernel/words.js";

const { read, write, hear } = storedList(`outbox:${document.body.dataset.viewer}`);
const PAUSES = [3_000, 10_000, 30_000, 60_000];

const shown = new Map();
let sending = false;
let tries = 0;
let timer = 0;

function update(key, changes) {
  write(read().map((entry) => (entry.key === key ? { ...entry, ...changes } : entry)));
}

function forget(key) {
  write(read().filter((entry) => entry.key !== key));
  shown.delete(key);
}

/** Whether something of this viewer is on its way, so that its arrival by the live line is no news. */
export function isBusy() {
  return sending;
}

/** Take `{key, action, target, shape, fields}`, show it at once and send it. */
export function send(entry) {
  write([...read(), { ...entry, state: "sending" }]);
  show(entry);
  shown.get(entry.key)?.scrollIntoView({ block: "nearest" });
  drain();
}

/** Send at once, without showing it before it is there: what the server refuses is thrown, and a broken line has it wait
    in the outbox like everything else. */
export async function sendNow(entry) {
  try {
    const answer = await post(entry.action, form(entry.fields), { key: entry.key });
    arrive(entry, undefined, element(await answer.text()));
  } catch (error) {
    if (isRefusal(error)) throw error;
    send(entry);
  }
}

function isRefusal(error) {
  return error instanceof Problem && error.status < 500 && error.status !== 429 && !error.isSignedOut;
}

/** Show what still waits for this page, after a reload. */
export function resume() {
  for (const entry of read()) {
    if (shown.has(entry.key) || !document.querySelector(entry.target)) continue;
    show(entry);
    state(entry, entry.state === "refused" ? "refused" : "failed");
  }
  if (read().some((entry) => entry.state !== "refused")) retryLater();
}

function show(entry) {
  const template = document.querySelector(`template[data-optimistic="${entry.shape}"]`);
  const place = placeOf(entry);
  if (!template || !place) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector("[data-body]").textContent = entry.fields.text;
  item.querySelector("[data-body]").dataset.plain = "";
  const title = item.querySelector("[data-title]");
  if (title && entry.fields.kind === "question") {
    title.textContent = entry.fields.title;
    title.hidden = false;
  }
  item.dataset.key = entry.key;
  if (entry.shape === "post") place.prepend(item);
  else place.append(item);
  shown.set(entry.key, item);
  state(entry, "sending");
}

function placeOf(entry) {
  const to = entry.fields.reply_to;
  const answered = to ? document.getElementById(`item-${to}`) : null;
  return answered?.querySelector("[data-replies]") ?? document.querySelector(entry.target);
}

function state(entry, name, reason = entry.reason) {
  const item = shown.get(entry.key);
  if (!item) return;
  item.dataset.state = name === "refused" ? "failed" : name;
  const line = item.querySelector(".send-state");
  const said = words();
  line.dataset.state = item.dataset.state;
  line.setAttribute("role", name === "sending" ? "status" : "alert");
  if (name === "sending") {
    line.textContent = navigator.onLine ? said.sending : said.waiting;
    return;
  }
  const dropped = entry.isOut ? said.out : said.dropped;
  line.textContent = `${name === "refused" ? `${said.refused} ${reason || said.lost}` : dropped} `;
  if (name === "refused") line.append(button(said.edit, () => giveBack(entry)));
  line.append(
    button(said.retry, () => retry(entry)),
    button(said.discard, () => discard(entry)),
  );
}

function button(label, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", work);
  return made;
}

function retry(entry) {
  update(entry.key, { state: "sending", reason: "" });
  state(entry, "sending");
  drain();
}

/* Its words go back into the box that they came from, unless others stand there by now. */
function giveBack(entry) {
  const form = document.querySelector(`form.composer[action="${CSS.escape(entry.action)}"]`);
  const back = new CustomEvent("couth:given-back", { detail: entry, cancelable: true });
  if (form && !form.dispatchEvent(back)) discard(entry);
}

function discard(entry) {
  shown.get(entry.key)?.remove();
  forget(entry.key);
}

async function drain() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let entry; (entry = read().find((one) => one.state === "sending")); ) {
      if (!(await deliver(entry))) break;
    }
  } finally {
    sending = false;
    document.dispatchEvent(new CustomEvent("couth:outbox"));
  }
}

async function deliver(entry) {
  try {
    const answer = await post(entry.action, form(entry.fields), { key: entry.key });
    const fresh = element(await answer.text());
    const pending = shown.get(entry.key);
    forget(entry.key);
    tries = 0;
    arrive(entry, pending, fresh);
    return true;
  } catch (error) {
    failed(entry, error);
    return error instanceof Problem && error.status < 500;
  }
}

function arrive(entry, pending, fresh) {
  // The live line may have been faster.
  const there = document.getElementById(fresh.id);
  if (there) pending?.remove();
  else if (pending) pending.replaceWith(fresh);
  else placeOf(entry)?.[entry.shape === "post" ? "prepend" : "append"](fresh);
  document.dispatchEvent(new CustomEvent("couth:sent", { detail: { id: fresh.dataset.item, shape: entry.shape } }));
}

function failed(entry, error) {
  const isRefused = isRefusal(error);
  const reason = isRefused ? Object.values(error.fields).join(" ") || error.message : "";
  const isOut = error instanceof Problem && error.isSignedOut;
  update(entry.key, { state: isRefused ? "refused" : "failed", reason, isOut });
  for (const other of read()) {
    // What stands behind a broken line is not on its way either.
    if (!isRefused && other.state === "sending") update(other.key, { state: "failed", isOut });
  }
  for (const other of read()) if (other.state !== "sending") state(other, other.state, other.reason);
  if (!isRefused) retryLater();
}

function retryLater() {
  clearTimeout(timer);
  timer = setTimeout(retryAll, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
}

function retryAll() {
  for (const entry of read()) {
    if (entry.state !== "failed") continue;
    update(entry.key, { state: "sending" });
    state(entry, "sending");
  }
  drain();
}

function form(fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) if (one !== "") data.append(name, one);
  }
  return data;
}

function thereAgain() {
  tries = 0;
  retryAll();
}

/* What another tab has sent or discarded waits here no more; the live line brings it where it was sent. */
hear(() => {
  const waiting = new Set(read().map((entry) => entry.key));
  for (const [key, item] of shown) {
    if (waiting.has(key)) continue;
    item.remove();
    shown.delete(key);
  }
});

addEventListener("online", thereAgain);
document.addEventListener("couth:connected", thereAgain);
