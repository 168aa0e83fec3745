// Draws the customer's display: the receipt at the left, and at the right who she is, what she gets and what is missing.
import { $, fill, h } from "./dom.js";
import { config } from "./texts.js";

const goods = $("#goods");

export function show(state, words) {
  document.body.dataset.phase = state.phase;
  $("#greeting").textContent = greeting(state, words);
  $("#whole-screen").setAttribute("aria-label", words.of("whole_screen"));
  $("#whole-screen").title = words.of("whole_screen");
  $("#spoken")?.setAttribute("aria-label", words.of("language"));
  $("#bill").hidden = state.phase === "idle" || state.phase === "closed";
  $("#nothing").hidden = state.lines.length > 0;
  $("#nothing").textContent = words.of("nothing_yet");
  goods.hidden = !state.lines.length;
  goods.setAttribute("aria-label", words.of("gross"));
  fill(goods, state.lines.map((line) => row(line, state, words)));
  goods.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  sums(state, words);
  told(state, words);
}

function greeting({ phase, customer }, words) {
  if (phase === "closed") return words.of("closed");
  if (phase === "thanks") return customer?.name ? words.of("thanks_name", { name: customer.name }) : words.of("thanks");
  if (customer) return customer.name ? words.of("hello", { name: customer.name }) : words.of("hello_unnamed");
  return words.of("welcome");
}

function row(line, { chosen }, words) {
  const why = line.awards.map((award) => [words.promotion(award) ?? words.of("discount"), award.amount]);
  const counted = line.quantity !== "1";
  return h("li", { class: line.line === chosen ? "chosen" : "" },
    h("span", { class: "name" }, words.product(line)),
    h("span", { class: "sum" }, words.money(line.gross)),
    counted ? h("span", { class: "count" }, `${words.quantity(line.quantity)} × ${words.money(line.unit_price)}`) : null,
    why.map(([name, amount]) => [h("span", { class: "why" }, name), h("span", { class: "off" }, words.money(-amount))]));
}

function sums({ sums: of, pending }, words) {
  const rows = of ? [
    of.discount || of.reduction || of.points || of.cards.length ? [words.of("gross"), words.money(of.gross), ""] : null,
    of.discount ? [words.of("discounts"), words.money(-of.discount), "off"] : null,
    of.reduction ? [words.of("points_reduction"), words.money(-of.reduction), "off"] : null,
    of.points ? [words.of("paid_with_points"), words.money(-of.points), "off"] : null,
    ...of.cards.map((amount) => [words.of("paid_with_gift_card"), words.money(-amount), "off"]),
  ] : [];
  fill($("#sums"), rows.filter(Boolean).map(([name, amount, kind]) => h("div", { class: kind }, h("dt", {}, name), h("dd", {}, amount))));
  $("#total-name").textContent = words.of("to_pay");
  $("#total-amount").textContent = of ? words.money(of.payable) : "";
  $("#total").hidden = !of;
  $("#total").classList.toggle("stale", Boolean(pending));
}

// What she saves, gets, has, and could have.
function told({ phase, sums: of, earned, missing, customer, cash }, words) {
  const done = phase === "thanks";
  const saved = of ? of.discount + of.reduction : 0;
  const unit = config.points_first;
  const rows = [];
  if (cash) rows.push(["change", words.of("change", { money: words.money(cash.change) })]);
  if (saved) rows.push(["saves", words.of(done ? "you_saved" : "you_save", { money: words.money(saved) })]);
  for (const [currency, amount] of earned) {
    const points = words.points(amount, currency, { signed: true });
    if (done && customer) rows.push(["earns", words.of("you_got", { points: words.points(amount, currency) })]);
    else if (!done) rows.push(["earns", words.of(customer ? "earns" : "would_earn", { points })]);
  }
  if (customer && unit && customer.balance !== null) rows.push(["has", words.of("you_have", { points: words.points(customer.balance, unit) })]);
  if (missing && missing.language === document.documentElement.lang) for (const text of missing.texts) rows.push(["missing", text]);
  fill($("#told"), rows.map(([kind, text]) => h("li", { class: kind }, text)));
}
