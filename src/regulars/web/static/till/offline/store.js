// What this computer keeps for when the line is down: snapshot, devices with their counters, receipts to send, what
// was let be spent, the moving codes that it saw, and the answers. A receipt is kept in one transaction with its
// counter, its allowance and its code.
import { config } from "../texts.js";
import { SeenCodes } from "../../shared/dynamic_code.js";

const NAME = `regulars.till.${config.program}`;
const VERSION = 1;
const SENT_MAX = 300;
const RESERVE_BYTES = 65_536;
const STRICT = { durability: "strict" };
let opening = null;

function database() {
  opening ??= new Promise((done, fail) => {
    const asking = indexedDB.open(NAME, VERSION);
    asking.onupgradeneeded = () => {
      const db = asking.result;
      db.createObjectStore("meta"); // by name
      db.createObjectStore("queue", { keyPath: "seq", autoIncrement: true }).createIndex("request", "request", { unique: true });
      db.createObjectStore("uses", { keyPath: "request" });
      db.createObjectStore("answered", { keyPath: "request" });
    };
    asking.onsuccess = () => {
      asking.result.onversionchange = () => { asking.result.close(); opening = null; };
      done(asking.result);
    };
    asking.onerror = () => { opening = null; fail(asking.error); };
  });
  return opening;
}

const asked = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

// Runs `work` with the stores of one transaction. Nothing but their requests may be awaited in it. Rejects with
// QuotaExceededError where the disk is full; then nothing of it was kept.
async function transaction(names, mode, work) {
  const db = await database();
  const tx = db.transaction(names, mode, STRICT);
  const ended = new Promise((done, fail) => {
    tx.oncomplete = () => done();
    tx.onabort = () => fail(tx.error ?? new DOMException("the transaction was given up", "AbortError"));
  });
  ended.catch(() => {});
  let result;
  try {
    result = await work(...names.map((name) => tx.objectStore(name)));
  } catch (error) {
    try { tx.abort(); } catch { /* it ended by itself */ }
    throw tx.error ?? error;
  }
  await ended;
  return result;
}

export const isFull = (error) => error?.name === "QuotaExceededError";

export const read = (name) => transaction(["meta"], "readonly", (meta) => asked(meta.get(name)));
export const write = (name, value) => transaction(["meta"], "readwrite", (meta) => asked(meta.put(value, name)));

// Whether one of this computer's windows took a moving code a short while ago, before a reload or after.
export const codeSeen = (code, seconds) => transaction(["meta"], "readonly", async (meta) => !(await codes(meta)).take(code, seconds));

// From now on every window of this computer refuses a moving code, as long as a clock may take it for a new one.
export const takeCode = (code, seconds) => transaction(["meta"], "readwrite", (meta) => taken(meta, code, seconds));

const codes = async (meta) => new SeenCodes(await asked(meta.get("codes")) ?? []);

async function taken(meta, code, seconds) {
  const seen = await codes(meta);
  if (!seen.take(code, seconds)) return false;
  await asked(meta.put(seen.entries, "codes"));
  return true;
}

// Room for one more receipt is taken before money is. Rejects with QuotaExceededError.
export const reserve = () => write("reserve", new Uint8Array(RESERVE_BYTES).map((_, place) => place % 251));

// Keep a receipt that was sold. `make` gets the counter that it has; `use` is { card, amount, worth, snapshot } of an
// allowance, and `allow` is asked whether the uses so far leave room for it; `code` the moving code that proves it.
// Null: there is no room, or another window took the code, and nothing was kept.
export function keep(place, request, make, { use = null, allow = () => true, code = null } = {}) {
  return transaction(["meta", "queue", "uses"], "readwrite", async (meta, queue, uses) => {
    const device = await asked(meta.get(`device:${place}`));
    const [before, used] = [await asked(queue.index("request").get(request)), await asked(uses.getAll())];
    if (before) return before; // kept already, by another press of the button
    if (use && !allow(used)) return null;
    if (code && !await taken(meta, code, Date.now() / 1000)) return null;
    const counter = device.counter + 1;
    await asked(meta.delete("reserve")); // the room that was taken for it
    await asked(meta.put({ ...device, counter }, `device:${place}`));
    if (use) await asked(uses.put({ ...use, request, place, sent: false }));
    const kept = { request, place, counter, ...make(device.id, counter) };
    kept.seq = await asked(queue.add(kept));
    return kept;
  });
}

