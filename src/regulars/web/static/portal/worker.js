// Keeps the portal when there is no network: its files, and the pages as they were last seen. The server puts
// `const SETTINGS = {version, home, shell, offline, headers}` before this file.
const FILES = `regulars-files-${SETTINGS.version}`;
const PAGES = `regulars-pages-${SETTINGS.home}`;
const KEPT = ["/", "/offers", "/receipts", "/wallet", "/me"].map((path) => SETTINGS.home + path);
const PATIENCE_MS = 4_000;
const LED_TO_MS = 30_000; // so long after a form was sent a page may be what it led to
const PAGES_MAX = 80;
const KEPT_ANEW_AFTER_MS = 300_000;
let forgets = 0;
let sentAt = -Infinity;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(FILES);
    await cache.addAll([...SETTINGS.shell, SETTINGS.offline].map((address) => new Request(address, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("regulars-files-") && name !== FILES && await ofThisProgram(name)) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.mode === "navigate" && request.method !== "GET") sentAt = Date.now();
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, request));
  else if (address.pathname.startsWith("/static/") || isOurs(address)) event.respondWith(file(request, address));
});

self.addEventListener("message", (event) => {
  const { ask, links = [], anew = false } = event.data ?? {};
  if (ask === "keep") event.waitUntil(keepAll([...KEPT, ...links], anew));
  if (ask === "forget") event.waitUntil(forget().then(() => event.ports[0]?.postMessage("forgotten")));
});

const isOurs = (address) => SETTINGS.shell.includes(address.pathname + address.search);

// Two programs on one server keep their files apart: a worker throws away what was its own only.
async function ofThisProgram(name) {
  return Boolean(await (await caches.open(name)).match(SETTINGS.offline));
}

// A page comes from the network; when that is away or slow, as it was last seen, and says so. What a form led to is waited
// for: what is kept was seen before it.
async function page(event, request) {
  const look = () => caches.match(withoutTalk(request.url), { cacheName: PAGES });
  const kept = await look();
  const fetching = fetch(request);
  const turn = forgets;
  try {
    const answer = await (kept && !isLedTo() ? inTime(fetching) : fetching);
    event.waitUntil(remember(request.url, answer.clone(), turn));
    return answer;
  } catch {
    const found = kept ?? (await look());
    if (found) return stale(found, dayOf(found));
    const nothing = await caches.match(SETTINGS.offline);
    return nothing ? stale(nothing, "none") : Response.error();
  }
}

const isLedTo = () => Date.now() - sentAt < LED_TO_MS;

function inTime(fetching) {
  return Promise.race([fetching, new Promise((_, refuse) => { setTimeout(() => refuse(new Error("slow")), PATIENCE_MS); })]);
}

// The server's answer to a page: kept when it is one of hers; a way to the log-in means that nothing of her stays here.
// `turn`: how often all was forgotten when the page was asked for; what was on its way then is not kept.
async function remember(url, answer, turn) {
  const address = withoutTalk(url);
  if (answer.type === "opaqueredirect") {
    if (KEPT.includes(new URL(address).pathname)) await forget();
    return;
  }
  const type = answer.headers.get("Content-Type") ?? "";
  if (!answer.ok || answer.redirected || !type.startsWith("text/html")) return;
  const body = await answer.text();
  if (!body.includes('class="tabs"') || address.includes("/me/")) return;
  const cache = await caches.open(PAGES);
  if (turn !== forgets) { await caches.delete(PAGES); return; }
  const headers = keptHeaders(answer);
  headers.set("X-Kept-At", String(Date.now()));
  await cache.put(address, new Response(body, { headers }));
  const addresses = await cache.keys();
  const others = addresses.filter((one) => !KEPT.includes(new URL(one.url).pathname));
  for (const old of others.slice(0, Math.max(0, addresses.length - PAGES_MAX))) await cache.delete(old);
}

// The policy of the page holds for the kept one, too.
function keptHeaders(answer) {
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8" });
  for (const name of SETTINGS.headers) {
    if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
  }
  return headers;
}

function dayOf(answer) {
  const at = new Date(Number(answer.headers.get("X-Kept-At") ?? 0));
  return at.toDateString() === new Date().toDateString() ? "today" : "old";
}

// `day` says how old what is shown is: of "today", "old", or "none" where it shows nothing of hers.
async function stale(answer, day) {
  const body = (await answer.text()).replace("<html ", `<html data-offline="${day}" `);
  return new Response(body, { headers: keptHeaders(answer) });
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
      const other = new URL(one.url);
      const same = path ? other.pathname.endsWith(`/${path}`) : other.pathname === address.pathname;
      if (same) return cache.match(one, { ignoreVary: true });
    }
    throw away;
  }
}

// Where something was just changed all of them are fetched anew, else those that were not seen lately.
async function keepAll(addresses, anew) {
  const turn = forgets;
  const cache = await caches.open(PAGES);
  for (const address of addresses) {
    try {
      const kept = anew ? undefined : await cache.match(withoutTalk(new URL(address, location).href));
      if (kept && Date.now() - Number(kept.headers.get("X-Kept-At")) < KEPT_ANEW_AFTER_MS) continue;
      const answer = await fetch(new Request(address, { credentials: "same-origin", headers: { Accept: "text/html" } }));
      if (answer.redirected || turn !== forgets) return;
      await remember(new URL(address, location).href, answer, turn);
    } catch { return; }
  }
}

async function forget() {
  forgets += 1;
  await caches.delete(PAGES);
}

// Without what was said once and the language that was wished once, and without a fragment.
function withoutTalk(text) {
  const address = new URL(text);
  address.searchParams.delete("said");
  address.searchParams.delete("lang");
  address.hash = "";
  if (address.pathname === SETTINGS.home) address.pathname += "/";
  return address.href;
}
