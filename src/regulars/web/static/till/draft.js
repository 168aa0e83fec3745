// The receipt being made: kept in the browser so that a reload loses nothing, and turned into the API's body.
import { config } from "./texts.js";
import { clockSkew } from "./offline/line.js";

const KEY = `regulars.till.${config.program}.${config.store.code}.${config.till}${config.training ? ".training" : ""}`;
const ALPHABET = "23456789abcdefghjkmnpqrstvwxyz";
const MOVING_SECONDS = 55;
const listeners = new Set();

function letters(count) {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

// The till's own name of a purchase: store, till, date and time, and letters against two tabs in one second.
export function newRequest(kind = "") {
  const stamp = localStamp(new Date()).replace(/\D/g, "").slice(2, 14);
  const place = `${config.store.code}-${config.till}`.replace(/[^\x21-\x7e]/g, "").slice(0, 120);
  return `${place}-${kind}${stamp}${letters(3)}`;
}

// An instant with the till's own offset, as RFC 3339.
export function localStamp(at) {
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const offset = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}

function empty() {
  return { id: newRequest(), lines: [], selected: 0, customer: null, spend: null, giftCard: null, proof: null, moving: null, sending: null };
}

function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return kept && Array.isArray(kept.lines) ? { ...empty(), ...kept } : empty();
  } catch {
    return empty();
  }
}

export const draft = load();

// Asked later: whether this receipt is still the one that is being made. An answer that comes late belongs on no other, and
// what was sent stays as it was sent.
export function still() {
  const { id } = draft;
  return () => id === draft.id && !draft.sending;
}

export function onChange(listener) { listeners.add(listener); }

export function changed() {
  save();
  for (const listener of listeners) listener();
}

let elsewhere = false;

// Another window took this till over: the receipt is made there, and what this page still knows of it is old.
export function leaveToOther() { elsewhere = true; }

export function save() {
  if (elsewhere) return;
  try { localStorage.setItem(KEY, JSON.stringify(draft)); } catch { /* the page still works; a reload would lose the draft */ }
}

export function reset(kept = {}) {
  Object.assign(draft, empty(), kept);
  changed();
}

// A product's name in the page's language.
export const nameOf = (product) => product.names?.[config.language] ?? product.name;

export function add(product, quantity = "1") {
  if (config.gift_cards.includes(product.sku)) { addGift(product, product.price, null); return; }
  const [pack, plan] = [config.packs[product.sku], config.plans[product.sku]];
  if (pack || plan) { addGift(product, product.price, null, { pack, plan }); return; }
  const same = draft.lines.find((line) => line.sku === product.sku && line.unit_price === product.price);
  if (same) {
    same.quantity = sum(same.quantity, quantity);
    draft.selected = same.line;
  } else {
    const line = nextLine();
    draft.lines.push({
      line, sku: product.sku, name: nameOf(product), names: product.names, quantity, unit_price: product.price,
      categories: product.categories ?? [], tags: product.tags ?? [], brand: product.brand ?? "",
      unit: product.unit ?? "", tax_rate: product.tax_rate ?? "0", cost: product.cost ?? undefined,
    });
    draft.selected = line;
  }
  changed();
}

const nextLine = () => draft.lines.reduce((most, { line: number }) => Math.max(most, number), 0) + 1;

// A gift card, or what is paid ahead (a pack, a period of a plan), stands on a line of its own, one piece; `code`: of a
// card that is there, on which the money goes.
export function addGift(product, amount, code, ahead = null) {
  draft.lines.push({
    line: nextLine(), sku: product.sku, name: nameOf(product), quantity: "1", unit_price: amount,
    categories: product.categories ?? [], tags: product.tags ?? [], brand: product.brand ?? "",
    unit: "", tax_rate: (ahead && product.tax_rate) || "0", cost: undefined, gift: { code, ...ahead },
  });
  draft.selected = draft.lines.at(-1).line;
  changed();
}

export function setQuantity(number, quantity) {
  const line = draft.lines.find((one) => one.line === number);
  if (!line || line.gift) return;
  line.quantity = quantity;
  draft.selected = number;
  changed();
}

export function step(number, by) {
  const line = draft.lines.find((one) => one.line === number);
  if (!line) return;
  const next = sum(line.quantity, String(by));
  if (Number(next) > 0) setQuantity(number, next);
}

export function remove(number) {
  const place = draft.lines.findIndex((one) => one.line === number);
  if (place < 0) return null;
  const [gone] = draft.lines.splice(place, 1);
  draft.selected = (draft.lines[place] ?? draft.lines.at(-1))?.line ?? 0;
  if (!draft.lines.length) { draft.spend = null; draft.giftCard = null; draft.proof = null; }
  changed();
  return gone;
}

export function select(by) {
  const place = draft.lines.findIndex((one) => one.line === draft.selected);
  const next = draft.lines[Math.min(Math.max(place + by, 0), draft.lines.length - 1)];
  if (next) { draft.selected = next.line; changed(); }
}

export function setCustomer(customer) {
  const same = customer && customer.id === draft.customer?.id && (customer.id || customer.value === draft.customer?.value);
  if (!same) draft.spend = null;
  draft.customer = customer;
  forgetProof();
  changed();
}

export function setSpend(spend, proof = null) {
  draft.spend = spend;
  draft.proof = proof;
  changed();
}

export function setGiftCard(code) {
  draft.giftCard = code;
  changed();
}

// What was typed or scanned to prove who spends; nothing is asked anew by it.
export function forgetProof() {
  draft.proof = null;
  draft.moving = null;
}

// What shows that it is the customer who spends, while it counts.
export const shownProof = () => proof();

// A moving code proves for a minute; a little less, so that it is still right when it arrives.
function proof() {
  if (draft.proof) return draft.proof;
  const fresh = draft.moving && (config.sandbox || Date.now() / 1000 - clockSkew() - draft.moving.made < MOVING_SECONDS);
  return fresh ? { kind: "dynamic", value: draft.moving.value } : null;
}

// The body of a preview and of a purchase.
export function body(at, { spend = true } = {}) {
  const whole = {
    id: draft.id, store: config.store.code, till: config.till, cashier: config.cashier || undefined,
    purchased_at: localStamp(at), currency: config.currency, receipt_number: draft.id.slice(-64),
    lines: draft.lines.map(({ gift, names, ...line }) => ({ ...line, brand: line.brand || undefined, unit: line.unit || undefined })),
  };
  if (draft.customer) whole[draft.customer.via] = draft.customer.value;
  if (spend && draft.spend) {
    whole.spend = [{ currency: draft.spend.currency, amount: draft.spend.amount }];
    const shown = proof();
    if (shown) whole.proof = shown;
  }
  if (draft.giftCard) whole.spend = [...(whole.spend ?? []), { gift_card: draft.giftCard, amount: "max" }];
  return whole;
}

// Sums of decimals by thousandths, so that 0.1 + 0.2 is 0.3.
function sum(one, other) {
  const thousandths = Math.round(Number(one) * 1000) + Math.round(Number(other) * 1000);
  return String(thousandths / 1000);
}
