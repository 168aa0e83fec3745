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

const here = () => ({ store: config.store.code, till: config.till });
const answerOf = (item) => item.answer ?? item;

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
        h("span", { class: "row-name" }, answerOf(item).member?.name || t("no_customer")),
        h("span", { class: "row-sum" }, money(answerOf(item).payable)),
        h("span", { class: "row-more" }, [time(item.purchased_at), t("items", { n: answerOf(item).lines?.length ?? item.line_count ?? 0 })].filter(Boolean).join(" · "))))))
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
  const priced = new Map(answer.lines.map((line) => [line.line, line]));
  fill($("#view-held"), h("h2", {}, answer.member?.name || t("no_customer")),
    h("ul", { class: "rows plain" }, lines.map((line) => h("li", { class: "row" },
      h("span", { class: "row-name" }, line.name || line.sku),
      h("span", { class: "row-sum" }, money(priced.get(line.line)?.net ?? 0)),
      h("span", { class: "row-more" }, `${quantity(line.quantity)} × ${money(line.unit_price ?? 0)}`)))),
    h("p", { class: "amount" }, money(answer.payable)),
    answer.held_until ? h("p", { class: "hint" }, t("held_until", { time: time(answer.held_until) })) : null,
    h("div", { class: "acts" },
      button(t("change_it"), { onclick: changeIt }),
      twice(t("let_go"), t("sure_let_go"), letGo),
      button(t("back"), { kbd: "Esc", onclick: list })));
  shell.refreshNext();
  $("#next").focus();
}

export function escape() {
  if (open) { list(); return true; }
  return false;
}

export const next = () => (open
  ? { label: t("paid"), amount: money(open.answer.payable), act: confirm }
  : { label: t("choose_receipt"), act: null });

async function confirm() {
  const { id, lines } = open;
  try {
    const answer = await api.post(`/v1/purchases/${id}/confirm`, {}, { idempotencyKey: `confirm-${id}` });
    sound.done();
    count();
    shell.go("done", { answer: answer.answer ?? answer, lines, customer: null, cash: null });
  } catch (fault) {
    if (fault.unsure) shell.say("warning", t("no_answer"), t("no_answer_hint"));
    else shell.sayFault(fault);
  }
}

async function release() {
  await api.post(`/v1/purchases/${open.id}/void`, {}, { idempotencyKey: `void-${open.id}` });
  count();
}

async function letGo() {
  try {
    await release();
    shell.say("good", t("let_gone"), t("let_gone_hint"));
    show();
  } catch (fault) {
    shell.sayFault(fault);
  }
}

// Back on the receipt: the hold is released first, so that its points are free again.
async function changeIt() {
  if (draft.draft.lines.length) { shell.say("warning", t("finish_first"), t("finish_first_hint")); return; }
  try {
    await release();
    const { answer, lines, id } = open;
    const customer = pay.rememberedCustomer(id)
      ?? (answer.member?.id ? { id: answer.member.id, name: answer.member.name, tier: answer.member.tier, balance: answer.member.available, via: "member", value: answer.member.id } : null);
    draft.reset({ lines: lines.map((line) => ({ ...line })), customer, selected: lines.at(-1)?.line ?? 0 });
    shell.go("sell");
  } catch (fault) {
    shell.sayFault(fault);
  }
}
