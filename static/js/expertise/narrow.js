/* Facets answer at once and keep the focus; the sheet of filters opens on small screens. Without script the same form
   has a button and the sheet is a page of its own. */

import { Idiomorph } from "idiomorph";
import { fragment } from "couth/kernel/http.js";

export function connect(place) {
  let turn = 0;
  const hideButtons = () => {
    for (const button of place.querySelectorAll("[data-quiet]")) button.hidden = true;
  };

  async function ask(form) {
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const mine = ++turn;
    place.setAttribute("aria-busy", "true");
    try {
      const html = await fragment(address);
      if (mine !== turn) return;
      const picked = new Set([...place.querySelectorAll("[data-pick]:checked")].map((box) => box.value));
      Idiomorph.morph(place, html, { morphStyle: "innerHTML", ignoreActiveValue: true });
      for (const box of place.querySelectorAll("[data-pick]")) box.checked = picked.has(box.value);
      place.querySelector("[data-pick]")?.dispatchEvent(new Event("change", { bubbles: true }));
      hideButtons();
      history.replaceState(history.state, "", address);
    } catch {
      location.assign(address);
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  function changed(event) {
    const form = event.target.form;
    if (form?.matches("[data-narrow]")) ask(form);
  }

  function clicked(event) {
    const opener = event.target.closest("[data-opens]");
    const closer = event.target.closest("[data-closes]");
    if (opener) {
      const sheet = document.getElementById(opener.dataset.opens);
      sheet.close();
      sheet.showModal();
    } else if (closer) closer.closest("dialog").close();
    else return;
    event.preventDefault();
  }

  place.addEventListener("change", changed);
  place.addEventListener("click", clicked);
  hideButtons();
  return () => {
    place.removeEventListener("change", changed);
    place.removeEventListener("click", clicked);
  };
}
