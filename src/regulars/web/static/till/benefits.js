// What this purchase gives, what is missing for more, and what the program tells the cashier.
import { $, fill, h, key } from "./dom.js";
import { draft } from "./draft.js";
import { points } from "./format.js";
import { quote } from "./quote.js";
import { t } from "./texts.js";

export function render() {
  const answer = quote.answer;
  const rows = [];
  if (answer) {
    for (const [currency, amount] of sumsOf(answer.earned)) {
      const earned = points(amount, currency, { signed: true });
      rows.push(h("li", { class: "earns" }, draft.customer ? t("earns", { points: earned }) : t("would_earn", { points: earned })));
    }
    if (!draft.customer && !answer.earned?.length) rows.push(h("li", { class: "hint" }, t("ask_for_card"), " ", key("F4")));
    const missing = (answer.refusals ?? []).map(({ text }) => text).filter(Boolean).slice(0, 3);
    for (const text of answer.messages?.cashier ?? []) if (!missing.includes(text)) rows.push(h("li", { class: "says" }, text));
    for (const text of missing) rows.push(h("li", { class: "missing" }, text));
    for (const warning of answer.warnings ?? []) rows.push(h("li", { class: "missing" }, warning.detail));
  }
  fill($("#benefits"), rows);
  $("#benefits").hidden = !rows.length;
}

function sumsOf(earned) {
  const by = new Map();
  for (const { currency, amount } of earned ?? []) by.set(currency, (by.get(currency) ?? 0) + amount);
  return [...by];
}
