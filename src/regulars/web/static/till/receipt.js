// The receipt at the left: its lines with what was taken off each, and the sums under them.
import { $, fill, h } from "./dom.js";
import { t } from "./texts.js";
import { money, parseQuantity, quantity } from "./format.js";
import * as draft from "./draft.js";
import { quote } from "./quote.js";

const list = $("#lines");
const totals = $("#totals");
let drawn = "";

export function render() {
  const lines = draft.draft.lines;
  const priced = new Map((quote.answer?.lines ?? []).map((line) => [line.line, line]));
  $("#receipt-count").textContent = lines.length ? t("items", { n: lines.length }) : "";
  $("#lines-empty").hidden = lines.length > 0;
  list.hidden = !lines.length;
  // Drawn anew only when it shows something else: a button that is replaced while it is pressed hears no click.
  const shown = lines.map((line) => [line, priced.get(line.line)?.gross, priced.get(line.line)?.discount]);
  const says = JSON.stringify([draft.draft.id, draft.draft.selected, shown]);
  if (says !== drawn) {
    drawn = says;
    fill(list, lines.map((line) => row(line, priced.get(line.line))));
    list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  for (const one of list.children) one.classList.toggle("stale", quote.pending || !priced.has(Number(one.dataset.line)));
  renderTotals();
}

function row(line, priced) {
  const chosen = line.line === draft.draft.selected;
  const gross = priced?.gross ?? Math.round(Number(line.quantity) * line.unit_price);
  const element = h("li", { class: `line${chosen ? " chosen" : ""}`, "data-line": line.line },
    h("button", { type: "button", class: "line-face", "aria-current": chosen ? "true" : null, onclick: () => { draft.draft.selected = line.line; draft.changed(); } },
      h("span", { class: "line-name" }, line.name),
      h("span", { class: "line-sum" }, money(gross)),
      h("span", { class: "line-count" }, `${quantity(line.quantity)} × ${money(line.unit_price)}`),
      priced?.discount ? h("span", { class: "line-off" }, money(-priced.discount)) : null,
    ),
    chosen ? tools(line) : null,
  );
  return element;
}

function tools(line) {
  const input = h("input", {
    class: "input count", inputmode: "decimal", value: quantity(line.quantity).replace(/\s/g, ""), autocomplete: "off",
    "aria-label": t("quantity_of", { name: line.name }),
  });
  const apply = () => {
    const typed = parseQuantity(input.value);
    if (typed && typed !== line.quantity) draft.setQuantity(line.line, typed);
    else if (!typed) input.value = quantity(line.quantity);
  };
  input.addEventListener("change", apply);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); apply(); $("#entry").focus(); } });
  const step = (by, sign, name) => h("button", {
    type: "button", class: "button", "aria-label": t(name, { name: line.name }),
    disabled: by < 0 && Number(line.quantity) <= 1, onclick: () => { draft.step(line.line, by); $("#entry").focus(); },
  }, sign);
  return h("div", { class: "line-tools" },
    line.gift ? null : [step(-1, "−", "one_less"), input, step(1, "+", "one_more")],
    h("button", { type: "button", class: "button danger", onclick: () => { draft.remove(line.line); $("#entry").focus(); } },
      h("span", {}, t("remove")), h("kbd", { "aria-hidden": "true" }, t("key_delete"))),
  );
}

function renderTotals() {
  const answer = quote.answer;
  const rows = [];
  if (answer) {
    rows.push([t("gross"), money(answer.gross), ""]);
    if (answer.discount) rows.push([t("discounts"), money(-answer.discount), "off"]);
    if (answer.points_reduction) rows.push([t("points_reduction"), money(-answer.points_reduction), "off"]);
    if (answer.paid_with_points) rows.push([t("paid_with_points"), money(-answer.paid_with_points), "off"]);
  }
  totals.classList.toggle("stale", quote.pending);
  fill(totals, rows.map(([name, amount, kind]) => h("div", { class: kind }, h("dt", {}, name), h("dd", {}, amount))));
}
