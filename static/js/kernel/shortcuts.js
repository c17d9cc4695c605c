/* Single keys for the whole product; they never fire in a field. */

function inField(target) {
  return target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable]"));
}

export function connect(body) {
  function press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector('[role="search"] input')?.focus();
    } else if (event.key === "n") {
      const composer = document.querySelector("#composer textarea");
      if (!composer) return;
      event.preventDefault();
      composer.focus();
    } else if (event.key === "j" || event.key === "k") {
      const posts = [...document.querySelectorAll('[role="feed"] > article')];
      const here = posts.indexOf(document.activeElement?.closest("article"));
      const next = posts[event.key === "j" ? here + 1 : Math.max(here - 1, 0)];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    }
  }
  body.addEventListener("keydown", press);
  return () => body.removeEventListener("keydown", press);
}
