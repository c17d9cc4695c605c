/* Times relative up to a day keep up while the page stays open. */

const words = document.body.dataset; // the server's own, so that nothing changes its wording while it is read

export function connect(time) {
  const moment = Date.parse(time.dateTime);
  function show() {
    const minutes = Math.floor((Date.now() - moment) / 60_000);
    if (minutes < 1 || minutes >= 24 * 60) return;
    time.textContent = minutes < 60 ? words.minutesAgo.replace("{n}", minutes) : words.hoursAgo.replace("{n}", Math.floor(minutes / 60));
  }
  const timer = setInterval(show, 60_000);
  return () => clearInterval(timer);
}
