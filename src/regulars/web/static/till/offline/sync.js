// Sends what waits, in its order and once, by one tab only; then fetches a newer snapshot.
import * as api from "../api.js";
import { config } from "../texts.js";
import * as keeping from "./keeping.js";
import { clockSkew, line, rightTime, suspect } from "./line.js";
import { becomeSold } from "./selling.js";
import * as snapshots from "./snapshot.js";
import * as store from "./store.js";

const MANY = 100;
const NEAR_MS = 120_000; // times that are nearer to one another than this are the same
const BATCH_MS = 60_000;
const RENEWED_MS = 300_000;
const LOCK = `regulars.till.send.${config.program}`;
const PATH = "/v1/purchases/batch";

// `blocked`: signed_out, where somebody has to sign in before anything can be sent; `sending`: so many are under way.
export const state = { sending: 0, blocked: null };
const listeners = new Set();
let renewedAt = 0;

export function onSync(listener) { listeners.add(listener); }
function tell(change) {
  Object.assign(state, change);
  for (const listener of listeners) listener();
}

// Send and renew, unless another tab is at it. Never rejects: what did not go now goes later.
export function sync({ renew = false } = {}) {
  if (config.training || !line.up) return Promise.resolve();
  return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    try {
      const some = await sendAll();
      if (some || renew || Date.now() - renewedAt > RENEWED_MS) {
        renewedAt = Date.now();
        await snapshots.renew();
      }
      tell({ blocked: null });
    } catch (fault) {
      await stopped(fault);
    } finally {
      tell({ sending: 0 });
      await keeping.changed();
    }
  }).catch(() => {});
}

// Whether something was sent. Throws the Fault that stopped it; what was answered before that is settled.
async function sendAll() {
  let some = false;
  for (;;) {
    const { waiting } = await store.overview();
    if (!waiting.length) return some;
    tell({ sending: waiting.length });
    await (waiting[0].kind === "void" ? sendVoid(waiting[0]) : sendMany(await timed(firstOf(waiting))));
    some = true;
    await keeping.changed();
  }
}

// A purchase in flight goes by itself: what becomes of it decides what follows.
function firstOf(waiting) {
  if (waiting[0].counter === null) return [waiting[0]];
  const end = waiting.findIndex(({ counter }) => counter === null);
  return waiting.slice(0, Math.min(MANY, end < 0 ? waiting.length : end));
}

// Before a receipt is sent for the first time this computer's clock is compared with the server's. A Fault where nobody
// answers.
async function timed(items) {
  if (config.sandbox || items.every((item) => item.timed || item.counter === null)) return items;
  await suspect();
  if (!line.up) throw new api.Fault("offline", 0);
  const all = items.map((item) => (item.timed || item.counter === null ? item : {
    ...item, timed: true, body: { ...item.body, offline: { ...item.body.offline, clock_skew_seconds: skewAt(item) || undefined } },
  }));
  try {
    await store.timed(all);
  } catch (error) {
    if (!store.isFull(error)) throw error;
    return items; // they go as they were kept
  }
  return all;
}

// Seconds by which the clock was ahead at a sale: as many as now. It may have been set since: where the sale would then lie
// before the last answer that came before it, or after now, as many as were known then.
function skewAt({ at, after = 0, body }) {
  const [now, then] = [clockSkew(), body.offline.clock_skew_seconds ?? 0];
  const fits = (skew) => {
    const sold = Date.parse(at) - skew * 1000;
    return sold >= after - NEAR_MS && sold <= rightTime().getTime() + NEAR_MS;
  };
  return fits(now) || !fits(then) ? now : then;
}

async function sendMany(items) {
  const { items: answers } = await api.post(PATH, { purchases: items.map(({ body }) => body) }, { patience: BATCH_MS });
  for (const [place, item] of items.entries()) {
    const { status, answer, problem } = answers[place];
    if (status === 429 || status >= 500) throw new api.Fault(problem?.code ?? "internal_error", status, problem ?? {});
    if (problem && item.sold && problem.code !== "request_voided") await becomeSold(item);
    else await store.settle(item, { status, problem, answered_at: Date.now(), warnings: answer?.warnings, purchase: answer?.id });
  }
}

async function sendVoid(item) {
  let problem;
  try {
    await api.post("/v1/purchases/void", item.body, { idempotencyKey: item.request });
  } catch (fault) {
    if (fault.unsure || fault.signedOut || fault.status === 403) throw fault;
    problem = { code: fault.code, detail: fault.message };
  }
  await store.settle(item, { status: problem ? 409 : 200, problem, answered_at: Date.now() });
}

async function stopped(fault) {
  if (fault.signedOut) tell({ blocked: "signed_out" });
  else if (fault.status === 0 || fault.name === "TimeoutError" || fault instanceof TypeError) await suspect();
}
