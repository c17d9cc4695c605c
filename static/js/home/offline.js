/* The page without a line: it opens what was asked for as soon as the line is back. */

export function connect(place) {
  const ended = new AbortController();
  const again = place.querySelector("[data-again]");
  again.hidden = false;
  const reload = () => {
    if (location.pathname !== "/offline") location.reload();
  };
  again.addEventListener("click", () => location.reload(), { signal: ended.signal });
  addEventListener("online", reload, { signal: ended.signal });
  return () => ended.abort();
}
