/* The service worker: Couth as an installed application. Served as /sw.js with what it keeps as the first line.

   It keeps the application's own files, one page for when there is no line, and the last home feed of whoever is signed
   in here and asked to stay so. Nothing else is kept: no other page, no answer to a script, no file. What it keeps of a
   person goes when they sign out, when somebody signs in, when their session is over, and after a week.

   Pages and modules are asked of the server first, files under a fingerprint never change: so no old version can stay.
   A new worker takes over at once. */

const FILES = `couth-files-${KEPT.version}`;
const FEED = "couth-feed";
const OFFLINE = "/offline";
const WEEK = 7 * 24 * 3600 * 1000;
const WHO_CHANGES = /^\/(sign-in|sign-out|welcome\/|invitation\/|reset\/|settings\/sessions\/end-all)/;

self.addEventListener("install", (event) => {
  event.waitUntil(prepare().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

async function prepare() {
  const files = await caches.open(FILES);
  await files.addAll(KEPT.files);
  await files.put(OFFLINE, await sealed(await fetch(OFFLINE, { credentials: "omit" })));
}

async function takeOver() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("couth-") && name !== FILES && name !== FEED);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && WHO_CHANGES.test(pathname)) event.waitUntil(forget());
  if (request.method === "POST" && request.mode === "navigate") event.respondWith(sent(request));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(file(event));
});

/* A form without a script of its own. Where nobody answers, an empty answer leaves the page as it stands, with all that
   was typed and pressed in it, in place of the browser's own page of errors; and the page says so. */
async function sent(request) {
  try {
    return await fetch(request);
  } catch {
    const windows = await self.clients.matchAll({ type: "window" });
    const looked = windows.filter((window) => window.focused);
    const before = looked.length ? looked : windows.filter((window) => window.visibilityState === "visible");
    for (const window of before) window.postMessage("unsent");
    return new Response(null, { status: 204 });
  }
}

/* A page comes from the server. Without a line the home page is the last feed, and any other one says so. */
async function page(event, path) {
  try {
    const found = (await event.preloadResponse) ?? (await fetch(event.request));
    event.waitUntil(path === "/" ? keep(event.request, found.clone()) : watch(found));
    return found;
  } catch {
    return (path === "/" && (await lastFeed())) || (await caches.match(OFFLINE)) || Response.error();
  }
}

/* Only the bare home page: what `?compose=…` or a search typed into it stays out. */
async function keep(request, found) {
  const person = found.headers.get("Couth-Keep");
  if (!found.ok || found.redirected || !person) return watch(found);
  if (new URL(request.url).search) return undefined;
  const feed = await caches.open(FEED);
  return feed.put("/", await sealed(found, { "Couth-Kept-At": new Date().toISOString() }));
}

async function watch(found) {
  if (found.redirected && new URL(found.url).pathname === "/sign-in") await forget();
}

async function lastFeed() {
  const kept = await (await caches.open(FEED)).match("/");
  if (!kept) return null;
  const at = kept.headers.get("Couth-Kept-At");
  if (Date.now() - Date.parse(at) > WEEK) {
    await forget();
    return null;
  }
  const html = (await kept.text()).replace("<body ", `<body data-kept-at="${at}" `);
  return new Response(html, { headers: kept.headers });
}

/* An answer whose body is read, without what a browser would refuse to show from a cache. */
async function sealed(found, more = {}) {
  const headers = new Headers(found.headers);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(await found.blob(), { status: found.status, headers });
}

async function forget() {
  await caches.delete(FEED);
}

/* Under a fingerprint: kept for good. Modules, which import each other by plain names: the server's first. */
async function file(event) {
  const { request } = event;
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  const { pathname, searchParams } = new URL(request.url);
  if (kept && (searchParams.has("v") || pathname.startsWith("/static/bundle/"))) return kept;
  try {
    const found = await fetch(request);
    if (found.ok && found.type === "basic") event.waitUntil(files.put(request, found.clone()));
    return found;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/* Pushes: one message, one notification. A window that is being looked at has said it itself. */
self.addEventListener("push", (event) => {
  event.waitUntil(told(event.data?.json() ?? {}));
});

async function told({ key = "", title = "Couth", body = "", url = "/notifications", tag = "", unread }) {
  if (unread !== undefined) await self.navigator.setAppBadge?.(unread);
  const windows = await self.clients.matchAll({ type: "window" });
  const isTrial = tag === "try"; // somebody looks at Couth and waits for it
  if (!isTrial && windows.some((window) => window.visibilityState === "visible")) return;
  const shown = await self.registration.getNotifications({ tag });
  if (shown.some((one) => one.data?.key === key)) return; // it was sent twice
  await self.registration.showNotification(title, {
    body,
    tag,
    renotify: Boolean(tag),
    icon: "/static/img/icon-192.png",
    badge: "/static/img/badge-96.png",
    data: { key, url },
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url ?? "/"));
});

async function open(url) {
  const address = new URL(url, location.origin);
  if (address.origin !== location.origin) return;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const found = windows.find((window) => window.url === address.href) ?? windows[0];
  if (!found) return void (await self.clients.openWindow(address));
  await found.focus();
  if (found.url !== address.href) await found.navigate(address).catch(() => self.clients.openWindow(address));
}
