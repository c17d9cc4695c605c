/* Says that this page is in use: by socket, or by a plain request while the socket is down. Shows who else is around. */

import { call } from "couth/kernel/live.js";
import { post } from "couth/kernel/http.js";

const BEAT = 60_000;
const AWAY_AFTER = 5 * 60_000;

export function connect() {
  let usedAt = Date.now();
  let away = false;

  function say() {
    const said = away ? { away: true } : {};
    call("presence:seen", said).catch(() => post("/presence", away ? { away: "1" } : {}).catch(() => {}));
  }
  function used() {
    usedAt = Date.now();
    if (away && !document.hidden) {
      away = false;
      say();
    }
  }
  function beat() {
    const idle = Date.now() - usedAt > AWAY_AFTER;
    if (idle && !away) {
      away = true;
      say();
    } else if (!idle && !document.hidden) say();
  }
  function heard({ detail }) {
    for (const mark of document.querySelectorAll(`[data-person-presence="${CSS.escape(detail.person_id)}"]`)) {
      mark.dataset.state = detail.state;
    }
  }

  const timer = setInterval(beat, BEAT);
  const first = setTimeout(beat, 1_500); // after the socket had time to open
  const signs = ["pointerdown", "keydown", "focus"];
  for (const sign of signs) addEventListener(sign, used, { passive: true });
  document.addEventListener("couth:presence", heard);
  return () => {
    clearInterval(timer);
    clearTimeout(first);
    for (const sign of signs) removeEventListener(sign, used);
    document.removeEventListener("couth:presence", heard);
  };
}
