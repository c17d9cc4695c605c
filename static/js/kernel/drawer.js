/* The navigation drawer of small screens: opened by the tab bar, closed by the scrim and Escape, focus comes back. */

const root = document.documentElement;

function set(open) {
  root.dataset.nav = open ? "open" : "closed";
  const opener = document.querySelector('[aria-controls="nav"]');
  opener?.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#nav li a")?.focus();
  else opener?.focus();
}

function escape(event) {
  if (event.key === "Escape" && root.dataset.nav === "open") set(false);
}

export function connect(element) {
  const isOpener = element.hasAttribute("aria-controls");
  const turn = (event) => {
    event.preventDefault(); // without script the opener is a link to the navigation, which its being the target shows
    set(isOpener && root.dataset.nav !== "open");
  };
  element.addEventListener("click", turn);
  if (isOpener) document.addEventListener("keydown", escape);
  return () => {
    element.removeEventListener("click", turn);
    document.removeEventListener("keydown", escape);
  };
}
