// What every page of the portal does: keeps itself for when there is no network, counts up what changed, installs.
import "./swap.js";

const frame = document.querySelector(".frame");
const home = frame?.dataset.home ?? "";

// A page that says what was just done says it once: not again when it is loaded anew.
const changed = new URLSearchParams(location.search).has("said");
if (changed) {
  const clean = new URL(location.href);
  clean.searchParams.delete("said");
  history.replaceState(history.state, "", clean);
}

window.addEventListener("popstate", () => location.reload());

let leaving = false; // nothing is kept any more once she has begun to log out

if ("serviceWorker" in navigator && home) {
  navigator.serviceWorker.register(`${home}/sw.js`, { scope: `${home}/` }).catch(() => { /* without it there is no offline */ });
  navigator.serviceWorker.ready.then((ready) => {
    const signedIn = document.querySelector(".tabs");
    if (!signedIn || document.documentElement.dataset.offline) return;
    const links = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);
    const later = window.requestIdleCallback ?? ((act) => setTimeout(act, 800));
    const keep = (anew) => later(() => { if (!leaving) ready.active?.postMessage({ ask: "keep", links, anew }); });
    keep(changed);
    document.addEventListener("swapped", () => keep(true));
  });
}

// Whoever logs out leaves nothing of herself on this phone.
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("form[data-forget]")) return;
  event.preventDefault();
  await forget();
  event.target.submit();
});

function asked(worker, ask) {
  return new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    worker.postMessage({ ask }, [channel.port2]);
  });
}

async function forget() {
  leaving = true;
  try {
    const worker = navigator.serviceWorker?.controller;
    if (worker) await Promise.race([asked(worker, "forget"), new Promise((go) => { setTimeout(go, 2000); })]);
    await caches.delete(`regulars-pages-${home}`);
    indexedDB.deleteDatabase(`regulars${home}`);
    for (const key of Object.keys(localStorage)) if (key.startsWith(`regulars.${home}`)) localStorage.removeItem(key);
  } catch { /* a browser without them has nothing to forget */ }
}

// A browser may say that it is online before anything can be reached: a page loaded then would only disturb, so the
// server is asked first, again and again, and ever more rarely.
async function loadAnew(wait) {
  while (navigator.onLine && document.documentElement.dataset.offline) {
    try {
      await fetch("/health/live", { cache: "no-store" });
      location.reload();
      return;
    } catch {
      await new Promise((go) => { setTimeout(go, wait); });
      wait = Math.min(2 * wait, 30_000);
    }
  }
}
window.addEventListener("online", () => loadAnew(500));
window.addEventListener("offline", () => { document.documentElement.dataset.offline = "today"; rest(); });

// Without a network nothing can be sent, by a finger as little as by a key.
function rest() {
  for (const one of document.querySelectorAll("form :is(button, input, select)")) one.disabled = true;
}
if (document.documentElement.dataset.offline) rest();

// A balance that changed since it was last seen here counts up to what it is now.
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
for (const place of document.querySelectorAll("[data-count]")) {
  const now = Number(place.dataset.count);
  const key = `regulars.${home}.balance.${place.dataset.key}`;
  let before = null;
  try { before = localStorage.getItem(key); localStorage.setItem(key, String(now)); } catch { /* it does not count up */ }
  if (before === null || Number(before) === now || calm) continue;
  countUp(place, Number(before), now, Number(place.dataset.scale));
}

function countUp(place, from, to, scale) {
  const text = place.textContent;
  const format = new Intl.NumberFormat(frame.dataset.language, { useGrouping: "always", minimumFractionDigits: scale, maximumFractionDigits: scale });
  const write = (value) => format.formatToParts(value / 10 ** scale).map((part) => (part.type === "group" ? "\u202f" : part.value)).join("");
  const began = performance.now();
  const step = (at) => {
    const share = Math.min(1, (at - began) / 700);
    const eased = 1 - (1 - share) ** 3;
    place.textContent = share < 1 ? write(Math.round(from + (to - from) * eased)) : text;
    if (share < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

let prompt = null;
window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  prompt = event;
  const button = document.querySelector("[data-install]");
  if (button) button.hidden = false;
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-install]");
  if (!button || !prompt) return;
  prompt.prompt();
  await prompt.userChoice;
  prompt = null;
  button.hidden = true;
});

// All scripts of the page have run then, also those after this one.
document.addEventListener("DOMContentLoaded", () => { document.documentElement.dataset.ready = ""; });
