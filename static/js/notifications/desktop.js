/* Notifications on this computer while a window is open: what is said to the reader in chat, at once, and what needs them
   elsewhere. The server says whether it may be told (levels, mutes, quiet times) and in which words. One thing is told
   once, however many windows are open, and not at all where one of them is looking at it. */

import { json } from "couth/kernel/http.js";
import { show, standing } from "couth/kernel/showing.js";
import { names } from "couth/chat/naming.js";

const me = document.body.dataset;
const CHOICE = `couth-desktop:${me.viewer}`;
const TOLD = `couth-desktop-told:${me.viewer}`;
const MOST_KEPT = 60;
const LOOKERS_FIRST = 350; // a window that shows it has said so by then

export function isOn() {
  return standing() === "granted" && localStorage.getItem(CHOICE) === "on";
}

export function turn(on) {
  localStorage.setItem(CHOICE, on ? "on" : "off");
}

/* True for the one window that comes first. */
async function claim(key) {
  const take = () => {
    const told = (localStorage.getItem(TOLD) ?? "").split(" ").filter(Boolean);
    if (told.includes(key)) return false;
    localStorage.setItem(TOLD, [...told, key].slice(-MOST_KEPT).join(" "));
    return true;
  };
  return navigator.locks ? navigator.locks.request("couth-desktop", take) : take();
}

const isInUse = () => document.visibilityState === "visible" && document.hasFocus();

function isLookingAt(conversation) {
  return isInUse() && Boolean(document.querySelector(`.chat-room[data-conversation="${CSS.escape(conversation)}"]`));
}

const kinds = new Map(); // of conversations, by id

async function isBetweenFew(conversation) {
  if (!kinds.has(conversation)) {
    kinds.set(conversation, json(`/api/v1/conversations/${conversation}`).then((found) => found.kind));
  }
  return (await kinds.get(conversation)) !== "room";
}

async function tell(key, isSeenHere, address, words) {
  if (isSeenHere) return void (await claim(key));
  await new Promise((done) => setTimeout(done, LOOKERS_FIRST));
  if (!(await claim(key))) return;
  const told = words(await json(address));
  if (told) await show(told);
}

async function said(data) {
  if (data.author.id === me.viewer) return;
  if (!names(data) && !(await isBetweenFew(data.conversation))) return;
  const address = `/notifications/message/${data.id}`;
  await tell(`message:${data.id}`, isLookingAt(data.conversation), address, (found) => found.notification);
}

/* A notice that needs the reader; a window in use says so itself. */
async function noticed(id) {
  const title = document.title.split(" · ").pop();
  const shown = (found) => ({ title, body: found.words, url: found.url, tag: found.tag });
  await tell(`notice:${id}`, isInUse(), `/notifications/${id}`, shown);
}

export function connect() {
  function happened({ detail: { type, data } }) {
    if (!isOn()) return;
    if (type === "message.sent") said(data).catch(() => {}); // what could not be asked for waits in the list
    else if (type === "notices.changed" && data.notice) noticed(data.notice).catch(() => {});
  }
  document.addEventListener("couth:event", happened);
  return () => document.removeEventListener("couth:event", happened);
}
