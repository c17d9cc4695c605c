/* Couth as an installed application: registers the service worker, says what it could not send, and goes on as the
   device that this browser was. */

import { goOn } from "couth/kernel/device.js";
import { sayWhy } from "couth/kernel/refusal.js";

const ASKED = "couth-device-asked"; // once for each tab and person

export function connect() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return undefined;
  navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" }).catch((error) => {
    console.warn("no service worker", error); // the page works without
  });
  navigator.serviceWorker.addEventListener("message", ({ data }) => data === "unsent" && sayWhy(data));
  const viewer = document.body.dataset.viewer;
  if (viewer && sessionStorage.getItem(ASKED) !== viewer) {
    sessionStorage.setItem(ASKED, viewer);
    goOn().catch(() => sessionStorage.removeItem(ASKED));
  }
  return undefined;
}
