// The paper: what was bought, what was got, what there is now, and what expires when. Composed once, as blocks, for the
// browser's print and for a receipt printer alike.
import { config, t } from "./texts.js";
import { dated, money, paidUntil, percent, points, quantity } from "./format.js";
import { cardsIn, pointsIn, sums } from "./quote.js";

export const text = (words, how = {}) => ({ kind: "text", text: String(words), ...how });
export const pair = (left, right, how = {}) => ({ kind: "pair", left: String(left), right: String(right), ...how });
export const code = (digits, symbol = "code128") => ({ kind: "code", code: digits, symbol });
export const RULE = { kind: "rule" };
export const CUT = { kind: "cut" };
const SMALL = { small: true };
const BOLD = { bold: true };
const SUM = { bold: true, big: true };
const LINK_MAX = 200; // what a printer takes as one code
const CENTER = { align: "center" };
const TITLE = { align: "center", bold: true };

// Only what is there, in one list.
const list = (...parts) => parts.flat(Infinity).filter(Boolean);

// Sections with a rule between them; an empty one is none.
const ruled = (...sections) => sections.map((one) => list(one)).filter((one) => one.length)
  .flatMap((one, place) => (place ? [RULE, ...one] : one));

// The lines that the program puts at the head and foot of its receipts.
const own = (place) => config.receipt[place].filter((line) => line.trim()).map((line) => text(line, CENTER));

export const head = (...more) => [text(config.program_name, { ...TITLE, big: true }), own("header"), text(config.store.name, CENTER), more];

// The receipt. `vouchers`: what came with it, as far as it is known; each is a slip of its own.
export function compose({ answer, lines, cash, gifts = [], vouchers = [] }, at) {
  const priced = new Map(answer.lines.map((line) => [line.line, line]));
  const till = t("till_number", { till: config.till }) + (config.cashier ? ` · ${config.cashier}` : "");
  return list(
    ruled(
      head(text(till, CENTER), text(dated(at), CENTER)),
      lines.map((line) => bought(line, priced.get(line.line))),
      paid(answer, cash),
      answer.member ? got(answer) : null,
      ...gifts.filter(({ card }) => card).map(gift),
      (answer.messages?.receipt ?? []).map((words) => text(words)),
      [own("footer"), code(answer.request), text(answer.request, CENTER), claim(answer)]),
    (answer.issued ?? []).map((one) => [CUT, ...slip(one, vouchers.find(({ id }) => id === one.voucher))]));
}

// How somebody who showed no card gets the points afterwards: on the phone's page that the square leads to.
function claim({ request, claim_code: word }) {
  if (!word || !config.claim) return null;
  const link = `${config.claim}?receipt=${encodeURIComponent(request)}&code=${word}`;
  return [text(t("claim_scan"), CENTER), link.length <= LINK_MAX ? code(link, "qr") : null, text(t("claim_code", { code: word }), CENTER)];
}

function bought(line, priced) {
  const many = line.quantity !== "1" || line.unit === "kg";
  return [
    pair(line.name, money(priced?.gross ?? 0)),
    many ? text(`${quantity(line.quantity)} × ${money(line.unit_price ?? 0)}`, SMALL) : null,
    priced?.discount ? pair(t("discount"), money(-priced.discount), SMALL) : null];
}

function paid(answer, cash) {
  return [
    answer.discount ? [pair(t("gross"), money(answer.gross)), pair(t("discounts"), money(-answer.discount))] : null,
    answer.points_reduction ? pair(t("points_reduction"), money(-answer.points_reduction)) : null,
    answer.paid_with_points ? pair(t("paid_with_points"), money(-answer.paid_with_points)) : null,
    cardsIn(answer).map((card) => [pair(`${t("gift_card")} ${card.gift_card}`, money(-card.amount)), pair(t("left_on_it"), money(card.left), SMALL)]),
    pair(t("to_pay"), money(answer.payable), SUM),
    cash ? [pair(t("cash"), money(cash.given)), pair(t("change"), money(cash.change))] : null,
    answer.taxes.filter(({ tax }) => tax).map((tax) => pair(t("tax_of", { rate: percent(tax.rate) }), money(tax.tax), SMALL)),
    taxBefore(answer) ? pair(t("tax_before"), money(taxBefore(answer)), SMALL) : null];
}

