// The code that is new every 30 seconds: made by a key that never leaves this phone, drawn here, without a network.
import * as codes from "../shared/dynamic_code.js";
import { draw } from "../shared/qr.js";
import { call } from "./api.js";

const RENEW_BEFORE_DAYS = 14;
const STORE = "phone";
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

// Let the server certify this phone's key for the card; the key is made here, and its secret half cannot be taken out.
export async function register(home, card) {
  const before = await kept(home).catch(() => undefined);
  const pair = before?.pair ?? await codes.makeKey();
  const certificate = await call("POST", `${home}/api/devices`, { public_key: await codes.publicKeyText(pair), card });
  await kept(home, { pair, certificate });
  return { pair, certificate };
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

// Draw the code into every place, anew when its 30 seconds are over; the bars show how long is left.
export function keepDrawing(phone, places, bars, drawn) {
  let shown = -1;
  const tick = async () => {
    const now = Date.now() / 1000;
    const turn = Math.floor(now / codes.STEP_SECONDS);
    for (const bar of bars) bar.value = codes.STEP_SECONDS - (now % codes.STEP_SECONDS);
    if (turn === shown || document.hidden) return;
    shown = turn;
    const text = await codes.make(phone.pair.privateKey, phone.certificate, now);
    for (const place of places) {
      place.replaceChildren(draw(text));
      place.dataset.text = text;
    }
    drawn();
  };
  tick();
  return setInterval(tick, 500);
}
