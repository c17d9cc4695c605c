/* Single keys for the whole product. They never fire in a field, and whoever dictates or types with a stick turns them
   off; the switch stands in the list that "?" opens and is kept on this device. */

const STORE = "single-keys";
const PLACES = { h: "/", e: "/experts", g: "/groups", p: "/people", t: "/topics", s: "/bookmarks" };
const PATIENCE = 1_500; // between "g" and the letter of a place

function inField(target) {
  return target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable]"));
}

function areOff() {
  try {
    return localStorage.getItem(STORE) === "off";
  } catch {
    return false;
  }
}

function focusSearch() {
  const input = document.querySelector('[role="search"] input');
  input?.focus();
  input?.select();
}

function write() {
  const composer = document.querySelector("#composer textarea");
  if (composer) composer.focus();
  else location.assign("/?compose=1#composer");
}

function move(step) {
  const posts = [...document.querySelectorAll('[role="feed"] > article, .hit')];
  const here = posts.indexOf(document.activeElement?.closest("article"));
  const next = posts[Math.max(here + step, 0)];
  if (next && !next.hasAttribute("tabindex")) next.tabIndex = -1;
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/* Presses what the focused post shows for it. */
function press(selector) {
  document.activeElement?.closest("article")?.querySelector(selector)?.click();
}

const actions = {
  "/": focusSearch,
  n: write,
  a: write,
  j: () => move(1),
  k: () => move(-1),
  o: () => press("[data-permalink], .hit-title a"),
  r: () => press("[data-reply]"),
  l: () => press('[data-reactions] [data-kind="agree"]'),
  s: () => press("[data-bookmark] button"),
  "?": () => document.getElementById("keys")?.showModal(),
};

/* The switch stands in the list of keys and in the settings. */
function keepSwitches(dialog) {
  const inputs = [...document.querySelectorAll("[data-single-keys]")];
  const show = () => inputs.forEach((input) => (input.checked = !areOff()));
  for (const input of inputs) {
    input.addEventListener("change", () => {
      try {
        localStorage.setItem(STORE, input.checked ? "on" : "off");
      } catch {
        // private mode: the keys stay as they are
      }
      show();
    });
  }
  show();
  for (const opener of document.querySelectorAll("[data-show-keys]")) opener.addEventListener("click", () => dialog?.showModal());
  dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

export function connect(body) {
  keepSwitches(document.getElementById("keys"));
  let going = 0;
  function pressed(event) {
    if (event.defaultPrevented || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== "k" || event.shiftKey) return;
      event.preventDefault();
      if (document.getElementById("palette")) document.dispatchEvent(new CustomEvent("couth:palette"));
      else focusSearch();
      return;
    }
    // "?" always answers: the way back to the switch must not be switched off.
    if (inField(event.target) || document.querySelector("dialog:modal") || (areOff() && event.key !== "?")) return;
    const place = Date.now() - going < PATIENCE && PLACES[event.key];
    going = event.key === "g" ? Date.now() : 0;
    if (place) location.assign(place);
    else if (!Object.hasOwn(actions, event.key)) return;
    else actions[event.key]();
    event.preventDefault();
  }
  body.addEventListener("keydown", pressed);
  return () => body.removeEventListener("keydown", pressed);
}
