// Who spends: a code sent to the customer and typed here, her PIN, or the moving code on her phone; and, once somebody
// was enrolled, the step that confirms her phone, which may wait.
import * as api from "./api.js";
import { $ } from "./dom.js";
import { config, t } from "./texts.js";
import { time } from "./format.js";
import * as draft from "./draft.js";
import { quote } from "./quote.js";
import * as shell from "./shell.js";
import * as sound from "./sound.js";
import * as moving from "../shared/dynamic_code.js";
import { clockSkew } from "./offline/line.js";
import * as store from "./offline/store.js";

const PROVABLE = ["proof_required", "proof_wrong"];
const LATE = ["too_old", "too_early", "certificate_expired"];
const LENGTHS = [4, 8];
const CODE_LENGTH = 6;
const panel = $("#proof-panel");
const field = $("#proof");
const taken = new moving.SeenCodes(); // by this page; what other windows and earlier pages took, the store knows
let sent = null; // the code that is under way: { purpose, id, member }
let confirming = null; // the member who was enrolled just now
let key = null; // of a code that was asked for and perhaps not answered
let backToEntry = () => {};

export function setup(toEntry) {
  backToEntry = toEntry;
  $("#proof-send").addEventListener("click", send);
  $("#proof-form").addEventListener("submit", (event) => { event.preventDefault(); answer(); });
  $("#proof-later").addEventListener("click", later);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (confirming) later(); else backToEntry();
  });
}

export const asked = () => !panel.hidden;
export const provable = (fault) => PROVABLE.includes(fault.code);

// Somebody was enrolled: her phone may be confirmed now, or when she first spends.
export function offer(member) {
  confirming = member;
  sent = null;
  render();
  $("#proof-send").focus();
}

function later() {
  confirming = null;
  sent = null;
  render();
  backToEntry();
}

// Have a code sent. Asked again without an answer it is the same request, so she gets one code.
export async function send() {
  const member = draft.draft.customer?.id ?? quote.answer?.member?.id;
  if (!member) return;
  const purpose = confirming ? "confirm" : "spend";
  key ??= api.newKey();
  $("#proof-send").disabled = true;
  try {
    const body = { purpose, till: config.till };
    const view = await api.post(`/v1/members/${member}/challenges`, body, { idempotencyKey: key });
    key = null;
    sent = { purpose, id: view.id, member };
    tell(t("code_sent", { to: view.to, time: time(view.expires_at) }));
    field.value = "";
    render();
    field.focus();
  } catch (fault) {
    if (!fault.unsure || fault.status === 429) key = null;
    shell.sayFault(fault);
  } finally {
    $("#proof-send").disabled = false;
  }
}

async function answer() {
  const value = field.value.replace(/\s/g, "");
  const digits = /^\d+$/.test(value) && value.length >= LENGTHS[0] && value.length <= LENGTHS[1];
  if (moving.looksLikeOne(value)) { await scanned(value); return; }
  if (!digits || (confirming && value.length !== CODE_LENGTH)) { tell(t("code_shape")); field.select(); return; }
  if (confirming) { await confirm(value); return; }
  const pins = quote.refusedSpend?.problem?.kinds?.includes("pin") ?? true;
  const kind = value.length === CODE_LENGTH && (sent || !pins) ? "otp" : "pin";
  field.value = "";
  draft.setSpend(draft.draft.spend, { kind, value });
}

async function confirm(code) {
  try {
    const body = { code, till: config.till };
    await api.post(`/v1/challenges/${sent?.id}/verify`, body, { idempotencyKey: api.newKey() });
    later();
    sound.good();
    shell.say("good", t("confirmed"), t("confirmed_hint"));
  } catch (fault) {
    field.select();
    shell.sayFault(fault);
  }
}

// A moving code was scanned: it is the customer's card, and for a minute her proof. Her card's number; null: no use.
export async function scanned(text) {
  const still = draft.still();
  const code = moving.read(text);
  const seconds = Date.now() / 1000 - clockSkew();
  const fault = code ? await checked(code, seconds) : "unreadable";
  const before = !fault && await seen(code);
  if (!still()) return null;
  if (fault) {
    shell.say("bad", LATE.includes(fault) ? t("code_late") : t("code_not_ours"), t("code_again"));
    return null;
  }
  if (before) { shell.say("bad", t("code_seen"), t("code_again")); return null; }
  draft.draft.moving = { value: text.trim().toUpperCase(), made: code.madeAt };
  draft.draft.proof = null;
  draft.changed();
  return code.card;
}

// The code that this purchase was paid with counts no more, here and everywhere.
export function used() {
  const code = draft.draft.moving && moving.read(draft.draft.moving.value);
  if (!code || !draft.draft.spend) return;
  const seconds = Date.now() / 1000;
  taken.take(code, seconds);
  store.takeCode(code, seconds).catch(() => {}); // a disk that is full: this page knows it, and the server
}

export function render() {
  const refused = quote.refusedSpend;
  const { customer } = draft.draft;
  if (confirming && confirming !== customer?.id) confirming = null;
  if (sent && sent.member !== customer?.id) { sent = null; key = null; }
  const proving = Boolean(refused && provable(refused));
  const hidden = panel.hidden;
  panel.hidden = !proving && !confirming;
  if (panel.hidden) { field.value = ""; tell(""); return; }
  if (proving) confirming = null;
  panel.dataset.purpose = confirming ? "confirm" : "spend";
  $("#proof-title").textContent = confirming ? t("confirm_title") : t("proof_title");
  const only = refused?.problem?.unconfirmed || confirming;
  $("#proof-hint").textContent = only ? t("confirm_hint") : t("proof_hint");
  $("#proof-later").hidden = !confirming;
  $("#proof-form").hidden = Boolean(confirming) && !sent;
  if (hidden) panel.scrollIntoView({ block: "nearest" });
}

function tell(text) {
  $("#proof-said").textContent = text;
  $("#proof-hint").hidden = Boolean(text);
}

async function seen(code) {
  const seconds = Date.now() / 1000;
  if (!new moving.SeenCodes(taken.entries).take(code, seconds)) return true;
  try {
    return await store.codeSeen(code, seconds);
  } catch {
    return false; // a browser that keeps nothing: the server still takes a code once
  }
}

// By the program's key, without asking the server; a browser that does not know this kind of key lets the server judge.
async function checked(code, seconds) {
  try {
    return config.sandbox ? null : await moving.fault(code, config.program_key, seconds);
  } catch {
    return null;
  }
}
