/* A part of the page that is worked out after the page has come; what is inside works without script, and with
   data-keeps stays where nothing better came. */

import { fragment } from "couth/kernel/http.js";

export function connect(place) {
  let left = false;
  place.setAttribute("aria-busy", "true");
  fragment(place.dataset.source)
    .then((html) => {
      if (!left && (html.trim() || !("keeps" in place.dataset))) place.innerHTML = html;
    })
    .catch(() => {})
    .finally(() => place.removeAttribute("aria-busy"));
  return () => (left = true);
}
