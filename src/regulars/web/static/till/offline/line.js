// Whether the server can be reached: a call that failed is looked into at once, and so is a long silence; only when that
// is not answered either is the line down.
import { config } from "../texts.js";

const PROBE = "/health/live";
const PROBE_MS = 3_000;
const PAUSES_MS = [1_500, 3_000, 5_000, 10_000];
const SILENCE_MS = 30_000; // so long nothing was answered: the cashier shall know before the next customer comes
const DIFFER_SECONDS_MAX = 60; // clocks that are nearer to one another than this count as equal
const KEY = `regulars.till.clock.${config.program}`;
const listeners = new Set();

export const line = { up: true, since: null };
const LAST_KEY = `${KEY}.last`;
let skew = kept(KEY); // seconds by which this computer's clock is ahead of the server's
let last = kept(LAST_KEY); // the server's time in its last answer
let heardAt = performance.now();
let probing = null;
let timer = 0;
let tries = 0;

export function onLine(listener) { listeners.add(listener); }

// Every answer tells the server's time; `asked`: when it was asked for, so that a slow answer is no wrong clock.
export function heard(response, asked) {
  heardAt = performance.now();
  const at = Date.parse(response.headers.get("Date") ?? "");
  const now = Date.now();
  if (Number.isNaN(at) || now - asked > DIFFER_SECONDS_MAX * 1000) return;
  // Between asking and now it was a moment of that second: what is known stays as long as it fits, or the time would jump.
  skew = Math.min(Math.max(skew, (asked - at) / 1000 - 1), (now - at) / 1000);
  last = at;
  try {
    localStorage.setItem(KEY, String(skew));
    localStorage.setItem(LAST_KEY, String(last));
  } catch { /* known as long as this page lives */ }
}

function kept(key) {
  try { return Number(localStorage.getItem(key)) || 0; } catch { return 0; }
}

// The server's time when it was last heard, in milliseconds; 0: never.
export const lastHeard = () => last;

// Seconds to send along with a receipt; 0 where the clock is right.
export const clockSkew = () => Math.round(wrongBy());
const wrongBy = () => (Math.abs(skew) > DIFFER_SECONDS_MAX ? skew : 0);

// The instant by the server's clock, as far as it is known.
export const rightTime = () => (config.sandbox ? ahead() : new Date(Date.now() - wrongBy() * 1000));

// A sandbox has a clock of its own, which may be anywhere: so far ahead of the world's it was when it was last seen.
const AHEAD_KEY = `${KEY}.ahead`;
let sandboxAhead = kept(AHEAD_KEY);

export function setAhead(now) {
  sandboxAhead = now - Date.now();
  try { localStorage.setItem(AHEAD_KEY, String(sandboxAhead)); } catch { /* known as long as this page lives */ }
}

export const ahead = () => new Date(Date.now() + sandboxAhead);

// A gateway that answers in the server's place says as little as no answer.
export const awayStatus = (status, answer) => [502, 503, 504].includes(status) && !answer?.code;

// A call was not answered. Resolves when it is known whether the line is down.
export function suspect() {
  probing ??= probe().finally(() => { probing = null; });
  return probing;
}

async function probe() {
  clearTimeout(timer);
  // An answer while the browser says that there is no line may have been on its way: it is asked until they agree.
  const up = await answered() && (navigator.onLine || await answered());
  turn(up);
  if (up && navigator.onLine) tries = 0;
  else timer = setTimeout(suspect, PAUSES_MS[Math.min(tries++, PAUSES_MS.length - 1)]);
}

async function answered() {
  try {
    const asked = Date.now();
    const answer = await fetch(PROBE, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PROBE_MS) });
    if (answer.ok) heard(answer, asked);
    return answer.ok;
  } catch { return false; /* no answer: that is what was asked */ }
}

function turn(up) {
  if (up === line.up) return;
  line.up = up;
  line.since = up ? null : new Date();
  for (const listener of listeners) listener();
}

// The browser knows that a cable was pulled before any call fails; that one was put in again is to be seen.
export function watch() {
  window.addEventListener("offline", suspect);
  window.addEventListener("online", () => { tries = 0; suspect(); });
  setInterval(() => { if (line.up && performance.now() - heardAt >= SILENCE_MS) suspect(); }, SILENCE_MS / 2);
  if (!navigator.onLine || document.documentElement.dataset.offline) suspect();
}
