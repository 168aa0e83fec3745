// Keeps the till's page when there is no line: its files, and the page as it was last served. The server puts
// `const SETTINGS = {version, shell, headers}` before this file. Calls of the API never pass through here.
const FILES = `regulars-till-files-${SETTINGS.version}`;
const PAGES = "regulars-till-pages";
const KEPT = ["/till", "/till/display"];
const PATIENCE_MS = 4_000;
const LED_TO_MS = 30_000; // so long after a form was sent a page may be what it led to
let forgets = 0;
let sentAt = -Infinity;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(FILES);
    await cache.addAll(SETTINGS.shell.map((address) => new Request(address, { cache: "reload" })));
    for (const path of KEPT) await fetchAnew(path);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("regulars-till-files-") && name !== FILES) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.mode === "navigate" && request.method !== "GET") sentAt = Date.now();
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, request, address));
  else if (address.pathname.startsWith("/static/") || address.pathname === "/till/reader.js") event.respondWith(file(request, address));
  else if (address.pathname.endsWith("/theme.css")) event.respondWith(theme(event, request));
});

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
});

// A page comes from the network; when that is away or slow, as it was last served. What a form led to is waited for: what
// is kept was served before it, and would not be in training, or of another cashier.
async function page(event, request, address) {
  const { pathname } = address;
  const kept = KEPT.includes(pathname) ? await caches.match(pathname, { cacheName: PAGES }) : null;
  const turn = forgets;
  const fetching = fetch(request);
  try {
    const answer = await (kept && !isLedTo() ? inTime(fetching) : fetching);
    if (kept && answer.status >= 502) return cut(kept);
    event.waitUntil(remember(pathname, answer.clone(), turn));
    return answer;
  } catch (away) {
    fetching.catch(() => {});
    if (kept) return cut(kept);
    const till = await caches.match("/till", { cacheName: PAGES });
    if (till) return Response.redirect("/till", 302);
    throw away;
  }
}

const isLedTo = () => Date.now() - sentAt < LED_TO_MS;

function inTime(fetching) {
  return Promise.race([fetching, new Promise((_, refuse) => { setTimeout(() => refuse(new Error("slow")), PATIENCE_MS); })]);
}

async function fetchAnew(path) {
  try {
    await remember(path, await fetch(path, { credentials: "same-origin", cache: "reload", redirect: "manual" }), forgets);
  } catch { /* the line is down: it is kept at the next visit */ }
}

// Only the till's own pages are kept, which hold no customer. A way to the sign-in says that the session has ended: what
// stands there is signed in no more, and is forgotten; receipts that wait are not kept here and stay.
async function remember(path, answer, turn) {
  if (!KEPT.includes(path)) return;
  if (answer.type === "opaqueredirect" || answer.redirected) { await forget(); return; }
  if (!answer.ok || !(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) return;
  const body = await answer.text();
  if (!body.includes('id="config"') || turn !== forgets) return;
  const cache = await caches.open(PAGES);
  await cache.put(path, new Response(body, { headers: keptHeaders(answer) }));
}

// The policy of the page holds for the kept one, too.
function keptHeaders(answer) {
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8" });
  for (const name of SETTINGS.headers) {
    if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
  }
  return headers;
}

// The kept page knows from its first moment that it came without the line.
async function cut(kept) {
  const body = (await kept.text()).replace("<html ", '<html data-offline="true" ');
  return new Response(body, { headers: kept.headers });
}

// Files never change under their address; those of an older version are answered by their successors.
async function file(request, address) {
  const cache = await caches.open(FILES);
  const found = await cache.match(request, { ignoreVary: true });
  if (found) return found;
  try {
    return await fetch(request);
  } catch (away) {
    const path = address.pathname.split("/").slice(3).join("/");
    for (const one of await cache.keys()) {
      if (new URL(one.url).pathname.split("/").slice(3).join("/") === path) return cache.match(one, { ignoreVary: true });
    }
    throw away;
  }
}

// The program's colours on the customer's display: as they are, else as they were.
async function theme(event, request) {
  const cache = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (answer.ok) event.waitUntil(cache.put(request, answer.clone()));
    return answer;
  } catch (away) {
    const found = await cache.match(request, { ignoreVary: true });
    if (found) return found;
    throw away;
  }
}

async function forget() {
  forgets += 1;
  await caches.delete(PAGES);
}
