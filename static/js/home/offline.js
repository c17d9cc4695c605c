/* The page without a line: it opens what was asked for as soon as Couth answers again. Browsers say when they have a
   network, but not when the server is back, and may have said it before this script was there: so it asks as well. */

const OFFLINE = "/offline";
const ASK_EVERY = 4000;

export function connect(place) {
  const ended = new AbortController();
  const again = place.querySelector("[data-again]");
  again.hidden = false;
  const reload = () => location.reload();
  again.addEventListener("click", reload, { signal: ended.signal });
  if (location.pathname === OFFLINE) return () => ended.abort();
  addEventListener("online", reload, { signal: ended.signal });
  const asking = setInterval(async () => {
    if (await answers()) reload();
  }, ASK_EVERY);
  ended.signal.addEventListener("abort", () => clearInterval(asking));
  return () => ended.abort();
}

async function answers() {
  try {
    return (await fetch(OFFLINE, { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false; // no line yet: asked again
  }
}
