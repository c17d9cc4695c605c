/* A card beside every name ([data-person]) on hover and focus; the link itself stays a plain link. */

import { fragment } from "couth/kernel/http.js";

const cards = new Map();
const WAIT = 350;
const LINGER = 250; // long enough to move the pointer from the name into the card

async function card(username) {
  if (!cards.has(username)) cards.set(username, fragment(`/people/${encodeURIComponent(username)}/card`));
  try {
    return await cards.get(username);
  } catch (error) {
    cards.delete(username);
    throw error;
  }
}

export function connect(body) {
  const box = document.createElement("div");
  box.className = "hover-card";
  box.hidden = true;
  body.append(box);
  let timer = 0;
  let leaving = 0;
  let owner = null;

  function hide() {
    stay();
    clearTimeout(timer);
    box.hidden = true;
    owner = null;
  }
  function linger() {
    if (!owner || leaving) return;
    clearTimeout(timer);
    leaving = setTimeout(hide, LINGER);
  }
  function stay() {
    clearTimeout(leaving);
    leaving = 0;
  }
  function show(link) {
    hide();
    owner = link;
    timer = setTimeout(async () => {
      const html = await card(link.dataset.person).catch(() => "");
      if (owner !== link || !html) return;
      box.innerHTML = html;
      box.hidden = false;
      const at = link.getBoundingClientRect();
      const below = at.bottom + box.offsetHeight + 12 < innerHeight;
      box.style.setProperty("inset-block-start", `${scrollY + (below ? at.bottom + 6 : at.top - box.offsetHeight - 6)}px`);
      box.style.setProperty("left", `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`);
    }, WAIT);
  }
  const over = (event) => {
    const link = event.target.closest?.("[data-person]");
    if (link || box.contains(event.target)) stay();
    if (link && link !== owner && !box.contains(link)) show(link);
    else if (!link && !box.contains(event.target)) linger();
  };
  const key = (event) => event.key === "Escape" && hide();
  body.addEventListener("mouseover", over);
  body.addEventListener("focusin", over);
  body.addEventListener("keydown", key);
  return () => {
    body.removeEventListener("mouseover", over);
    body.removeEventListener("focusin", over);
    body.removeEventListener("keydown", key);
    box.remove();
  };
}
