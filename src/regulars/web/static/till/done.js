// After the purchase: what was got, the receipt to print, the way back if it was a slip, and on to the next customer.
import * as api from "./api.js";
import { $, fill, h, button, twice } from "./dom.js";
import { config, explain, t } from "./texts.js";
import { money, paidUntil, points } from "./format.js";
import * as owed from "./owed.js";
import { compose } from "./paper.js";
import * as printing from "./printing.js";
import { cardsIn, pointsIn, sums } from "./quote.js";
import * as shell from "./shell.js";

const PRINTED_KEY = "regulars.till.printed";

let shown = null;

export function show(details) {
  if (details) shown = { ...details, vouchers: [], paper: null, at: details.at ? new Date(details.at) : new Date() };
  if (details) complete(shown); else issue(); // before it is drawn: what is asked for again offers no button meanwhile
  render();
  $("#next").focus();
}

export function hide() {
  owed.leave(shown.answer.request);
}

owed.onOwed(() => { if (shown && shell.isOpen("done")) render(); });

// The cards that the receipt paid for, and what is known of its vouchers; then the paper is whole. A receipt that is looked
// at once more prints nothing by itself.
async function complete(of) {
  await Promise.all([issue(of), lookUp(of)]);
  if (shown !== of) return;
  if (of.vouchers.length) render();
  if (!of.left && (of.cash || printing.bySelf())) await byItself(of);
}

async function issue(of = shown) {
  await owed.issue(of.gifts ?? []);
}

// A voucher that cannot be looked up is printed by its code alone.
async function lookUp(of) {
  const asked = (of.answer.issued ?? []).map(({ code }) => api.post("/v1/vouchers/find", { code }));
  of.vouchers = (await Promise.allSettled(asked)).filter(({ value }) => value).map(({ value }) => value);
}

// Once for each receipt, also if the page is loaded anew; the drawer opens for cash, with or without paper.
async function byItself(of) {
  if (!printing.hasPrinter() || remembered() === of.answer.request) return;
  try { sessionStorage.setItem(PRINTED_KEY, of.answer.request); } catch { /* then a reload prints it again */ }
  await send(of, printing.bySelf() ? compose(of, of.at) : [], Boolean(of.cash));
}

function remembered() {
  try { return sessionStorage.getItem(PRINTED_KEY); } catch { return null; }
}

export const next = () => ({ label: t("next_customer"), act: () => { shell.hush(); shell.go("sell"); }, kbd: "Enter" });

// Paper from where it comes from at this till.
export function printIt() {
  if (!shown) return;
  const blocks = compose(shown, shown.at);
  if (printing.hasPrinter()) send(shown, blocks); else printing.onPage(blocks);
}

async function send(of, blocks, drawer = false) {
  if (of.paper === "printing" || (!blocks.length && !printing.hasDrawer())) return;
  of.paper = "printing";
  render();
  try {
    const { printed } = await printing.onPrinter(blocks, { drawer });
    of.paper = printed ? "printed" : null;
  } catch (fault) {
    of.paper = fault;
  }
  if (shown === of && shell.isOpen("done")) render();
}

function render() {
  const { answer, cash } = shown;
  const currency = config.points_first;
  fill($("#view-done"),
    h("div", { class: "done-head" },
      h("p", { class: "tick", "aria-hidden": "true" }, "✓"),
      h("div", {},
        h("h2", {}, config.training ? t("not_recorded_here") : answer.offline ? t("kept_to_send") : t("recorded")),
        h("p", { class: "amount" }, money(answer.payable)),
        cash ? h("p", { class: "change-due" }, t("give_change"), " ", h("strong", {}, money(cash.change))) : null)),
    answer.member ? h("dl", { class: "facts" },
      sums(answer.earned).map(([unit, amount]) => fact(t("got"), points(amount, unit, { signed: true }))),
      sums(pointsIn(answer)).map(([unit, amount]) => fact(t("paid_with_points"), points(-amount, unit))),
      currency ? fact(t("has_now"), points(answer.member.available, currency)) : null) : null,
    cardsIn(answer).length ? h("dl", { class: "facts" },
      cardsIn(answer).map((card) => fact(t("paid_with_gift_card"), t("gift_card_pays", { money: money(card.amount), left: money(card.left) })))) : null,
    (shown.gifts ?? []).map(sold),
    paperSaid(),
    h("div", { class: "acts" },
      button(t("print"), { kbd: "P", onclick: printIt }),
      printing.hasPrinter() ? bySelf() : widths(),
      answer.id ? twice(t("undo_purchase"), t("sure_undo"), undo) : null),
    h("div", { class: "paper-frame" }, h("div", { class: `paper mm${printing.width()}` }, printing.draw(compose(shown, shown.at)))));
}

// How the receipt printer fared; the purchase stands either way.
function paperSaid() {
  const { paper } = shown;
  if (!paper) return null;
  if (typeof paper === "string") return h("p", { class: "hint", role: "status" }, paper === "printing" ? t("printing") : t("printed"));
  const [title, ...rest] = printing.why(paper);
  return h("div", { class: "note warning", role: "alert", id: "paper-fault" },
    h("p", {}, h("strong", {}, t("not_printed")), " ", title, " ", rest.join(" ")),
    h("div", { class: "acts" },
      button(t("print_once_more"), { kbd: "P", onclick: printIt }),
      button(t("print_browser"), { onclick: () => printing.onPage(compose(shown, shown.at)) })));
}

// A gift card that was sold: its code, or why there is none yet; or what was paid ahead.
function sold(gift) {
  const { card, fault: why, pack, plan } = gift;
  if (gift.seen) return null;
  if (card && plan) return h("dl", { class: "facts gift-sold" }, fact(plan.name, paidUntil(card)));
  if (card && pack) return h("dl", { class: "facts gift-sold" }, fact(pack.name, points(card.left, card.currency)));
  if (card) return h("dl", { class: "facts gift-sold" }, fact(t("gift_card"), card.code), fact(t("on_it"), money(card.available)));
  if (!why) return h("p", { class: "hint", role: "status" }, owed.said(gift, "coming"));
  const [title, ...rest] = explain(why).split("|");
  return h("div", { class: "note warning", role: "alert" },
    h("p", {}, h("strong", {}, owed.said(gift, "missing")), " ", title, " ", rest.join(" ")),
    h("div", { class: "acts" },
      button(t("try_again"), { onclick: () => issue() }),
      owed.refused(gift) ? twice(t("seen_to"), t("sure_seen_to"), () => owed.seenTo(gift)) : null));
}

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

const widths = () => h("div", { class: "segments", role: "group", "aria-label": t("paper_width") }, [58, 80].map((millimetres) =>
  choice(`${millimetres} mm`, printing.width() === millimetres, () => printing.setWidth(millimetres))));

const bySelf = () => h("div", { class: "segments" }, choice(t("prints_by_itself"), printing.bySelf(), () => printing.setBySelf(!printing.bySelf())));

const choice = (label, on, choose) => h("button", { type: "button", class: "button", "aria-pressed": String(on), onclick: () => { choose(); render(); } }, label);

async function undo() {
  try {
    await api.post(`/v1/purchases/${shown.answer.id}/void`, {}, { idempotencyKey: `void-${shown.answer.id}` });
    owed.forget(shown.answer.request);
    shell.go("sell");
    shell.say("good", t("undone"), t("undone_hint", { money: money(shown.answer.payable) }));
  } catch (fault) {
    shell.sayFault(fault);
  }
}