/* The tax within single-purpose vouchers and gift cards: it was due when they were given out. */
function taxBefore(answer) {
  return [...(answer.vouchers ?? []), ...answer.spent].reduce((sum, one) => sum + (one.tax_within ?? 0), 0);
}

function got(answer) {
  const { member } = answer;
  const currency = config.points_first;
  const scale = 10 ** (config.points[currency]?.scale ?? 0);
  return [
    text(member.name || t("member"), BOLD),
    sums(answer.earned).map(([unit, amount]) => pair(t("you_got"), points(amount, unit, { signed: true }))),
    sums(pointsIn(answer)).map(([unit, amount]) => pair(t("you_paid_with"), points(-amount, unit))),
    currency ? pair(t("you_have"), points(member.available, currency), BOLD) : null,
    (member.expiring ?? []).slice(0, 2).map(({ amount, at: when }) => text(t("expire_on", {
      points: points(amount, currency), day: dated(when, { time: false }), n: amount / scale })))];
}

const gift = ({ card, pack, plan }) => plan ? [pair(plan.name, paidUntil(card, (at) => dated(at, { time: false })))]
  : pack ? [pair(pack.name, points(card.left, card.currency))] : [
  text(t("gift_card"), TITLE), code(card.code), text(card.code, TITLE), pair(t("on_it"), money(card.available)),
  (card.expiring ?? []).map(({ amount, at: when }) => text(t("gift_card_until", { money: money(amount), day: dated(when, { time: false }) })))];

// A voucher that came with the purchase: hers to keep, so on a slip of its own.
function slip(issued, known) {
  return ruled(head(), [
    text(t("voucher"), CENTER), known?.name ? text(known.name, { ...TITLE, big: true }) : null,
    code(issued.code), text(issued.code, TITLE),
    known?.valid_until ? text(t("voucher_until", { day: dated(known.valid_until, { time: false }) }), CENTER) : null]);
}

// What was given for points at the till: its codes, to take along.
export function composeReward(name, codes) {
  return ruled(list(head()), [text(name, TITLE), codes.map((one) => [code(one), text(one, TITLE)])]);
}

// What the money of a return is more or less by than that of its goods: words and amount.
export function besideGoods(answer) {
  const delivery = answer.delivery?.net ?? 0;
  const vouchers = answer.used_vouchers.reduce((all, { kept_back: kept }) => all - kept, 0);
  const visits = (answer.packs_back ?? []).reduce((all, { kept_back: kept }) => all - kept, 0);
  const days = (answer.memberships_back ?? []).reduce((all, { kept_back: kept }) => all - kept, 0);
  const goods = answer.lines.reduce((all, line) => all + line.money, 0);
  return [
    [t("delivery"), delivery],
    [t("discount_lost"), answer.money_back - goods - delivery - vouchers - visits - days],
    [t("voucher_used"), vouchers],
    [t("visits_used"), visits],
    [t("days_used"), days],
  ].filter(([, amount]) => amount);
}

// What a return gave back, for the customer to take along.
export function composeReturn(answer, lines, at) {
  const names = new Map(lines.map((line) => [line.line, line.name]));
  const currency = config.points_first;
  return ruled(
    head(text(t("goods_back"), TITLE), text(dated(at), CENTER)),
    [answer.lines.map((line) => pair(`${quantity(line.quantity)} × ${names.get(line.line) ?? line.line}`, money(line.money))),
      besideGoods(answer).map(([name, amount]) => pair(name, money(amount)))],
    [pair(t("money_back"), money(answer.money_back), SUM),
      (answer.gift_cards_back ?? []).map((card) => pair(`${t("back_to_gift_card")} ${card.gift_card}`, money(card.amount))),
      answer.points_back.map(({ currency: unit, amount }) => pair(t("points_back"), points(amount, unit, { signed: true }))),
      answer.taken_back.map(({ currency: unit, amount }) => pair(t("points_taken"), points(-amount, unit)))],
    answer.member && currency ? [pair(t("you_have"), points(answer.member.available, currency), BOLD)] : [],
    [own("footer"), text(answer.request, CENTER)]);
}
