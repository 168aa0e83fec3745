// The customer at the right: found by scan, phone or card; enrolled on the spot when the phone is new.
import * as api from "./api.js";
import { $ } from "./dom.js";
import * as consents from "./consents.js";
import { config, explain, t } from "./texts.js";
import { money, points, worth } from "./format.js";
import * as draft from "./draft.js";
import { spendable } from "./offline/calculating.js";
import { line } from "./offline/line.js";
import { either } from "./offline/selling.js";
import { allowanceOf } from "./offline/snapshot.js";
import * as proof from "./proof.js";
import * as questions from "./questions.js";
import * as shell from "./shell.js";
import * as sound from "./sound.js";

const form = $("#customer-form");
const field = $("#customer");
const enrol = $("#enrol-form");
const HERE = `${config.store.code}/${config.till}`.slice(0, 64); // look-ups are counted per till
const WHO = () => ({ store: config.store.code, cashier: config.cashier || undefined });
let sent = {}; // the enrolment that was sent last, and its request key: the same again is the same request
let loading = null;
let turn = 0; // of the look-ups: the last one counts
let looking = 0; // so many are under way
let backToEntry = () => {};

export function setup(toEntry) {
  backToEntry = toEntry;
  form.addEventListener("submit", (event) => { event.preventDefault(); find(field.value); });
  enrol.addEventListener("submit", (event) => { event.preventDefault(); enrolNow(); });
  field.addEventListener("input", () => { enrol.hidden = true; shell.hush(); });
  for (const element of [form, enrol]) {
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      if (element === enrol) { enrol.hidden = true; field.focus(); } else { field.value = ""; backToEntry(); }
    });
  }
  $("#enrol-cancel").addEventListener("click", () => { enrol.hidden = true; field.value = ""; backToEntry(); });
  $("#customer-clear").addEventListener("click", () => { draft.setCustomer(null); focus(); });
}

export function focus() {
  if (known()) $("#customer-clear").focus();
  else (enrol.hidden ? field : $("#enrol-name")).focus();
}

// Whether it is known who stands here; a card that belongs to nobody leaves the question open.
const known = () => Boolean(draft.draft.customer && !draft.draft.customer.unassigned);

const digitsOf = (text) => text.replace(/[\s\-()./]/g, "");

// A number with the program's prefix and length is a card; so is any long one that is no phone number.
export function isCard(text) {
  const digits = digitsOf(text);
  return /^\d+$/.test(digits)
    && ((digits.startsWith(config.card.prefix) && digits.length === config.card.digits)
      || config.card.foreign.some((prefix) => digits.startsWith(prefix) && digits.length >= 8));
}

// What is asked for now: whether it is still wanted when it comes, or comes too late, for a receipt that was paid or thrown
// away meanwhile. `stays`: what else must be so.
function lookUp(stays = () => true) {
  const [mine, still] = [++turn, draft.still()];
  const last = () => mine === turn && stays();
  return { wanted: () => last() && still(), late: () => last() && !still() };
}

// Whether what came of it was wanted.
export async function find(text, stays) {
  const typed = text.trim();
  if (!typed) { focus(); return false; }
  const by = isCard(typed) || /^\d{12,19}$/.test(digitsOf(typed)) ? "card" : "phone";
  const value = by === "card" ? digitsOf(typed) : typed;
  const { wanted, late } = lookUp(stays);
  const there = async () => {
    const member = await api.post("/v1/members/find", { [by]: value, till: HERE, ...WHO() });
    if (wanted()) take(member, by, value);
  };
  looking += 1;
  form.setAttribute("aria-busy", "true");
  try {
    await either(there, () => findHere(by, value, wanted));
  } catch (fault) {
    if (wanted() && fault.code === "card_unassigned" && config.card.unassigned) takeUnassigned(value, fault);
    else if (wanted()) notFound(fault, by, typed);
  } finally {
    looking -= 1;
    if (!looking) form.removeAttribute("aria-busy");
  }
  if (by === "card" && late()) shell.say("warning", t("code_late"), t("no_card_hint"));
  return wanted();
}

function notFound(fault, by, typed) {
  if (fault.code === "not_found" && by === "phone") offerEnrolment(typed);
  else if (fault.code === "not_found") shell.say("bad", t("no_card"), t("no_card_hint"));
  else if (by === "phone" && fault.status === 422) shell.say("bad", t("bad_phone"), t("bad_phone_hint"));
  else shell.sayFault(fault);
  if (enrol.hidden) field.select();
}

// Without the line a card is believed, as it is on any receipt that is sent later; a phone number leads to nobody.
async function findHere(by, value, wanted) {
  if (!wanted()) return;
  if (by === "phone") {
    shell.say("warning", t("no_phone_without_line"), t("no_phone_without_line_hint"));
    field.select();
    return;
  }
  const allowance = await allowanceOf(value);
  if (!wanted()) return;
  draft.setCustomer({ id: null, here: true, name: "", tier: null, balance: 0, via: "card", value, allowance });
  took(t("card_ending", { end: value.slice(-4) }));
}

// The line went or came while a customer stood here: what she may spend is another matter now.
export async function lineChanged() {
  const { customer } = draft.draft;
  if (!customer || draft.draft.sending) return;
  const stays = () => draft.draft.customer === customer;
  if (line.up && customer.here) { await find(customer.value, stays); return; }
  if (!line.up && customer.via === "card") {
    const still = draft.still();
    const allowance = await allowanceOf(customer.value);
    if (!still() || !stays()) return;
    customer.allowance = allowance;
    draft.changed();
  }
}

