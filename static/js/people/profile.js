/* An open profile follows what happens to it: the list of what somebody knows is fetched again when it changed. */

import { fragment, element } from "couth/kernel/http.js";

const SKILLS = new Set(["skill.claimed", "skill.dropped", "skill.endorsed", "skill.endorsement-withdrawn"]);

export function connect(sheet) {
  let waiting = 0;
  async function refresh() {
    const list = sheet.querySelector("[data-skills]");
    // Whoever is typing in the list keeps it; the next change or page brings the rest.
    if (!list || list.contains(document.activeElement)) return;
    const html = await fragment(`/people/${encodeURIComponent(sheet.dataset.username)}/skills`).catch(() => "");
    if (html) list.replaceWith(element(html));
  }
  function happened({ detail: { type, data } }) {
    if (!SKILLS.has(type) || data.person_id !== sheet.dataset.personId) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 150);
  }
  document.addEventListener("couth:event", happened);
  return () => {
    clearTimeout(waiting);
    document.removeEventListener("couth:event", happened);
  };
}
