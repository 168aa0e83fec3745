// The signed snapshot: fetched while there is a line, checked by the program's key before it is believed, searched
// when there is none.
import { config, t } from "../texts.js";
import { moment } from "../format.js";
import * as api from "../api.js";
import { rightTime } from "./line.js";
import * as store from "./store.js";

const OF = "regulars.snapshot.1\0";
const CARD_OF = "regulars.card.1\0";
const FETCH_MS = 30_000;
const FORMAT = 1;
const FOUND_MAX = 20;
const HERE = { store: config.store.code, till: config.till };
const placeOf = ({ store: code, till }) => `${code}/${till}`;
export const PLACE = placeOf(HERE);

// `body` is null where there is none to believe; `why` says then, or of the last one that was refused: changed, unable,
// switched_off.
export const snapshot = { body: null, why: null };
let index = null;
let names = null;

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

// The body of a snapshot that the program signed; throws where it did not, or where it is not this till's.
async function checked({ body, signature }) {
  const key = await crypto.subtle.importKey("raw", bytes(config.program_key), "Ed25519", false, ["verify"]);
  const signed = joined(new TextEncoder().encode(OF), new TextEncoder().encode(body));
  if (!await crypto.subtle.verify("Ed25519", key, bytes(signature), signed)) throw new Error("not signed by the program");
  const read = JSON.parse(body);
  if (read.format !== FORMAT || read.store !== config.store.code || read.program !== config.program) throw new Error("of another till");
  return read;
}

function believe(body) {
  snapshot.body = body;
  index = null;
  names = null;
}

// The one that is kept here. One that somebody changed is refused, and said to be.
export async function load() {
  const kept = await store.read(`snapshot:${PLACE}`);
  if (!kept) return;
  try {
    believe(await checked(kept));
    snapshot.why = null;
  } catch (error) {
    snapshot.why = error.name === "NotSupportedError" || !globalThis.crypto?.subtle ? "unable" : "changed";
  }
}

// A newer one from the server, unless ours is still right. Whoever fetches has sent all receipts before.
export async function renew() {
  if (!await renewFor(await deviceOf(HERE))) await renewFor(await makeKnown(HERE));
}

// Whether the server knows this device.
async function renewFor(device) {
  const before = snapshot.body ? await store.read(`snapshot:${PLACE}`) : null;
  const headers = { Accept: "application/json" };
  if (before?.etag && snapshot.body.device === device.id) headers["If-None-Match"] = before.etag;
  const query = new URLSearchParams({ store: config.store.code, device: device.id });
  const answer = await fetch(`/v1/till/snapshot?${query}`, {
    headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(FETCH_MS),
  });
  if (answer.status === 404) return false;
  if (answer.status === 409) { snapshot.why = "switched_off"; believe(null); await store.write(`snapshot:${PLACE}`, null); }
  if (!answer.ok) return true; // 304, too
  const fresh = { ...(await answer.json()), etag: answer.headers.get("ETag") };
  try {
    const body = await checked(fresh);
    await store.putSnapshot(PLACE, fresh, body.id);
    believe(body);
    snapshot.why = null;
  } catch (error) {
    // The one before is still believed: it was signed, and says itself until when it is good.
    snapshot.why = error.name === "NotSupportedError" ? "unable" : store.isFull(error) ? "full" : "changed";
  }
  return true;
}

// This computer as a device of a till, made known once.
export const deviceOf = async (till) => (await store.read(`device:${placeOf(till)}`)) ?? makeKnown(till);

async function makeKnown({ store: code, till }) {
  const made = await api.post("/v1/till/devices", { store: code, till }, { idempotencyKey: api.newKey() });
  return store.putDevice(placeOf({ store: code, till }), made);
}

// Whether its promotions and allowances still count; its goods may be sold however old it is.
export const fresh = () => Boolean(snapshot.body) && rightTime() < new Date(snapshot.body.good_until);

function lookUp() {
  if (index) return index;
  index = new Map();
  for (const product of snapshot.body?.products ?? []) {
    index.set(`sku ${product.sku}`, product);
    for (const barcode of product.barcodes ?? [product.barcode]) if (barcode) index.set(`barcode ${barcode}`, product);
  }
  return index;
}

// Why a product may be missing here, in a sentence.
export function whyMissing() {
  const { products_left_out: n, made_at } = snapshot.body;
  return n ? t("left_out_hint", { n }) : t("missing_here_hint", { time: moment(made_at) });
}

// A product by barcode or article number; undefined: the snapshot has none.
export const productOf = (code) => lookUp().get(`barcode ${code}`) ?? lookUp().get(`sku ${code}`);

const plain = (text) => text.toLocaleLowerCase(config.locale).normalize("NFD").replace(/\p{M}/gu, "");

// The names of all products without capitals and accents, made once: of many goods that takes longer than a keystroke.
function plainNames() {
  names ??= (snapshot.body?.products ?? []).map((product) => [
    product, [...new Set([product.name, ...Object.values(product.names ?? {})].map(plain))],
  ]);
  return names;
}

// Products whose name has all the words, in any language; those that begin with them first.
export function search(text) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const found = [];
  for (const [product, all] of plainNames()) {
    const name = all.find((one) => words.every((word) => one.includes(word)));
    if (name !== undefined || product.sku === text) found.push([name?.startsWith(words[0]) ? 0 : 1, product]);
  }
  return found.sort(([one], [other]) => one - other).slice(0, FOUND_MAX).map(([, product]) => product);
}

// What a card may spend here, as the program signed it; null: nothing.
export async function allowanceOf(card) {
  const { spending } = snapshot.body ?? {};
  if (!spending || !fresh()) return null;
  const salt = Uint8Array.from(spending.salt.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const data = joined(new TextEncoder().encode(CARD_OF), salt, new TextEncoder().encode(card));
  const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", data)).slice(0, 16));
  return spending.allowances.find((one) => one.card === digest) ?? null;
}
