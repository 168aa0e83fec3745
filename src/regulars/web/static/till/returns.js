// Earlier receipts: found by number, scan or from the last of this till; goods of them taken back by quantity.
import * as api from "./api.js";
import { $, fill, h, button } from "./dom.js";
import { config, t } from "./texts.js";
import { money, moment, parseQuantity, points, quantity, time } from "./format.js";
import { localStamp, newRequest } from "./draft.js";
import { besideGoods, compose, composeReturn } from "./paper.js";
import { print } from "./printing.js";
import { present } from "./quote.js";
import * as shell from "./shell.js";
import * as sound from "./sound.js";
import { line, suspect } from "./offline/line.js";

const KEY = `regulars.till.return.${config.program}.${config.store.code}.${config.till}${config.training ? ".training" : ""}`;

let recent = [];
let open = null; // the purchase that is looked at
let back = new Map(); // line → quantity to take back
let quoted = null;
let sending = kept(); // a return whose answer did not come: sent again with the same id, after a reload too
let recording = false; // from the press on: what is sent is made meanwhile, in a sandbox by a clock that is asked first
let finished = null;
let turn = 0;

function kept() {
  try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
}

function keep(request) {
  sending = request;
  try {
    if (request) localStorage.setItem(KEY, JSON.stringify(request)); else localStorage.removeItem(KEY);
  } catch { /* it lasts for this page */ }
}

export const unsure = () => Boolean(sending) || recording;

// After a reload, or when the line is back: the receipt is opened again, and the same return sent again.
export async function resume() {
  if (recording) return;
  shell.go("receipts");
  await record();
}

// Nobody knows whether it was recorded. Without the line it waits, and the next customer does not.
async function unanswered() {
  await suspect();
  if (line.up) { shell.say("warning", t("no_answer"), t("no_answer_hint")); return; }
  shell.hush();
  fill($("#view-receipts"), h("h2", {}, t("return_waits")),
    h("dl", { class: "facts", id: "return-sums" }, facts(sending.quoted)),
    h("p", { class: "note warning", role: "status" }, t("return_waits_hint")));
}

export async function show() {
  if (recording) return;
  clear();
  if (sending) return;
  recent = [];
  list();
  try {
    recent = (await api.get("/v1/purchases", { store: config.store.code, till: config.till, limit: 12 })).items;
    const place = $("#last-here");
    if (!open && place) fill(place, lastHere()); // the field stays, with what was typed meanwhile
  } catch (fault) {
    shell.sayFault(fault);
  }
}

function clear() {
  open = null;
  back = new Map();
  quoted = null;
  finished = null;
  turn += 1;
}

export function escape() {
  if (unsure()) return true;
  if (open) { clear(); list(); return true; }
  return false;
}

export const next = () => {
  if (finished) return { label: t("next_customer"), act: () => shell.go("sell"), kbd: "Enter" };
  if (sending && !line.up) return { label: t("next_customer"), act: () => shell.go("sell") };
  if (recording) return { label: t("recording"), act: null };
  if (sending) return { label: t("send_again"), act: record };
  if (open && !returnable()) return { label: t("choose_receipt"), act: null };
  if (open) return { label: t("pay_back"), amount: quoted ? money(quoted.money_back) : "", act: quoted ? record : null };
  return { label: t("choose_receipt"), act: null };
};

function list() {
  const field = h("input", { class: "input large", id: "receipt-number", autocomplete: "off", spellcheck: "false", maxlength: "255", placeholder: t("receipt_placeholder") });
  fill($("#view-receipts"), h("h2", {}, t("receipts_title")),
    h("form", { class: "finder", onsubmit: (event) => { event.preventDefault(); find(field.value); } },
      h("label", { class: "field" }, h("span", {}, t("receipt_number")), field),
      h("button", { class: "button", type: "submit" }, h("span", {}, t("find")), h("kbd", { "aria-hidden": "true" }, "Enter"))),
    h("div", { id: "last-here" }, lastHere()),
    button(t("back"), { kbd: "Esc", onclick: () => shell.go("sell") }));
  field.focus();
  shell.refreshNext();
}

