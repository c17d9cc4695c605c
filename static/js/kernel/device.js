/* This browser as a device that is pushed to: its service worker, and its address with a push service. */

import { post } from "couth/kernel/http.js";
import { ask } from "couth/kernel/showing.js";

const OWNER = "couth-device-owner"; // whose address it is, so that nobody inherits it

export const canBePushed = () => "serviceWorker" in navigator && "PushManager" in window && window.isSecureContext;

async function address() {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) ?? null;
}

export async function isDevice() {
  return canBePushed() && Boolean(await address());
}

/** Ask, subscribe with the server's key, and say so there; gives the standing of the permission. */
export async function become(key) {
  const standing = await ask();
  if (standing !== "granted") return standing;
  const worker = await navigator.serviceWorker.ready;
  await (await worker.pushManager.getSubscription())?.unsubscribe(); // it may be another's, or under an older key
  const found = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  try {
    await tell(found);
  } catch (error) {
    await found.unsubscribe();
    throw error;
  }
  return standing;
}

export async function stop() {
  localStorage.removeItem(OWNER);
  await (await address())?.unsubscribe();
}

/* A new session of the same person in this browser goes on with its address; one of somebody else ends it. */
export async function goOn() {
  const found = canBePushed() ? await address() : null;
  if (!found) return;
  const owner = localStorage.getItem(OWNER);
  if (owner === document.body.dataset.viewer) await tell(found);
  else if (document.body.dataset.viewer) await stop();
}

async function tell(found) {
  const { endpoint, keys } = found.toJSON();
  await post("/settings/devices", { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  localStorage.setItem(OWNER, document.body.dataset.viewer);
}

function bytes(words) {
  const padded = words.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(words.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}
