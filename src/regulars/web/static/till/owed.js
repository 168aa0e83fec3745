// What a recorded receipt paid for and the server still has to make: a gift card, the visits of a pack, a period of a
// membership. It is kept until it is made, and a new card until its code was seen, whatever the line and the next customer
// do; it is asked for again as soon as there is a line.
import * as api from "./api.js";
import { $, button, fill, h } from "./dom.js";
import { config, t } from "./texts.js";
import { money } from "./format.js";
import { elsewhere } from "./offline/elsewhere.js";
import { line, onLine } from "./offline/line.js";
import { PLACE } from "./offline/snapshot.js";

const KEY = `regulars.till.owed.${config.program}${config.training ? ".training" : ""}`;
const AGAIN_MS = 30_000;
const place = $("#owed");
const owing = new Map(Object.entries(read())); // receipts by their request, each as the page after the purchase shows it
const asked = new WeakMap(); // what is being made now
const listeners = new Set();
let open = () => {};
let drawn = "";

const missing = ({ card, seen }) => !card && !seen;
const isNewCard = ({ code, pack, plan }) => !code && !pack && !plan;
export const refused = ({ fault }) => Boolean(fault) && !fault.unsure && !fault.signedOut;

// `toReceipt`: shows a receipt once more.
export function setup(toReceipt) {
  open = toReceipt;
  onLine(settle);
  setInterval(settle, AGAIN_MS);
  render();
  settle();
}

export function onOwed(listener) { listeners.add(listener); }

export function owed(answer, lines) {
  return lines.filter((one) => one.gift).map((one) => ({
    purchase: answer.id, line: one.line, amount: one.unit_price, code: one.gift.code, card: null, fault: null,
    pack: one.gift.pack ?? null, plan: one.gift.plan ?? null, member: answer.member?.id ?? null,
  }));
}

export function remember(kept) {
  owing.set(kept.answer.request, Object.assign(kept, { place: PLACE, at: new Date() }));
  write(kept.answer.request);
}

// The receipt whose page stood open here when this page went away.
export const remembered = () => [...owing.values()].find((kept) => !kept.left && kept.place === PLACE) ?? null;

// The next customer: whatever is missing is still owed.
export function leave(request) {
  const kept = owing.get(request);
  if (!kept) return;
  if (!kept.gifts.some(missing)) { forget(request); return; }
  kept.left = true;
  changed();
}

export function forget(request) {
  owing.delete(request);
  write(request);
  render();
}

// The server will not make it, and somebody dealt with that.
export function seenTo(gift) {
  gift.seen = true;
  changed();
}

// Asked again it is the same card: the request is named by the line that paid.
export async function issue(gifts) {
  for (const gift of gifts.filter(missing)) {
    if (!asked.has(gift)) asked.set(gift, make(gift).finally(() => { asked.delete(gift); changed(); }));
    await asked.get(gift);
  }
}

async function make(gift) {
  const options = { idempotencyKey: `gift-${gift.purchase}-${gift.line}` };
  gift.fault = null;
  try {
    if (gift.pack) gift.card = await packOf(gift, options);
    else if (gift.plan) gift.card = await periodOf(gift, options);
    else gift.card = await cardOf(gift, options);
  } catch (fault) {
    gift.fault = fault;
  }
}

async function cardOf({ code, amount, purchase, line: number }, options) {
  const body = { amount, purchase, line: number };
  if (!code) return api.post("/v1/gift-cards", body, options);
  return { ...(await api.post("/v1/gift-cards/top-up", { ...body, code }, options)), code };
}

// In training nobody gets anything.
function packOf({ pack, member, purchase, line: number }, options) {
  if (config.training) return { left: pack.visits, currency: pack.currency };
  return api.post(`/v1/members/${member}/packs`, { pack: pack.code, purchase, line: number }, options);
}

function periodOf({ plan, member, purchase, line: number }, options) {
  if (config.training) return { until_day: null };
  return api.post(`/v1/members/${member}/memberships`, { plan: plan.code, purchase, line: number }, options);
}

// What the server refused is not asked for again before somebody looked at it.
async function settle() {
  if (!line.up || elsewhere()) return;
  for (const { gifts } of [...owing.values()]) await issue(gifts.filter((gift) => !refused(gift)));
}

function changed() {
  for (const [request, { gifts, left }] of owing) {
    if (left && !gifts.some((gift) => missing(gift) || (gift.card && isNewCard(gift)))) owing.delete(request);
    write(request);
  }
  render();
  for (const listener of listeners) listener();
}

function read() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}

function write(request) {
  if (elsewhere()) return; // the window that took over knows better
  const { [request]: _, ...all } = read();
  const kept = owing.get(request);
  if (kept) all[request] = { ...kept, gifts: kept.gifts.map((gift) => ({ ...gift, fault: null })) };
  try { localStorage.setItem(KEY, JSON.stringify(all)); } catch { /* then only this page knows of them */ }
}

// In what state something is: `coming` or `missing`.
export function said({ amount, pack, plan }, how) {
  if (plan) return t(`membership_${how}`, { name: plan.name });
  return pack ? t(`pack_${how}`, { name: pack.name }) : t(`gift_card_${how}`, { money: money(amount) });
}

// A note for each beside whatever else is done, until the receipt is looked at and nothing of it is missing.
function render() {
  const rows = [...owing.values()].filter((kept) => kept.left || kept.place !== PLACE)
    .flatMap((kept) => kept.gifts.filter((gift) => missing(gift) || (gift.card && isNewCard(gift))).map((gift) => [kept, gift]));
  const says = JSON.stringify(rows.map(([{ answer }, gift]) => [answer.request, gift.line, Boolean(gift.card)]));
  if (says === drawn) return;
  drawn = says;
  place.hidden = !rows.length;
  fill(place, rows.map(([kept, gift]) => h("div", { class: `note ${gift.card ? "good" : "warning"}` },
    h("strong", {}, gift.card ? `${t("gift_card")} ${money(gift.amount)}` : said(gift, "missing")),
    button(t("receipt_title"), { onclick: () => open(kept) }))));
}
