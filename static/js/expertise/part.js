/* A part of the page that is worked out after the page has come; what is inside works without script, and with
   data-keeps stays where nothing better came. */

import { fragment } from "couth/kernel/http.js";
import { skeleton } from "couth/kernel/skeleton.js";

export function connect(place) {
  let left = false;
  place.setAttribute("aria-busy", "true");
  const arrived = "keeps" in place.dataset ? () => {} : skeleton((shape) => place.append(shape));
  fragment(place.dataset.source)
    .then((html) => {
      if (!left && (html.trim() || !("keeps" in place.dataset))) place.innerHTML = html;
    })
    .catch(() => {})
    .finally(() => {
      arrived();
      place.removeAttribute("aria-busy");
    });
  return () => {
    left = true;
    arrived();
  };
}
