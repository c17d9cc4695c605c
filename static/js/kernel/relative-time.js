/* Times relative up to a day keep up while the page stays open. */

const words = document.body.dataset; // the server's own, so that nothing changes its wording while it is read

export function connect(time) {
  const moment = Date.parse(time.dateTime);
  function show() {
    const minutes = Math.floor((Date.now() - moment) / 60_000);
    if (minutes < 1 || minutes >= 24 * 60) return;
    const [said, n] = minutes < 60 ? [words.minutesAgo, minutes] : [words.hoursAgo, Math.floor(minutes / 60)];
    time.textContent = said.replace("{n}", n);
  }
  const timer = setInterval(show, 60_000);
  return () => clearInterval(timer);
}
