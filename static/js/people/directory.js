/* The directory narrows as one ticks and types; the address always says what is shown, and Back works. */

import { fragment } from "couth/kernel/http.js";

const PAUSE = 200;

export function connect(form) {
  const results = document.querySelector("[data-results]");
  const search = document.querySelector(`input[form="${form.id}"]`);
  let timer = 0;
  let turn = 0;

  async function show(address) {
    const mine = ++turn;
    results.setAttribute("aria-busy", "true");
    try {
      const html = await fragment(address);
      if (mine !== turn) return;
      results.innerHTML = html;
      history.replaceState(null, "", address);
    } catch {
      if (mine === turn) location.assign(address);
    } finally {
      if (mine === turn) results.removeAttribute("aria-busy");
    }
  }
  function address() {
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) chosen.append(name, value);
    return `${form.getAttribute("action")}${chosen.size ? `?${chosen}` : ""}`;
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => show(address()), PAUSE);
  }
  function sent(event) {
    event.preventDefault();
    clearTimeout(timer);
    show(address());
  }
  form.addEventListener("change", soon);
  form.addEventListener("submit", sent);
  search?.addEventListener("input", soon);
  return () => {
    clearTimeout(timer);
    form.removeEventListener("change", soon);
    form.removeEventListener("submit", sent);
    search?.removeEventListener("input", soon);
  };
}