const lastHere = () => [
  recent.length ? h("h3", {}, t("last_here")) : null,
  h("ul", { class: "rows" }, recent.map((item) => h("li", {}, h("button", { type: "button", class: "row", onclick: () => look(item.id) },
    h("span", { class: "row-name" }, [time(item.purchased_at), item.member ? t("member") : t("no_customer")].join(" · ")),
    h("span", { class: "row-sum" }, money(item.payable)),
    h("span", { class: "row-more" }, [t(`status_${item.status}`), item.receipt_number || item.request].join(" · ")))))),
];

export async function find(text) {
  const wanted = text.trim();
  if (!wanted) return;
  try {
    if (wanted.startsWith("pur_")) { await look(wanted); return; }
    const { items } = await api.get("/v1/purchases", { request: wanted });
    if (items.length) await look(items[0].id);
    else shell.say("bad", t("no_receipt"), t("no_receipt_hint"));
  } catch (fault) {
    shell.sayFault(fault);
  }
}

async function look(id) {
  try {
    open = await api.get(`/v1/purchases/${id}`);
    back = new Map();
    quoted = null;
    shell.hush();
    detail();
  } catch (fault) {
    shell.sayFault(fault);
  }
}

const leftOf = (number) => Number(open.lines.find(({ line }) => line === number).returnable);

const priced = (lines) => lines.map((line) => ({ ...line, unit_price: Math.round(line.gross / Number(line.quantity)) }));
const returnable = () => ["recorded", "partly_returned"].includes(open.status);

function detail() {
  const { answer, lines } = open;
  fill($("#view-receipts"),
    h("h2", {}, returnable() ? t("return_title") : t("receipt_title")),
    h("p", { class: "hint" }, [moment(open.purchased_at), answer.member?.name, t(`status_${open.status}`)].filter(Boolean).join(" · ")),
    h("div", { class: "acts" },
      returnable() ? button(t("return_all"), { onclick: all }) : null,
      button(t("print_again"), { onclick: () => printOut(compose({ answer, lines: priced(lines), cash: null }, open.purchased_at)) }),
      button(t("back"), { kbd: "Esc", onclick: () => { clear(); list(); } })),
    h("dl", { class: "facts", id: "return-sums" }),
    h("ul", { class: "rows plain", id: "return-lines" }, lines.map(returnLine)));
  $("#view-receipts input")?.focus();
  shell.refreshNext();
}

