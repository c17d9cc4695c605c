/* What was said and is not acknowledged yet. It is kept on this device until the server has it, so a reload or a broken
   line loses nothing; each entry has one nonce, so that trying again says nothing twice. Entries go out in order. */

import { json, Problem } from "couth/kernel/http.js";
import { call } from "couth/kernel/live.js";
import { storedList } from "couth/kernel/stored.js";

const { read: entries, write } = storedList(`chat-outbox:${document.body.dataset.viewer}`);
const PAUSES = [1_000, 3_000, 10_000, 30_000];

let sending = false;
let tries = 0;
let timer = 0;

export { entries };

function tell(nonce, state, detail = {}) {
  document.dispatchEvent(new CustomEvent("couth:chat-outbox", { detail: { nonce, state, ...detail } }));
}

function update(nonce, changes) {
  write(entries().map((entry) => (entry.nonce === nonce ? { ...entry, ...changes } : entry)));
}

export function forget(nonce) {
  write(entries().filter((entry) => entry.nonce !== nonce));
}

/** Take `{nonce, conversation, text, root, shown, files}` and send it as soon as there is a line. */
export function send(entry) {
  write([...entries(), { ...entry, state: "sending" }]);
  drain();
}

export function retry(nonce, changes = {}) {
  update(nonce, { ...changes, state: "sending", reason: "" });
  tell(nonce, "sending");
  drain();
}

export async function drain() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    // Two tabs share the store; the nonce makes it harmless that both may send.
    for (let entry; (entry = entries().find((one) => one.state === "sending")); ) {
      if (!(await deliver(entry))) break;
    }
  } finally {
    sending = false;
  }
}

async function deliver(entry) {
  try {
    const message = await transmit(entry);
    forget(entry.nonce);
    tries = 0;
    tell(entry.nonce, "sent", { message });
    return true;
  } catch (error) {
    const isRefused = error.status >= 400 && error.status < 500 && error.status !== 429 && !error.isSignedOut;
    if (isRefused) {
      const reason = Object.values(error.fields ?? {}).join(" ") || error.message;
      update(entry.nonce, { state: "refused", reason });
      tell(entry.nonce, "refused", { reason, asks: Boolean(error.fields?.confirm) });
      return true;
    }
    tell(entry.nonce, "waiting");
    timer = setTimeout(drain, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
    return false;
  }
}

/* By the socket, or by a plain request where there is none. */
async function transmit(entry) {
  const { conversation, nonce, text, root, shown, files, confirm } = entry;
  const said = { nonce, text, root: root || null, shown: Boolean(shown), files: files ?? [], confirm: Boolean(confirm) };
  let answer;
  try {
    answer = await call("chat:send", { conversation, ...said });
  } catch {
    return json(`/api/v1/conversations/${conversation}/messages`, {
      method: "POST",
      body: JSON.stringify(said),
      headers: { "Content-Type": "application/json" },
    });
  }
  if (answer.ok) return answer.message;
  throw new Problem(answer.error.status, answer.error);
}

addEventListener("online", () => {
  tries = 0;
  drain();
});
document.addEventListener("couth:connected", () => {
  tries = 0;
  drain();
});
