// After the purchase: what was got, the receipt to print, the way back if it was a slip, and on to the next customer.
import * as api from "./api.js";
import { $, fill, h, button, twice } from "./dom.js";
import { config, t } from "./texts.js";
import { money, points } from "./format.js";
import * as paper from "./paper.js";
import { sums } from "./quote.js";
import * as shell from "./shell.js";

let shown = null;

export function show(details) {
  shown = details ? { ...details, at: new Date() } : shown;
  render();
  $("#next").focus();
}

export const next = () => ({ label: t("next_customer"), act: () => { shell.hush(); shell.go("sell"); }, kbd: "Enter" });

export function printIt() {
  if (shown) paper.print(paper.compose(shown, shown.at));
}

function render() {
  const { answer, cash } = shown;
  const currency = config.points_first;
  fill($("#view-done"),
    h("div", { class: "done-head" },
      h("p", { class: "tick", "aria-hidden": "true" }, "✓"),
      h("div", {},
        h("h2", {}, t("recorded")),
        h("p", { class: "amount" }, money(answer.payable)),
        cash ? h("p", { class: "change-due" }, t("give_change"), " ", h("strong", {}, money(cash.change))) : null)),
    answer.member ? h("dl", { class: "facts" },
      sums(answer.earned).map(([unit, amount]) => fact(t("got"), points(amount, unit, { signed: true }))),
      sums(answer.spent).map(([unit, amount]) => fact(t("paid_with_points"), points(-amount, unit))),
      currency ? fact(t("has_now"), points(answer.member.available, currency)) : null) : null,
    h("div", { class: "acts" },
      button(t("print"), { kbd: "P", onclick: printIt }),
      widths(),
      answer.id ? twice(t("undo_purchase"), t("sure_undo"), undo) : null),
    h("div", { class: "paper-frame" }, h("div", { class: `paper mm${paper.width()}` }, paper.compose(shown, shown.at))));
}

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

function widths() {
  return h("div", { class: "segments", role: "group", "aria-label": t("paper_width") }, [58, 80].map((millimetres) =>
    h("button", { type: "button", class: "button", "aria-pressed": String(paper.width() === millimetres), onclick: () => { paper.setWidth(millimetres); render(); } }, `${millimetres} mm`)));
}

async function undo() {
  try {
    await api.post(`/v1/purchases/${shown.answer.id}/void`, {}, { idempotencyKey: `void-${shown.answer.id}` });
    shell.go("sell");
    shell.say("good", t("undone"), t("undone_hint", { money: money(shown.answer.payable) }));
  } catch (fault) {
    shell.sayFault(fault);
  }
}
