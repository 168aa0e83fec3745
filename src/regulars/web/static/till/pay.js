// Taking the money: cash and change, then the purchase is recorded exactly once, whatever the line does.
import * as api from "./api.js";
import { $, fill, h } from "./dom.js";
import { config, t } from "./texts.js";
import { money, parseMoney } from "./format.js";
import * as draft from "./draft.js";
import { present, quote, ready, refresh, take, worthOf } from "./quote.js";
import * as giftSale from "./gift_sale.js";
import * as owed from "./owed.js";
import * as proof from "./proof.js";
import * as shell from "./shell.js";
import { suspect } from "./offline/line.js";
import { giveUpHere, here, payHere, waits } from "./offline/paying.js";
import * as sound from "./sound.js";

const UNPROVED = ["proof_required", "proof_wrong", "spending_locked"];
const field = $("#cash");
let busy = false;

export function setup() {
  $("#pay-form").addEventListener("submit", (event) => { event.preventDefault(); shell.next(); });
  field.addEventListener("input", render);
  $("#resend").addEventListener("click", () => send());
  $("#give-up").addEventListener("click", giveUp);
}

export const unsure = () => Boolean(draft.draft.sending) && !busy;

// What was sent must stay as it was sent, until there is an answer.
export function lock() {
  for (const zone of [".zone.receipt", ".money-scroll", "#view-sell"]) $(zone).inert = Boolean(draft.draft.sending);
}

export function show() {
  field.value = "";
  render();
  if (!draft.draft.sending) field.focus();
}

export function next() {
  if (draft.draft.sending) return { label: busy ? t("recording") : here() ? t("go_on_without_line") : t("send_again"), act: busy ? null : () => send() };
  const hindrance = giftSale.hindrance(here());
  if (hindrance) return { label: t(hindrance), act: null };
  const given = parseMoney(field.value);
  const amount = quote.answer ? money(quote.answer.payable) : "";
  const short = given !== null && quote.answer && given < quote.answer.payable;
  return { label: t("paid"), amount, kbd: "Enter", act: () => send(), disabled: !ready() || short || (field.value.trim() !== "" && given === null) };
}

export function render() {
  const payable = quote.answer?.payable ?? 0;
  const given = parseMoney(field.value);
  $("#pay-amount").textContent = quote.answer ? money(payable) : "…";
  const change = $("#change");
  if (given === null) fill(change, h("span", { class: "hint" }, field.value.trim() ? t("not_an_amount") : t("cash_hint")));
  else if (given < payable) fill(change, h("span", { class: "short" }, t("short_by", { money: money(payable - given) })));
  else fill(change, h("span", {}, t("change")), h("strong", {}, money(given - payable)));
  lock();
  $("#unsure").hidden = !unsure();
  $("#pay-form").hidden = Boolean(draft.draft.sending);
  $("#pay-keys").hidden = Boolean(draft.draft.sending);
  shell.refreshNext();
}

// Cash handed over and its change, for the paper; kept with the request so that a reload prints the same.
function cash() {
  const given = parseMoney(field.value);
  return given === null ? null : { given, change: given - quote.answer.payable };
}

export async function send({ hold = false } = {}) {
  if (busy || (!draft.draft.sending && !ready())) return;
  busy = true;
  render();
  if (here()) {
    await payHere({ answer: quote.answer, hold, handed: draft.draft.sending || hold ? null : cash(), at: await present(), finish, refresh });
    busy = false;
    if (shell.isOpen("pay")) render();
    return;
  }
  try {
    if (!draft.draft.sending) {
      const { answer } = quote;
      const expect = { payable: answer.payable, spent: worthOf(answer) };
      const body = { ...draft.body(await present()), expect };
      if (hold) body.hold = true;
      draft.draft.sending = { body, cash: hold ? null : cash(), answer };
      draft.save();
    }
    const { body, cash: handed } = draft.draft.sending;
    const answer = await api.post("/v1/purchases", body);
    busy = false;
    finish(answer, handed);
  } catch (fault) {
    if (fault.status === 0) await suspect();
    busy = false;
    if (fault.status === 0 && here()) send({ hold });
    else failed(fault);
  }
}

function finish(answer, handed) {
  const { lines, customer } = draft.draft;
  const kept = { answer, lines: structuredClone(lines), customer, cash: handed, gifts: owed.owed(answer, lines) };
  proof.used();
  draft.reset();
  shell.hush();
  sound.done();
  if (answer.status === "held") {
    rememberHeld(answer.id, { lines: kept.lines, customer });
    shell.go("sell");
    shell.say("good", t("held"), t("held_hint"));
    return;
  }
  if (kept.gifts.length) owed.remember(kept);
  shell.go("done", kept);
}

function failed(fault) {
  if (fault.unsure) {
    if (shell.isOpen("sell")) shell.go("pay");
    shell.say("warning", t("no_answer"), t("no_answer_hint"));
    render();
    return;
  }
  if (fault.signedOut) { // an earlier try may have been recorded: it is sent again as it is
    shell.sayFault(fault);
    render();
    return;
  }
  const before = draft.draft.sending?.body?.expect?.payable;
  draft.draft.sending = null;
  if (fault.code === "price_changed") {
    draft.save();
    const answer = fault.problem.quote;
    if (answer) take(answer); else refresh();
    const now = answer ? money(answer.payable) : "";
    shell.say("warning", t("price_changed", { now, before: money(before ?? 0) }), t("price_changed_hint"));
  } else {
    if (["request_key_reused", "request_voided"].includes(fault.code)) draft.draft.id = draft.newRequest();
    if (UNPROVED.includes(fault.code)) {
      draft.forgetProof();
      shell.go("sell");
    }
    draft.changed();
    shell.sayFault(fault);
  }
  if (shell.isOpen("pay")) show();
}

// The request may or may not have arrived: it is voided by its own name, and cannot be recorded later.
async function giveUp() {
  if (busy) return;
  const { body } = draft.draft.sending;
  busy = true;
  render();
  try {
    if (waits()) { await giveUpHere(); return; }
    await api.post("/v1/purchases/void", { request: body.id }, { idempotencyKey: `void-${body.id}` });
    draft.draft.sending = null;
    draft.draft.id = draft.newRequest();
    draft.changed();
    shell.go("sell");
    shell.say("good", t("given_up"), t("given_up_hint"));
  } catch (fault) {
    if (fault.status === 0) await suspect();
    if (fault.status === 0 && waits()) await giveUpHere();
    else shell.sayFault(fault);
  } finally {
    busy = false;
    render();
  }
}

// A held receipt as it was made here: so that changing it later needs neither the card nor the goods again.
const HELD_KEY = `regulars.till.held.${config.program}`;
const HELD_MAX = 30;

function allHeld() {
  try { return JSON.parse(localStorage.getItem(HELD_KEY)) ?? {}; } catch { return {}; }
}

function rememberHeld(id, kept) {
  const latest = Object.entries({ ...allHeld(), [id]: kept }).slice(-HELD_MAX);
  try { localStorage.setItem(HELD_KEY, JSON.stringify(Object.fromEntries(latest))); } catch { /* then the API's copy serves */ }
}

export const remembered = (id) => allHeld()[id] ?? null;
