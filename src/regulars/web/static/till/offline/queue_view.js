// The list behind the strip: what waits to be sent, what the server refused, and what this till may do by itself.
import { $, fill, h, button, twice } from "../dom.js";
import { config, explain, t } from "../texts.js";
import { moment, money, points, time } from "../format.js";
import * as shell from "../shell.js";
import { changed, kept, leftHere } from "./keeping.js";
import { line, suspect } from "./line.js";
import { fresh, snapshot } from "./snapshot.js";
import { limits } from "./strip.js";
import * as store from "./store.js";
import { sync } from "./sync.js";

const view = $("#view-queue");
const ROWS_MAX = 50;
let drawn = ""; // what it says now: drawn anew only when that changes, so that no button goes away under a finger

export function show() {
  drawn = "";
  render();
  $("#view-queue button")?.focus();
}

export const next = () => (line.up
  ? { label: t("send_now"), act: kept.waiting.length ? () => sync() : null }
  : { label: t("look_for_line"), act: () => suspect() });

export function render() {
  if (!shell.isOpen("queue")) return;
  const says = JSON.stringify([line.up, limits(),
    kept.waiting.map(({ request, counter }) => [request, counter]), kept.refused.map(({ request }) => request)]);
  if (says === drawn) { fill($("#view-queue .facts"), facts()); shell.refreshNext(); return; }
  drawn = says;
  const focused = view.contains(document.activeElement) ? document.activeElement.dataset.of ?? "back" : null;
  fill(view, h("h2", {}, t("queue_title")),
    kept.refused.length ? [h("h3", {}, t("refused_title")), h("ul", { class: "rows" }, kept.refused.map(refused))] : null,
    h("h3", {}, t("waiting_title")),
    kept.waiting.length
      ? h("ul", { class: "rows" }, kept.waiting.slice(0, ROWS_MAX).map(waiting))
      : h("p", { class: "hint" }, t("none_waiting")),
    kept.waiting.length > ROWS_MAX ? h("p", { class: "hint" }, t("more_waiting", { n: kept.waiting.length - ROWS_MAX })) : null,
    h("h3", {}, t("here_title")), h("dl", { class: "facts" }, facts()),
    limits() ? h("p", { class: "note warning" }, limits()) : null,
    button(t("back"), { kbd: "Esc", onclick: () => shell.go("sell"), "data-of": "back" }));
  if (focused) (view.querySelector(`[data-of="${CSS.escape(focused)}"]`) ?? $("#view-queue button"))?.focus({ preventScroll: true });
  shell.refreshNext();
}

const number = ({ request, kind }) => (kind === "void" ? t("giving_up", { receipt: request.slice("void-".length) }) : request);

const waiting = (item) => h("li", { class: "row" },
  h("span", { class: "row-name" }, number(item)),
  h("span", { class: "row-sum" }, item.kind === "void" ? "" : money(item.payable)),
  h("span", { class: "row-more" }, time(item.at)));

const refused = (item) => h("li", { class: "row refused" },
  h("span", { class: "row-name" }, number(item)),
  h("span", { class: "row-sum" }, item.kind === "void" ? "" : money(item.payable)),
  h("span", { class: "row-more" }, [moment(item.at), why(item.problem)].join(" · ")),
  h("div", { class: "acts" },
    item.body ? h("button", { type: "button", class: "button", "data-of": `again ${item.request}`, onclick: () => act(store.again, item) }, t("try_again")) : null,
    twice(t("seen_to"), t("sure_seen_to"), () => act(store.dismiss, item), { "data-of": `seen ${item.request}` })));

// What the server said, as far as the page has words for it.
const why = (problem) => explain({ code: problem.code, message: problem.detail ?? problem.code }).split("|")[0];

async function act(what, item) {
  await what(item.request);
  await changed();
  sync();
}

function facts() {
  const rows = [];
  const { body } = snapshot;
  if (body) {
    rows.push([t("data_as_of"), moment(body.made_at)]);
    rows.push([t("goods_known"), t("products_known", { n: body.products.length })]);
    if (body.products_left_out) rows.push([t("goods_left_out"), t("products_known", { n: body.products_left_out })]);
    rows.push([t("promotions_here"), fresh() ? String(body.promotions.length) : t("none_any_more")]);
    if (body.spending && fresh() && config.points_first) rows.push([t("may_spend_here"), money(leftHere())]);
  }
  const points_ = kept.waiting.flatMap(({ body: one }) => one.spend ?? []).filter(({ gift_card: card }) => !card)
    .reduce((sum, { amount }) => sum + (Number(amount) || 0), 0);
  if (points_) rows.push([t("spent_waiting"), points(points_, config.points_first)]);
  rows.push([t("kept_safe"), kept.persisted ? t("kept_safe_yes") : t("kept_safe_no")]);
  return rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
}