// The moving code on a customer's phone: her card, and her proof where one is asked for.
export async function scannedPhone(text) {
  const card = await proof.scanned(text);
  if (card === null) return;
  const { moving } = draft.draft;
  if (draft.draft.customer?.value !== card && !await find(card)) return;
  if (draft.draft.customer?.value === card || draft.draft.customer?.via === "phone") {
    draft.draft.moving = moving;
    draft.changed();
  }
}

function take(member, via, value) {
  const { id, name } = member;
  draft.setCustomer({ id, name: name ?? "", tier: member.tier_name ?? member.tier ?? null, balance: balanceOf(member), via, value });
  took(name || t("member"));
}

// A card that belongs to nobody yet goes with the receipt and collects; whoever is being enrolled may have it.
function takeUnassigned(value, fault) {
  const enrolling = !enrol.hidden;
  $("#enrol-with-card").checked = true;
  draft.setCustomer({ id: null, unassigned: true, name: "", tier: null, balance: 0, via: "card", value });
  took(t("card_ending", { end: value.slice(-4) }));
  const [title, ...rest] = explain(fault).split("|");
  shell.say("good", title, rest.join(" "));
  if (enrolling) { enrol.hidden = false; $("#enrol-name").focus(); }
}

function took(name) {
  field.value = "";
  enrol.hidden = true;
  shell.hush();
  sound.good();
  shell.announce(t("customer_found", { name }));
  backToEntry();
}

// What may be spent now, of the program's first points currency.
export function balanceOf({ balance }) {
  if (typeof balance === "number") return balance;
  const currencies = Array.isArray(balance) ? balance : (balance?.currencies ?? []);
  return (currencies.find(({ currency }) => currency === config.points_first) ?? currencies[0])?.available ?? 0;
}

function offerEnrolment(phone) {
  enrol.hidden = false;
  $("#enrol-title").textContent = t("enrol_title", { phone });
  $("#enrol-name").value = "";
  $("#enrol-name").focus();
  enrol.dataset.phone = phone;
  loading = Promise.all([questions.load(), consents.begin()]);
}

// The card on the receipt that belongs to nobody yet, where she is to have it.
function cardToGive() {
  const { customer } = draft.draft;
  return customer?.unassigned && $("#enrol-with-card").checked ? customer.value : undefined;
}

async function enrolNow() {
  const phone = enrol.dataset.phone;
  const { wanted } = lookUp();
  await loading;
  if (!wanted()) return;
  const attributes = questions.answers();
  if (!attributes) { shell.say("bad", t("answers_wrong"), t("answers_wrong_hint")); return; }
  const agreed = await consents.given();
  if (!agreed || !wanted()) return;
  const name = $("#enrol-name").value.trim();
  const card = cardToGive();
  const body = { phone, card, language: $("#enrol-language").value, source: "till", attributes, ...agreed };
  if (name) body.name = name;
  const text = JSON.stringify(body);
  if (sent.text !== text) sent = { text, key: api.newKey() };
  try {
    await api.post("/v1/members", body, { idempotencyKey: sent.key });
    const member = await api.post("/v1/members/find", { phone, till: HERE, ...WHO() });
    if (!wanted()) { shell.say("good", t("enrolled")); return; }
    take(member, "phone", phone);
    shell.say("good", t("enrolled"), t("enrolled_hint"));
    if (config.confirms) proof.offer(draft.draft.customer.id);
  } catch (fault) {
    if (fault.code === "member_exists") {
      if (!wanted()) return;
      const taken = (field) => fault.problem.errors?.some(({ pointer }) => pointer === field);
      if (!taken("/card") && !taken("/phone") && consents.refused(fault.problem.errors, true)) return;
      enrol.hidden = true;
      find(taken("/card") ? card : phone);
      return;
    }
    if (fault.status !== 422) shell.sayFault(fault);
    else if (consents.refused(fault.problem.errors)) return;
    else if (await questions.refused(fault.problem.errors)) shell.say("bad", t("answers_wrong"), t("answers_wrong_hint"));
    else shell.say("bad", t("bad_phone"), t("bad_phone_hint"));
  }
}

export function render() {
  const customer = draft.draft.customer;
  form.hidden = known();
  $("#customer-card").hidden = !customer;
  $("#enrol-card").hidden = !customer?.unassigned;
  if (customer) {
    const currency = config.points_first;
    $("#customer-name").textContent = customer.id ? customer.name || t("member") : t("card_ending", { end: customer.value.slice(-4) });
    $("#customer-tier").textContent = customer.tier ?? "";
    $("#customer-tier").hidden = !customer.tier;
    const may = line.up ? customer.balance : spendable() ?? 0;
    $("#customer-balance").textContent = !currency || ((!line.up || !customer.id) && !may) ? "" : line.up ? points(may, currency) : t("may_spend_now", { points: points(may, currency) });
    const value = currency ? worth(may, currency) : 0;
    $("#customer-worth").textContent = value ? t("worth", { money: money(value) }) : "";
    const how = !line.up ? t("found_without_line") : customer.unassigned ? explain({ code: "card_unassigned" }).split("|")[1]
      : { phone: t("found_by_phone"), card: t("found_by_card"), member: t("found_by_receipt") }[customer.via];
    $("#customer-how").textContent = how ?? "";
    if (customer.unassigned) $("#enrol-card-name").textContent = t("enrol_with_card", { end: customer.value.slice(-4) });
    else enrol.hidden = true;
  }
}
