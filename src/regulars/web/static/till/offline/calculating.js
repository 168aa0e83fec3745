// The price while the line is down: the snapshot's promotions by the same rules as the server's, and points as far as
// the allowance goes. The answer has the shape of the API's.
import { config, t } from "../texts.js";
import * as draft from "../draft.js";
import { price } from "./engine.js";
import { mulDiv, mulDivUp } from "./engine_units.js";
import { byPhone, leftHere, leftOf, mostOf } from "./keeping.js";
import { rightTime } from "./line.js";
import { fresh, snapshot } from "./snapshot.js";

// What was asked for and cannot be done without the line, as a fault with a code that the page explains.
const refused = (code) => ({ code, message: "", status: 409, problem: {} });

// The quote of the draft: { answer, refused, refusedCard }. Nothing is asked of the server.
export function quoteHere() {
  const counts = fresh();
  const basket = {
    lines: draft.draft.lines.map(({ line, sku, quantity, unit_price, categories, tags, brand, unit, tax_rate, cost, regular_price }) => ({
      line, sku, quantity, unit_price, categories, tags, brand, unit, tax_rate, cost, regular_price,
    })),
    at: storeTime(rightTime()), till: config.till, channel: "", payments: [],
  };
  const priced = price(counts ? snapshot.body : { ...snapshot.body, promotions: [] }, basket);
  const spend = draft.draft.spend ? spending(draft.draft.spend, priced) : null;
  const worth = spend?.spent?.worth ?? 0;
  const answer = {
    status: "previewed", offline: true, request: draft.draft.id, currency: config.currency,
    gross: priced.gross, discount: priced.discount, points_reduction: 0, paid_with_points: worth,
    payable: priced.payable - worth, taxes: priced.taxes, lines: priced.lines, earned: [],
    spent: spend?.spent ? [spend.spent] : [], issued: [], refusals: [], warnings: [], member: null,
    messages: messages(priced.messages),
  };
  const card = draft.draft.giftCard ? refused("offline_gift_card") : null;
  if (card) draft.draft.giftCard = null;
  return { answer, refused: spend?.refused ?? null, refusedCard: card };
}

// An instant on the clocks of the store, with their offset: promotions have hours and days.
export function storeTime(at) {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: config.store.time_zone, year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "longOffset",
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const offset = part.timeZoneName.replace("GMT", "").replace("\u2212", "-") || "+00:00";
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}${offset}`;
}

const spoken = (text) => [config.language, ...config.languages].map((code) => text[code]).find(Boolean) ?? Object.values(text)[0];

// What the promotions say, in the page's language; the receipt says when the points come.
function messages(texts) {
  const to = (whom) => texts.filter((one) => one.to === whom).map(({ text }) => spoken(text));
  return { cashier: to("cashier"), receipt: [...to("receipt"), ...(draft.draft.customer ? [t("points_later")] : [])] };
}

// What may be spent by the card, or by the phone, that was scanned, in points; null: nothing.
export function spendable() {
  const { allowance } = draft.draft.customer ?? {};
  return allowance && fresh() ? leftOf(allowance.card, mostOf(allowance)) || null : null;
}

// Whether a code of the phone was scanned that ran out before it was paid with.
const ranOut = () => {
  const { moving, customer } = draft.draft;
  return Boolean(moving && !byPhone() && customer?.allowance && customer.allowance.proved > customer.allowance.amount);
};

// Points that pay: never more than the card's allowance and the till's, and of the goods only those that the program
// lets be paid with points. Points that would not buy a further minor unit stay with the member.
function spending({ currency, amount }, priced) {
  const { spending: rules } = snapshot.body;
  const left = rules && currency === rules.currency ? spendable() : null;
  if (!left) return { refused: refused(ranOut() ? "offline_code_late" : "offline_spending") };
  const [many, each] = rules.worth; // so much money for so many points
  const allowed = Math.min(left, mulDiv(leftHere(), each, many));
  if (!allowed || (amount !== "max" && amount > allowed)) {
    return { refused: refused(ranOut() ? "offline_code_late" : "offline_allowance") };
  }
  const worth = Math.min(priced.points_max, mulDiv(amount === "max" ? allowed : amount, many, each));
  if (!worth) return { refused: refused(priced.points_max ? "offline_spending" : "offline_goods") };
  return { spent: { currency, amount: mulDivUp(worth, each, many), worth } };
}