function returnLine(line) {
  const left = leftOf(line.line);
  const input = h("input", {
    class: "input count", inputmode: "decimal", autocomplete: "off", disabled: left <= 0,
    value: back.has(line.line) ? quantity(back.get(line.line)) : "", placeholder: "0", "data-line": line.line,
    "aria-label": t("return_quantity_of", { name: line.name || line.sku }),
    oninput: () => { put(line.line, input.value); },
    onfocus: () => input.select(),
    onkeydown: (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      const inputs = [...document.querySelectorAll("#return-lines input:not(:disabled)")];
      inputs[inputs.indexOf(input) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    },
  });
  const one = h("button", {
    type: "button", class: "button", disabled: left <= 0, "aria-label": t("one_more", { name: line.name || line.sku }),
    onclick: () => { more(line.line); },
  }, "+");
  if (!returnable()) {
    return h("li", { class: "row" },
      h("span", { class: "row-name" }, line.name || line.sku), h("span", { class: "row-sum" }, money(line.net)),
      h("span", { class: "row-more" }, `${quantity(line.quantity)} × ${money(Math.round(line.gross / Number(line.quantity)))}`));
  }
  return h("li", { class: "row returning" },
    h("span", { class: "row-name" }, line.name || line.sku),
    h("span", { class: "row-sum" }, money(line.net)),
    h("span", { class: "row-more" }, left <= 0 ? t("all_returned") : t("left_of", { left: quantity(String(left)), bought: quantity(line.quantity) })),
    h("span", { class: "stepper" }, input, one));
}

function put(number, text) {
  const typed = text.trim() === "" || Number(text.replace(",", ".")) === 0 ? null : parseQuantity(text);
  const input = document.querySelector(`#return-lines input[data-line="${number}"]`);
  const wrong = text.trim() !== "" && (typed === null ? Number(text.replace(",", ".")) !== 0 : Number(typed) > leftOf(number));
  input?.setAttribute("aria-invalid", String(wrong));
  if (wrong) { back.delete(number); shell.say("bad", t("too_many_back"), t("too_many_back_hint", { left: quantity(String(leftOf(number))) })); }
  else { shell.hush(); if (typed) back.set(number, typed); else back.delete(number); }
  preview();
}

function more(number) {
  const next = Math.min(Number(back.get(number) ?? 0) + 1, leftOf(number));
  const input = document.querySelector(`#return-lines input[data-line="${number}"]`);
  input.value = quantity(String(next));
  put(number, String(next));
}

function all() {
  for (const { line } of open.lines) {
    const left = leftOf(line);
    if (left <= 0) continue;
    back.set(line, String(left));
    document.querySelector(`#return-lines input[data-line="${line}"]`).value = quantity(String(left));
  }
  preview();
}

// A product scanned while a receipt is open: one more of it comes back.
export function scanned(product) {
  if (!open || !returnable() || !product) return false;
  const line = open.lines.find((one) => one.sku === product.sku && leftOf(one.line) > Number(back.get(one.line) ?? 0));
  if (!line) { shell.say("bad", t("not_on_receipt"), t("not_on_receipt_hint")); return true; }
  more(line.line);
  sound.good();
  return true;
}

// A clock that was put back by seconds, or another till's that is behind, brings nothing back before it was bought.
const after = (bought, now) => new Date(Math.max(Math.ceil(new Date(bought) / 1000) * 1000, now));

async function request() {
  const lines = [...back].sort(([a], [b]) => a - b).map(([line, many]) => ({ line, quantity: many }));
  return {
    id: newRequest("R"), store: config.store.code, till: config.till, cashier: config.cashier || undefined,
    returned_at: localStamp(after(open.purchased_at, await present())), lines,
  };
}

async function preview() {
  const mine = ++turn;
  quoted = null;
  shell.refreshNext();
  if (!back.size) { fill($("#return-sums")); return; }
  try {
    const answer = await api.post(`/v1/purchases/${open.id}/returns/preview`, await request());
    if (mine !== turn) return;
    quoted = answer;
    fill($("#return-sums"), facts(answer));
    shell.refreshNext();
  } catch (fault) {
    if (mine === turn) shell.sayFault(fault);
  }
}

function facts(answer) {
  const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  return [fact(t("money_back"), money(answer.money_back)),
    besideGoods(answer).map(([name, amount]) => fact(t("of_which", { name }), money(amount))),
    answer.points_back.map(({ currency, amount }) => fact(t("points_back"), points(amount, currency, { signed: true }))),
    answer.taken_back.map(({ currency, amount }) => fact(t("points_taken"), points(-amount, currency))),
    answer.taken_back.filter(({ debt }) => debt > 0).map(({ currency, debt }) => fact(t("points_owed"), points(debt, currency)))];
}

async function record() {
  if (recording) return;
  recording = true;
  shell.refreshNext();
  try {
    await send();
  } finally {
    recording = false;
    shell.refreshNext();
  }
  if (finished) $("#next").focus();
}

async function send() {
  try {
    if (!sending) {
      const now = { id: open.id, quoted };
      keep({ ...now, body: await request() });
    }
    if (!open) await look(sending.id);
    if (!open) { await unanswered(); return; }
    const answer = await api.post(`/v1/purchases/${sending.id}/returns`, sending.body);
    keep(null);
    finished = answer;
    sound.done();
    shell.hush();
    const { lines } = open;
    const at = new Date();
    fill($("#view-receipts"),
      h("div", { class: "done-head" }, h("p", { class: "tick", "aria-hidden": "true" }, "✓"),
        h("div", {}, h("h2", {}, t("return_recorded")), h("p", { class: "amount" }, money(answer.money_back)), h("p", {}, t("hand_back")))),
      h("dl", { class: "facts" }, facts(answer)),
      h("div", { class: "acts" }, button(t("print"), { kbd: "P", onclick: printIt })));
    function printIt() { printOut(composeReturn(answer, lines, at)); }
    finished.print = printIt;
  } catch (fault) {
    if (fault.unsure && sending) { await unanswered(); return; }
    if (!fault.signedOut) keep(null); // an earlier try may have been recorded: then it is sent again once somebody signed in
    shell.sayFault(fault);
  }
}

const printOut = (blocks) => print(blocks).catch(shell.sayFault);

export function printIt() {
  finished?.print();
}
