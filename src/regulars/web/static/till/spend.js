// Paying with points: how many, and what they are worth.
import { $ } from "./dom.js";
import { config, explain, t } from "./texts.js";
import { money, points, worth } from "./format.js";
import * as draft from "./draft.js";
import * as proof from "./proof.js";
import { quote, spentOf } from "./quote.js";

const form = $("#spend-form");
const field = $("#spend");
let backToEntry = () => {};

export function setup(toEntry) {
  backToEntry = toEntry;
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  $("#spend-open").addEventListener("click", open);
  $("#spend-clear").addEventListener("click", () => { draft.setSpend(null); backToEntry(); });
  $("#spend-all").addEventListener("click", () => { field.value = ""; apply(); });
}

const able = () => Boolean(draft.draft.customer && config.points_first && draft.draft.customer.balance > 0 && draft.draft.lines.length);

export function open() {
  if (!able()) return;
  if (draft.draft.spend) { $("#spend-clear").focus(); return; }
  form.hidden = false;
  $("#spend-open").hidden = true;
  field.value = "";
  field.focus();
}

function close() {
  form.hidden = true;
  render();
  backToEntry();
}

function apply() {
  const currency = config.points_first;
  const typed = field.value.trim();
  const amount = typed === "" ? "max" : Number(typed);
  const wrong = amount !== "max" && (!Number.isInteger(amount) || amount <= 0);
  $("#spend-fault").hidden = !wrong;
  if (wrong) { field.select(); return; }
  form.hidden = true;
  draft.setSpend({ currency, amount });
  backToEntry();
}

export function render() {
  const { spend, customer } = draft.draft;
  const currency = config.points_first;
  const refused = quote.refusedSpend;
  const spent = quote.answer && spend && !refused ? spentOf(quote.answer) : 0;
  if (spend || !able()) form.hidden = true;
  $("#spend-zone").hidden = !customer || !currency;
  $("#spend-open").hidden = !form.hidden || Boolean(spend);
  $("#spend-open").disabled = !able();
  $("#spend-all").textContent = customer && currency ? t("all_points", { points: points(customer.balance, currency) }) : "";
  $("#spend-on").hidden = !spend;
  if (spend) {
    const value = (quote.answer?.spent ?? []).reduce((sum, one) => sum + one.worth, 0);
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
