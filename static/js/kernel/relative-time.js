/* Times relative up to a day keep up while the page stays open. */

const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "narrow", numeric: "auto" });

export function connect(time) {
  const moment = Date.parse(time.dateTime);
  function show() {
    const minutes = Math.round((Date.now() - moment) / 60_000);
    if (minutes < 1 || minutes >= 24 * 60) return;
    time.textContent = minutes < 60 ? format.format(-minutes, "minute") : format.format(-Math.round(minutes / 60), "hour");
  }
  const timer = setInterval(show, 60_000);
  return () => clearInterval(timer);
}
