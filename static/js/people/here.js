/* Who is here: the list is fetched again a moment after somebody has said where they are. */

import { fragment } from "couth/kernel/http.js";

const PAUSE = 400;

export function connect(sheet) {
  const list = sheet.querySelector("[data-said]");
  let waiting = 0;
  async function refresh() {
    const html = await fragment("/here-today").catch(() => "");
    // Whoever stands in the list with the keyboard keeps it as it is.
    if (html && !list.contains(document.activeElement)) list.innerHTML = html;
  }
  function happened({ detail: { type } }) {
    if (type !== "profile.changed") return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE);
  }
  document.addEventListener("couth:event", happened);
  return () => {
    clearTimeout(waiting);
    document.removeEventListener("couth:event", happened);
  };
}
