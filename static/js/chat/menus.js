/* What the menu of a message offers besides its forms: the words to take along, a moment to come back to it, and on a
   phone, where the sheet lies over the conversation, the message that it is about. */

import { post } from "couth/kernel/http.js";
import { openSheet, refuse } from "couth/kernel/sheet.js";
import { toast } from "couth/kernel/toast.js";
import { words } from "couth/kernel/words.js";

const SHEETS = "(pointer: coarse), (width < 45rem)"; // as in chat.css
const LONGEST = 140;

/** The words as they are read, also those that it passes on. */
function wordsOf(item) {
  const passed = item.querySelector("[data-forwarded]:not([hidden]) [data-passed]");
  return [item.querySelector("[data-body]"), passed].map((part) => part?.innerText.trim()).filter(Boolean).join("\n\n");
}

export async function copyWords(item) {
  const done = await navigator.clipboard?.writeText(wordsOf(item)).then(() => true, () => false);
  toast(done ? words().copied : words().uncopied);
}

export async function askWhen(link) {
  const dialog = await openSheet(link, "remind-title");
  const form = dialog.querySelector("form");
  const zone = form.querySelector("[data-zone]");
  const hint = form.querySelector("[data-zone-hint]");
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  if (zone.value) hint.textContent = hint.dataset.zoneHint.replace("{zone}", zone.value);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { at, zone: here } = form.elements;
    try {
      const wish = { when: event.submitter.value, at: at.value, zone: here.value };
      const kept = await (await post(form.getAttribute("action"), wish)).json();
      dialog.close();
      toast(kept.at ? form.dataset.said.replace("{when}", moment(kept.at)) : form.dataset.dropped);
    } catch (error) {
      refuse(form, error);
    }
  });
}

function moment(iso) {
  const said = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
  return new Date(iso).toLocaleString(document.documentElement.lang, said);
}

/** The message on top of its own sheet, while that is open. */
export function toggled({ target: menu }) {
  if (!menu.matches?.(".message-tools details:not(.reaction-menu)")) return;
  menu.querySelector(".touch-quote")?.remove();
  if (!menu.open || !matchMedia(SHEETS).matches) return;
  const item = menu.closest("[data-message]");
  const line = document.createElement("li");
  line.className = "touch-quote";
  line.setAttribute("aria-hidden", "true"); // whoever hears the page has just come from it
  const said = document.createElement("p");
  const name = document.createElement("b");
  name.textContent = item.querySelector(".message-author").textContent;
  const text = document.createElement("span");
  text.className = "truncate";
  text.dir = "auto";
  text.textContent = wordsOf(item).slice(0, LONGEST);
  const time = item.querySelector("[data-permalink] time").cloneNode(true);
  said.append(name, " ", time, text);
  const face = item.querySelector(".avatar").cloneNode(true);
  face.dataset.size = "sm";
  line.append(face, said);
  menu.querySelector("ul").prepend(line);
}
