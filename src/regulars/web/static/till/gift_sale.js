// Selling a gift card, a pack of visits or a membership: a line on the receipt; once that is recorded, the money goes on a
// new card or on one that is there, and the visits, or the period, to the customer.
import * as api from "./api.js";
import { $ } from "./dom.js";
import { config, t } from "./texts.js";
import { parseMoney } from "./format.js";
import * as draft from "./draft.js";
import * as plans from "./plans.js";
import { sheet } from "./sheet.js";

const KEY = `regulars.till.gifts.${config.program}.${config.store.code}.${config.till}${config.training ? ".training" : ""}`;
const form = $("#gift-sell-form");
const amount = $("#gift-sell-amount");
const code = $("#gift-sell-code");
let backToEntry = () => {};
let zone = null;

export const sells = () => Boolean(config.gift_cards.length);
export const asking = () => Boolean(zone?.isOpen());
export const onReceipt = () => draft.draft.lines.some((line) => line.gift);

// Why this receipt cannot be paid as it is; null: nothing stands in the way. All are made on the server, and what is paid
// ahead for somebody.
export function hindrance(down) {
  const sold = draft.draft.lines.filter((line) => line.gift);
  const ahead = sold.some((line) => line.gift.plan) ? "membership" : sold.some((line) => line.gift.pack) ? "pack" : null;
  if (down && sold.length) return `${ahead ?? "gift_card"}_needs_line`;
  if (ahead && !draft.draft.customer?.id) return `${ahead}_needs_member`;
  return plans.hindrance();
}

export function setup(toEntry) {
  backToEntry = toEntry;
  zone = sheet(form, amount, { apply, close: done });
  $("#gift-sell-open").addEventListener("click", open);
}

export function open() {
  if (!sells()) return;
  $("#gift-sell-fault").hidden = true;
  zone.open();
  render();
}

// A scan while the form is open is the card's that the money goes on.
export function scanned(text) {
  code.value = text;
  amount.focus();
}

function done() {
  render();
  backToEntry();
}

function apply() {
  const typed = parseMoney(amount.value);
  const wrong = !typed || typed <= 0;
  $("#gift-sell-fault").hidden = !wrong;
  if (wrong) { amount.select(); return; }
  zone.hide();
  draft.addGift({ sku: config.gift_cards[0], name: t("gift_card") }, typed, code.value.trim() || null);
  done();
}

export function render() {
  $("#gift-sell-open").hidden = !sells() || asking();
}

// What a recorded receipt still owes: kept until the next customer, so that a reload loses no card.
export function owed(answer, lines) {
  return lines.filter((line) => line.gift).map((line) => ({
    purchase: answer.id, line: line.line, amount: line.unit_price, code: line.gift.code, card: null, fault: null,
    pack: line.gift.pack ?? null, plan: line.gift.plan ?? null, member: answer.member?.id ?? null,
  }));
}

export function remember(kept) {
  try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* then only this page knows of them */ }
}

export function forget() {
  try { localStorage.removeItem(KEY); } catch { /* nothing was kept */ }
}

export function remembered() {
  try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
}

// In training nobody gets anything.
function packOf({ pack, member, purchase, line }, options) {
  if (config.training) return { left: pack.visits, currency: pack.currency };
  return api.post(`/v1/members/${member}/packs`, { pack: pack.code, purchase, line }, options);
}

function periodOf({ plan, member, purchase, line }, options) {
  if (config.training) return { until_day: null };
  return api.post(`/v1/members/${member}/memberships`, { plan: plan.code, purchase, line }, options);
}

// Asked again it is the same card: the request is named by the line that paid.
export async function issue(gifts, changed) {
  for (const gift of gifts.filter(({ card }) => !card)) {
    const body = { amount: gift.amount, purchase: gift.purchase, line: gift.line };
    const options = { idempotencyKey: `gift-${gift.purchase}-${gift.line}` };
    gift.fault = null;
    try {
      if (gift.pack) gift.card = await packOf(gift, options);
      else if (gift.plan) gift.card = await periodOf(gift, options);
      else gift.card = gift.code
        ? { ...(await api.post("/v1/gift-cards/top-up", { ...body, code: gift.code }, options)), code: gift.code }
        : await api.post("/v1/gift-cards", body, options);
    } catch (fault) {
      gift.fault = fault;
    }
    changed();
  }
}
