// Paying with points: how many, and what they are worth.
import { $ } from "./dom.js";
import { config, explain, t } from "./texts.js";
import { money, points, worth } from "./format.js";
import * as draft from "./draft.js";
import * as proof from "./proof.js";
import { pointsIn, quote, spentOf } from "./quote.js";
import { sheet } from "./sheet.js";
import { spendable } from "./offline/calculating.js";
import { line } from "./offline/line.js";

const field = $("#spend");
let backToEntry = () => {};
let zone = null;

export function setup(toEntry) {
  backToEntry = toEntry;
  zone = sheet($("#spend-form"), field, { apply, close: () => { render(); backToEntry(); } });
  $("#spend-open").addEventListener("click", open);
  $("#spend-clear").addEventListener("click", () => { draft.setSpend(null); backToEntry(); });
  $("#spend-all").addEventListener("click", () => { field.value = ""; apply(); });
}

// What may be spent: of her balance, or without the line of what the program lets this till take.
const most = () => (line.up ? draft.draft.customer?.balance : spendable()) ?? 0;
const able = () => Boolean(draft.draft.customer && config.points_first && most() > 0 && draft.draft.lines.length);

export function open() {
  if (!able()) return;
  if (draft.draft.spend) { $("#spend-clear").focus(); return; }
  zone.open();
  $("#spend-open").hidden = true;
}

function apply() {
  const currency = config.points_first;
  const typed = field.value.trim();
  const amount = typed === "" ? "max" : Number(typed);
  const wrong = amount !== "max" && (!Number.isInteger(amount) || amount <= 0);
  $("#spend-fault").hidden = !wrong;
  if (wrong) { field.select(); return; }
  zone.hide();
  draft.setSpend({ currency, amount });
  backToEntry();
}

export function render() {
  const { spend, customer } = draft.draft;
  const currency = config.points_first;
  const refused = quote.refusedSpend;
  const spent = quote.answer && spend && !refused ? spentOf(quote.answer) : 0;
  if (spend || !able()) zone.hide();
  $("#spend-zone").hidden = !customer || !currency;
  $("#spend-open").hidden = zone.isOpen() || Boolean(spend);
  $("#spend-open").disabled = !able();
  $("#spend-all").textContent = customer && currency ? t("all_points", { points: points(most(), currency) }) : "";
  $("#spend-on").hidden = !spend;
  if (spend) {
    const value = pointsIn(quote.answer ?? {}).reduce((sum, one) => sum + one.worth, 0);
    $("#spend-amount").textContent = spent
      ? `${points(spent, currency)} = ${money(value)}`
      : spend.amount === "max" ? t("as_many_as_possible") : points(spend.amount, currency);
  }
  $("#spend-refused").hidden = !refused;
  if (refused) {
    const [title, ...rest] = explain(refused).split("|");
    // Where a proof can be given, the panel below says what to do.
    $("#spend-refused").textContent = proof.provable(refused) ? title : [title, ...rest].join(" ");
  }
  const hint = field.value && Number(field.value) > 0 ? worth(Number(field.value), currency) : 0;
  $("#spend-worth").textContent = hint ? `= ${money(hint)}` : "";
}

field.addEventListener("input", render);
