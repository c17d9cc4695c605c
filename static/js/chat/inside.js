/* Links to our own posts, questions and people get a card below their message: asked for by each reader for themself
   when it comes near, once for each address. What a reader may not read has none. */

import { fragment } from "couth/kernel/http.js";

const OURS = /^\/(?:(?:posts|questions)\/\d{1,19}|people\/[\w.-]{1,80})$/;
const MOST_KEPT = 300;
const asked = new Map();

function card(address) {
  if (asked.size > MOST_KEPT) asked.clear();
  if (!asked.has(address)) asked.set(address, fragment(`/inside?of=${encodeURIComponent(address)}`).catch(() => ""));
  return asked.get(address);
}

/* The first link to a page of ours that somebody wrote; a name that was mentioned has its own card already. */
function addressIn(message) {
  for (const link of message.querySelectorAll("[data-body] a[href]:not([data-person])")) {
    const { origin, pathname } = new URL(link.href, location.href);
    if (origin === location.origin && OURS.test(pathname)) return pathname;
  }
  return "";
}

async function show(message) {
  const place = message.querySelector("[data-link]");
  const address = place && !place.firstElementChild ? addressIn(message) : "";
  const html = address ? await card(address) : "";
  if (html && message.isConnected && !place.firstElementChild) place.innerHTML = html;
}

export function connect(log) {
  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      show(target);
    }
  }, { rootMargin: "400px" });
  const watch = (part) => {
    if (part.nodeType !== Node.ELEMENT_NODE) return;
    if (part.matches("[data-message]")) near.observe(part);
    for (const message of part.querySelectorAll("[data-message]")) near.observe(message);
  };
  const grown = new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(watch)));
  watch(log);
  grown.observe(log, { childList: true, subtree: true });
  return () => {
    near.disconnect();
    grown.disconnect();
  };
}
