// The code that is new every 30 seconds: made by a key that never leaves this phone, drawn here, without a network.
import * as codes from "../shared/dynamic_code.js";
import { draw } from "../shared/qr.js";
import { call } from "./api.js";

const RENEW_BEFORE_DAYS = 14;
const STORE = "phone";
const CONFLICT = 409;
const nameOf = (home) => `regulars${home}`;

function open(home) {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(nameOf(home), 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function kept(home, write) {
  const db = await open(home);
  try {
    return await new Promise((done, fail) => {
      const deal = db.transaction(STORE, write ? "readwrite" : "readonly");
      const store = deal.objectStore(STORE);
      const asked = write ? store.put(write, "this") : store.get("this");
      deal.oncomplete = () => done(asked.result);
      deal.onerror = () => fail(deal.error);
    });
  } finally { db.close(); }
}

export function possible() {
  return window.isSecureContext && "indexedDB" in window && Boolean(crypto.subtle);
}

const certified = async (home, card, pair) => call("POST", `${home}/api/devices`, { public_key: await codes.publicKeyText(pair), card });

// Let the server certify this phone's key for the card; the key is made here, and its secret half cannot be taken out.
// A key that was taken out never counts again: then a new one is made.
export async function register(home, card) {
  const before = await kept(home).catch(() => undefined);
  let pair = before?.pair ?? await codes.makeKey();
  let certificate;
  try { certificate = await certified(home, card, pair); } catch (fault) {
    if (!before || fault.status !== CONFLICT) throw fault;
    pair = await codes.makeKey();
    certificate = await certified(home, card, pair);
  }
  await kept(home, { pair, certificate });
  return { pair, certificate };
}

// Whether the server says that this phone's codes count no more: without a network, nothing is said.
export async function takenOut(home, phone) {
  const { items } = await call("GET", `${home}/api/devices`);
  return !items.some((one) => one.id === phone.certificate.id);
}

// The phone as it is registered for this card; certified anew where that runs out. Null: it is not.
export async function phoneOf(home, card) {
  const phone = await kept(home).catch(() => undefined);
  if (!phone) return null;
  const left = phone.certificate.last_day - Date.now() / 86_400_000;
  if (phone.certificate.card !== card || left < RENEW_BEFORE_DAYS) {
    try { return await register(home, card); } catch { /* no network: what there is may do */ }
  }
  return phone.certificate.card === card && left > 0 ? phone : null;
}

// Draw the code into every place, anew when its 30 seconds are over; the bars show how long is left. What is returned
// ends it, and empties the places.
export function keepDrawing(phone, places, bars, drawn) {
  let shown = -1;
  let over = false;
  const tick = async () => {
    const now = Date.now() / 1000;
    const turn = Math.floor(now / codes.STEP_SECONDS);
    for (const bar of bars) bar.value = codes.STEP_SECONDS - (now % codes.STEP_SECONDS);
    if (turn === shown || document.hidden) return;
    shown = turn;
    const text = await codes.make(phone.pair.privateKey, phone.certificate, now);
    if (over) return;
    for (const place of places) {
      place.replaceChildren(draw(text));
      place.dataset.text = text;
    }
    drawn();
  };
  tick();
  const ticking = setInterval(tick, 500);
  return () => {
    over = true;
    clearInterval(ticking);
    for (const place of places) place.replaceChildren();
  };
}
