/* A copy in the making: asks how far it is until it is done, or its page is left. */

import { fragment } from "couth/kernel/http.js";

const EVERY = 1500;

export function connect(place) {
  let timer = 0;
  const look = async () => {
    try {
      place.innerHTML = await fragment(place.dataset.source);
    } catch {
      /* the next look may find the line again */
    }
    plan();
  };
  const plan = () => {
    if (place.querySelector("progress")) timer = setTimeout(look, EVERY);
  };
  plan();
  return () => clearTimeout(timer);
}