// Keep a purchase whose answer never came, exactly as it was sent: it has no counter unless the server refuses it.
// `use`: of the allowance with which it then follows.
export function keepInFlight(place, request, item, use = null) {
  return transaction(["queue", "uses"], "readwrite", async (queue, uses) => {
    const before = await asked(queue.index("request").get(request));
    if (before) return before;
    if (use) await asked(uses.put({ ...use, request, place, sent: false }));
    const kept = { request, place, counter: null, ...item };
    kept.seq = await asked(queue.add(kept));
    return kept;
  });
}

// A purchase in flight was refused: it is a sale all the same, and follows as sold, under the next counter, after those
// that are waiting.
export function turnIntoSold(item, make) {
  return transaction(["meta", "queue"], "readwrite", async (meta, queue) => {
    const device = await asked(meta.get(`device:${item.place}`));
    if (!await asked(queue.get(item.seq))) return;
    const counter = device.counter + 1;
    await asked(meta.put({ ...device, counter }, `device:${item.place}`));
    await asked(queue.delete(item.seq));
    await asked(queue.add({ request: item.request, place: item.place, counter, at: item.at, payable: item.payable, timed: true, ...make(device.id, counter) }));
  });
}

// Receipts before they are sent for the first time, with what the clock was wrong by: from now on they stay as they are.
export function timed(items) {
  return transaction(["queue"], "readwrite", async (queue) => {
    for (const item of items) await asked(queue.put(item));
  });
}

// What the server said to a receipt: it leaves the queue, the answer stays. Told twice it is the same.
export function settle(item, answer) {
  return transaction(["queue", "uses", "answered"], "readwrite", async (queue, uses, answered) => {
    await asked(queue.delete(item.seq));
    const use = await asked(uses.get(item.request));
    if (use) await asked(uses.put({ ...use, sent: true }));
    await asked(answered.put({
      request: item.request, place: item.place, counter: item.counter, at: item.at, payable: item.payable, kind: item.kind, timed: item.timed,
      body: answer.problem ? item.body : undefined, ...answer,
    }));
    const all = await asked(answered.getAll());
    const old = all.filter(({ problem }) => !problem).sort((one, other) => one.answered_at - other.answered_at);
    for (const one of old.slice(0, Math.max(0, old.length - SENT_MAX))) await asked(answered.delete(one.request));
  });
}

// A receipt that was refused is tried once more, at the end of the queue.
export function again(request) {
  return transaction(["queue", "answered"], "readwrite", async (queue, answered) => {
    const one = await asked(answered.get(request));
    if (!one?.problem) return;
    await asked(answered.delete(request));
    const { place, counter, at, payable, kind, timed, body } = one;
    await asked(queue.add({ request, place, counter, at, payable, kind, timed, body }));
  });
}

// Somebody saw that a receipt was refused and dealt with it.
export const dismiss = (request) => transaction(["answered"], "readwrite", async (answered) => {
  const one = await asked(answered.get(request));
  if (one) await asked(answered.put({ ...one, seen: true, problem: undefined, refused: one.problem }));
});

// Everything that waits, in its order; what was refused and nobody looked at; and what was let be spent.
export function overview() {
  return transaction(["queue", "uses", "answered"], "readonly", async (queue, uses, answered) => {
    const [waiting, used, all] = [await asked(queue.getAll()), await asked(uses.getAll()), await asked(answered.getAll())];
    return { waiting, used, refused: all.filter(({ problem }) => problem), sent: all.filter(({ problem }) => !problem) };
  });
}

// A newer snapshot knows what was spent by the receipts that were answered before it was made.
export function putSnapshot(place, snapshot, id) {
  return transaction(["meta", "uses"], "readwrite", async (meta, uses) => {
    await asked(meta.put(snapshot, `snapshot:${place}`));
    for (const use of await asked(uses.getAll())) {
      if (use.place === place && use.sent && use.snapshot !== id) await asked(uses.delete(use.request));
    }
  });
}

// The device of a till; a counter that is known here or at the server only grows, that of another device begins anew.
export function putDevice(place, { id, counter }) {
  return transaction(["meta"], "readwrite", async (meta) => {
    const before = await asked(meta.get(`device:${place}`));
    const device = { id, counter: before?.id === id ? Math.max(before.counter, counter) : counter };
    await asked(meta.put(device, `device:${place}`));
    return device;
  });
}

// Whether the browser promised not to throw this away when it runs out of room.
export async function persist() {
  try { return await navigator.storage.persist(); } catch { return false; }
}
