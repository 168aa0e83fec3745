// The paper: what was bought, what was got, what there is now, and what expires when. 58 or 80 mm.
import { $, fill, h } from "./dom.js";
import { config, t } from "./texts.js";
import { dated, money, percent, points, quantity } from "./format.js";
import { sums } from "./quote.js";
import { draw } from "./code128.js";

const WIDTH_KEY = "regulars.till.paper";

export function width() {
  try { return localStorage.getItem(WIDTH_KEY) === "58" ? 58 : 80; } catch { return 80; }
}

export function setWidth(millimetres) {
  try { localStorage.setItem(WIDTH_KEY, String(millimetres)); } catch { /* it lasts for this page */ }
}

const pair = (name, amount, kind = "") => h("div", { class: `pair ${kind}` }, h("span", {}, name), h("span", {}, amount));

// The receipt as it is shown and printed.
export function compose({ answer, lines, cash }, at) {
  const priced = new Map(answer.lines.map((line) => [line.line, line]));
  const member = answer.member;
  const currency = config.points_first;
  return [
    h("header", {}, h("strong", {}, config.program_name), h("span", {}, config.store.name),
      h("span", {}, t("till_number", { till: config.till }) + (config.cashier ? ` · ${config.cashier}` : "")), h("span", {}, dated(at))),
    h("section", {}, lines.map((line) => bought(line, priced.get(line.line)))),
    h("section", {},
      answer.discount ? [pair(t("gross"), money(answer.gross)), pair(t("discounts"), money(-answer.discount))] : null,
      answer.points_reduction ? pair(t("points_reduction"), money(-answer.points_reduction)) : null,
      answer.paid_with_points ? pair(t("paid_with_points"), money(-answer.paid_with_points)) : null,
      pair(t("to_pay"), money(answer.payable), "sum"),
      cash ? [pair(t("cash"), money(cash.given)), pair(t("change"), money(cash.change))] : null,
      answer.taxes.filter(({ tax }) => tax).map((tax) => pair(t("tax_of", { rate: percent(tax.rate) }), money(tax.tax), "small"))),
    member ? h("section", {},
      h("strong", {}, member.name || t("member")),
      sums(answer.earned).map(([unit, amount]) => pair(t("you_got"), points(amount, unit, { signed: true }))),
      sums(answer.spent).map(([unit, amount]) => pair(t("you_paid_with"), points(-amount, unit))),
      currency ? pair(t("you_have"), points(member.available, currency), "sum") : null,
      (member.expiring ?? []).slice(0, 2).map(({ amount, at: when }) => h("p", {}, t("expire_on", { points: points(amount, currency), day: dated(when, { time: false }), n: amount / 10 ** (config.points[currency]?.scale ?? 0) })))) : null,
    (answer.messages?.receipt ?? []).length ? h("section", {}, answer.messages.receipt.map((text) => h("p", {}, text))) : null,
    h("footer", {}, draw(answer.request), h("span", {}, answer.request), answer.claim_code ? h("span", {}, t("claim_code", { code: answer.claim_code })) : null),
  ];
}

function bought(line, priced) {
  const many = line.quantity !== "1" || line.unit === "kg";
  return h("div", { class: "bought" },
    pair(line.name, money(priced?.gross ?? 0)),
    many ? h("span", { class: "small" }, `${quantity(line.quantity)} × ${money(line.unit_price ?? 0)}`) : null,
    priced?.discount ? pair(t("discount"), money(-priced.discount), "small") : null);
}

// What a return gave back, for the customer to take along.
export function composeReturn(answer, lines, at) {
  const names = new Map(lines.map((line) => [line.line, line.name]));
  const currency = config.points_first;
  return [
    h("header", {}, h("strong", {}, config.program_name), h("span", {}, config.store.name), h("strong", {}, t("goods_back")), h("span", {}, dated(at))),
    h("section", {}, answer.lines.map((line) => pair(`${quantity(line.quantity)} × ${names.get(line.line) ?? line.line}`, money(line.money)))),
    h("section", {}, pair(t("money_back"), money(answer.money_back), "sum"),
      answer.points_back.map(({ currency: unit, amount }) => pair(t("points_back"), points(amount, unit, { signed: true }))),
      answer.taken_back.map(({ currency: unit, amount }) => pair(t("points_taken"), points(-amount, unit)))),
    answer.member && currency ? h("section", {}, pair(t("you_have"), points(answer.member.available, currency), "sum")) : null,
    h("footer", {}, h("span", {}, answer.request)),
  ];
}

export function print(content) {
  const paper = $("#paper");
  paper.className = `paper mm${width()}`;
  fill(paper, content);
  window.print();
}
