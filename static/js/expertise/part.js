/* A part of the page that is worked out after the page has come; the link inside works without script. */

import { fragment } from "couth/kernel/http.js";

export function connect(place) {
  let left = false;
  place.setAttribute("aria-busy", "true");
  fragment(place.dataset.source)
    .then((html) => {
      if (!left) place.innerHTML = html;
    })
    .catch(() => {})
    .finally(() => place.removeAttribute("aria-busy"));
  return () => (left = true);
}
