/* The browser's own notifications: whether they may be shown, asking for that once, and showing one.

   Several windows may want to show the same thing: what has the same `tag` is shown once, and a later one with it takes
   the earlier one's place in silence. Ask only from a click: browsers refuse anything else. */

/** "granted", "denied", "default" (not asked yet), or "missing" where the browser has none. */
export function standing() {
  return "Notification" in window && window.isSecureContext ? Notification.permission : "missing";
}

export async function ask() {
  return standing() === "default" ? Notification.requestPermission() : standing();
}

/** Show one, unless that is not allowed; a click on it leads to `url`. True when it was shown. */
export async function show({ title, body = "", url = "/", tag = "" }) {
  if (standing() !== "granted") return false;
  const options = { body, tag, icon: "/static/img/icon-192.png", badge: "/static/img/badge-96.png", data: { url } };
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker?.active) {
    await worker.showNotification(title, options); // its click is the service worker's
    return true;
  }
  const shown = new Notification(title, options);
  shown.addEventListener("click", () => {
    shown.close();
    window.focus();
    location.assign(url);
  });
  return true;
}
