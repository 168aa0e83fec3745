// Receipts put aside at this till: take one up again, change it, or let it go.
import * as api from "./api.js";
import { $, fill, h, button, twice } from "./dom.js";
import { config, t } from "./texts.js";
import { money, quantity, time } from "./format.js";
import * as draft from "./draft.js";
import * as pay from "./pay.js";
import * as shell from "./shell.js";
import * as sound from "./sound.js";

let items = [];
let open = null;
let letting = false; // whether one is being let go

const here = () => ({ store: config.store.code, till: config.till });

// Who it is for, as far as this till knows: a list holds no names.
const nameOf = (item) => pay.remembered(item.id)?.customer?.name || (item.member ? t("member") : t("no_customer"));
const unitPrice = (line) => Math.round(line.gross / Number(line.quantity));

// Until it is known whether a held receipt was let go, nothing else is begun: its goods would fall among others.
export const releasing = () => letting;

export async function count() {
  try {
    const { items: held } = await api.get("/v1/purchases", { ...here(), status: "held", limit: 20 });
    $("#held-count").textContent = held.length || "";
  } catch { /* a figure on a button; the list itself tells what is wrong */ }
}

export async function show() {
  open = null;
  items = [];
  fill($("#view-held"), h("h2", {}, t("held_title")), h("p", { class: "hint", role: "status" }, t("loading")));
  try {
    items = (await api.get("/v1/purchases", { ...here(), status: "held", limit: 20 })).items;
    $("#held-count").textContent = items.length || "";
    list();
  } catch (fault) {
    shell.sayFault(fault);
  }
}

function list() {
  open = null;
  fill($("#view-held"), h("h2", {}, t("held_title")),
    items.length
      ? h("ul", { class: "rows" }, items.map((item) => h("li", {}, h("button", { type: "button", class: "row", onclick: () => look(item.id) },
        h("span", { class: "row-name" }, nameOf(item)),
        h("span", { class: "row-sum" }, money(item.payable)),
        h("span", { class: "row-more" }, [time(item.purchased_at), item.held_until ? t("held_until", { time: time(item.held_until) }) : ""].filter(Boolean).join(" · "))))))
      : h("p", { class: "hint" }, t("none_held")),
    button(t("back"), { kbd: "Esc", onclick: () => shell.go("sell") }));
  $("#view-held button")?.focus();
  shell.refreshNext();
}

async function look(id) {
  try {
    open = await api.get(`/v1/purchases/${id}`);
    if (open.status !== "held") { open = null; shell.say("bad", t("no_longer_held"), t("no_longer_held_hint")); show(); return; }
    detail();
  } catch (fault) {
    shell.sayFault(fault);
  }
}

function detail() {
  const { answer, lines } = open;
  fill($("#view-held"), h("h2", {}, answer.member?.name || nameOf(open)),
    h("ul", { class: "rows plain" }, lines.map((line) => h("li", { class: "row" },
      h("span", { class: "row-name" }, line.name || line.sku),
      h("span", { class: "row-sum" }, money(line.net)),
      h("span", { class: "row-more" }, `${quantity(line.quantity)} × ${money(unitPrice(line))}`)))),
    h("p", { class: "amount" }, money(answer.payable)),
    open.held_until ? h("p", { class: "hint" }, t("held_until", { time: time(open.held_until) })) : null,
    h("div", { class: "acts" },
      button(t("change_it"), { onclick: changeIt }),
      twice(t("let_go"), t("sure_let_go"), letGo),
      button(t("back"), { kbd: "Esc", onclick: escape })));
  shell.refreshNext();
  $("#next").focus();
}

export function escape() {
  if (letting) return true;
  if (open) { list(); return true; }
  return false;
}

export const next = () => (open && !letting
  ? { label: t("paid"), amount: money(open.answer.payable), act: confirm }
  : { label: t("choose_receipt"), act: null });

async function confirm() {
  const { id, lines } = open;
  try {
    const answer = await api.post(`/v1/purchases/${id}/confirm`, {}, { idempotencyKey: `confirm-${id}` });
    sound.done();
    count();
    shell.go("done", { answer: { id, ...answer }, lines: lines.map((line) => ({ ...line, unit_price: unitPrice(line) })), cash: null });
  } catch (fault) {
    if (fault.unsure) shell.say("warning", t("no_answer"), t("no_answer_hint"));
    else shell.sayFault(fault);
  }
}

async function release({ id }) {
  letting = true;
  shell.refreshNext();
  try {
    await api.post(`/v1/purchases/${id}/void`, {}, { idempotencyKey: `void-${id}` });
  } finally {
    letting = false;
    shell.refreshNext();
  }
  count();
}

async function letGo() {
  if (letting) return;
  try {
    await release(open);
    shell.say("good", t("let_gone"), t("let_gone_hint"));
    show();
  } catch (fault) {
    shell.sayFault(fault);
  }
}

// Back on the receipt: the hold is released first, so that its points are free again. Whoever went elsewhere while its goods
// were looked up does not want it any more.
async function changeIt() {
  if (letting) return;
  if (draft.draft.lines.length) { shell.say("warning", t("finish_first"), t("finish_first_hint")); return; }
  const one = open;
  try {
    const kept = pay.remembered(one.id) ?? await rebuilt(one);
    if (letting || open !== one || !shell.isOpen("held") || draft.draft.lines.length) return;
    await release(one);
    draft.reset({ ...kept, selected: kept.lines.at(-1)?.line ?? 0 });
    shell.go("sell");
  } catch (fault) {
    shell.sayFault(fault);
  }
}

// The receipt made anew from what the server knows, when it was put aside in another browser.
async function rebuilt(one) {
  const { member } = one.answer;
  const lines = [];
  for (const line of one.lines) {
    const { items: [product] } = await api.get("/v1/products", { sku: line.sku });
    lines.push({
      line: line.line, sku: line.sku, name: line.name || product?.name || line.sku, quantity: line.quantity, unit_price: unitPrice(line),
      categories: product?.categories ?? [], tags: product?.tags ?? [], brand: product?.brand ?? "", unit: product?.unit ?? "",
      tax_rate: product?.tax_rate ?? "0", cost: product?.cost ?? undefined,
    });
  }
  const customer = member?.id
    ? { id: member.id, name: member.name, tier: member.tier_name ?? member.tier, balance: member.available, via: "member", value: member.id }
    : null;
  return { lines, customer };
}
