// What whoever is enrolled here agrees to: the terms, without which there is no membership, and the program's wordings, of
// which none is ticked beforehand. What is recorded is the version that was shown, in the language in which it was shown.
import * as api from "./api.js";
import { $, fill, h } from "./dom.js";
import { config, t } from "./texts.js";
import * as shell from "./shell.js";

const ASKED_MAX = 20; // of one enrolment, by the API; the rest stands on her own pages
const SHORT = 120; // longer texts are shown in two lines, and wholly at a touch
const TERMS = "terms";
const EMAIL = "email";
const place = $("#enrol-consents");
const language = $("#enrol-language");
const email = $("#enrol-email");
const usual = language.value;
let wordings = null; // [{ code, version, purpose, texts, channels }]; null: not known yet
let agreed = new Map(); // key → who ticked it
let answered = false; // by the customer, on her display
let turn = 0; // of the enrolments: what comes from the display of an earlier one counts no more
let open = false; // whether there is a display
let preferred = null; // the language that the customer chose there
let wrong = ""; // what was missing: the terms or the email
let listener = () => {};

export function setup(changed) {
  listener = changed;
  language.addEventListener("change", () => { draw(); listener(); });
}

// A new enrolment: nothing is ticked. Resolves once the wordings are those of now.
export function begin() {
  turn += 1;
  agreed = new Map();
  answered = false;
  wrong = "";
  email.value = "";
  language.value = preferred ?? usual;
  draw();
  listener();
  return load().catch(() => { /* those of the last time; without any it is tried again before somebody is enrolled */ });
}

async function load() {
  const found = [];
  let cursor = "";
  do {
    const page = await api.get("/v1/consent-wordings", { limit: 200, cursor });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor);
  const before = JSON.stringify(wordings);
  wordings = asked(found);
  if (JSON.stringify(wordings) === before) return;
  const keys = new Set([TERMS, ...ways().map(({ key }) => key)]);
  agreed = new Map([...agreed].filter(([key]) => keys.has(key)));
  draw();
  listener();
}

// The newest version of each wording, and each channel for a purpose once.
function asked(versions) {
  const newest = new Map();
  for (const one of versions) if (!(newest.get(one.code)?.version > one.version)) newest.set(one.code, one);
  const whose = new Map();
  for (const one of newest.values()) for (const channel of one.channels) whose.set(`${channel} ${one.purpose}`, one.code);
  let left = ASKED_MAX;
  return [...newest.values()].map(({ code, version, purpose, texts, channels }) => {
    const its = channels.filter((channel) => whose.get(`${channel} ${purpose}`) === code).slice(0, left);
    left -= its.length;
    return { code, version, purpose, texts, channels: its };
  }).filter(({ channels }) => channels.length);
}

const ways = () => (wordings ?? []).flatMap(({ code, version, channels }) =>
  channels.map((channel) => ({ key: `${code}/${version}/${channel}`, channel })));

const words = () => config.agreeing[language.value];

// The text in her language, else in the program's own, which every wording has.
const spoken = ({ texts }) => [language.value, ...config.languages].find((code) => texts[code]);

const byEmail = () => ways().some(({ key, channel }) => channel === "email" && agreed.has(key));

// What the customer's display shows of it; null: nothing is asked.
export function asking() {
  if ($("#enrol-form").hidden || !wordings?.length) return null;
  return {
    id: turn, language: language.value, answered, email: byEmail(),
    terms: { key: TERMS, text: words().terms, on: agreed.has(TERMS) },
    wordings: wordings.map((one) => ({
      text: one.texts[spoken(one)], language: spoken(one), about: about(one),
      ways: one.channels.map((channel) => ({ ...wayOf(one, channel), on: agreed.has(wayOf(one, channel).key) })),
    })),
  };
}

const about = ({ purpose }) => words().purposes[purpose] ?? purpose.replace(/[_-]/g, " ");
const wayOf = ({ code, version }, channel) => ({ key: `${code}/${version}/${channel}`, words: words().channels[channel] });

// Whether there is a display, and the language that was chosen there; null: none was.
export function display(there, chosen) {
  const other = preferred !== chosen;
  open = there;
  preferred = chosen;
  if (other && chosen && !$("#enrol-form").hidden && language.value !== chosen) {
    language.value = chosen;
    draw();
    listener();
  }
  paint();
}

// The customer ticked something on her display, or said there that she is done.
export function told({ id, key, on, done }) {
  if (id !== turn || $("#enrol-form").hidden) return;
  if (done) answered = true;
  else if (key === TERMS || ways().some((way) => way.key === key)) tick(key, on, "ticked on the customer's display");
  paint();
  listener();
}

function tick(key, on, how) {
  if (on) agreed.set(key, how);
  else agreed.delete(key);
  answered = false;
  if (wrong === key || (wrong === EMAIL && !byEmail())) wrong = "";
}

// The enrolment's consents and email; null where something is missing: that is said, and has the focus.
export async function given() {
  if (wordings === null) {
    try { await load(); } catch (fault) { shell.sayFault(fault); return null; }
  }
  if (!wordings.length) return {};
  wrong = "";
  if (!agreed.has(TERMS)) return refuse(TERMS, t("terms_missing"), t("terms_missing_hint"));
  const address = byEmail() ? email.value.trim() : undefined;
  if (address === "") return refuse(EMAIL, t("email_missing"), t("email_missing_hint"));
  const who = config.cashier ? ` by ${config.cashier}` : "";
  const consents = wordings.flatMap((one) => one.channels.map((channel) => [wayOf(one, channel).key, channel]).filter(([key]) => agreed.has(key))
    .map(([key, channel]) => ({
      channel, purpose: one.purpose, granted: true, wording: one.code, wording_version: one.version, wording_language: spoken(one),
      evidence: `${config.store.code}, till ${config.till}, ${agreed.get(key) || `read out${who}`}`.slice(0, 200),
    })));
  paint();
  return { consents, email: address };
}

// Whether the server's errors are about the email; then it is said.
export function refused(errors, taken) {
  if (!errors?.some(({ pointer }) => pointer === "/email")) return false;
  if (taken) refuse(EMAIL, t("email_taken"), t("email_taken_hint"));
  else refuse(EMAIL, t("email_wrong"), t("email_wrong_hint"));
  return true;
}

function refuse(field, title, hint) {
  wrong = field;
  paint();
  (field === TERMS ? $(`[name="agree-${TERMS}"]`, place) : email).focus();
  if (field === EMAIL) email.select();
  shell.say("bad", title, hint);
  return null;
}

function draw() {
  const had = place.contains(document.activeElement) ? document.activeElement.name : "";
  place.hidden = !wordings?.length;
  if (place.hidden) return;
  fill($("#agree-asked"),
    h("div", { lang: language.value, class: "chips", "data-terms": true }, chip(TERMS, [words().terms, h("small", { lang: config.language }, t("agree_needed"))])),
    wordings.map((one) => h("fieldset", { lang: language.value, "data-wording": one.code }, h("legend", {}, about(one)), wordingOf(one),
      h("div", { class: "chips" }, one.channels.map((channel) => {
        const way = wayOf(one, channel);
        return chip(way.key, way.words);
      })))));
  paint();
  if (had) place.querySelector(`[name="${CSS.escape(had)}"]`)?.focus();
}

function wordingOf(one) {
  const text = one.texts[spoken(one)];
  return text.length > SHORT ? h("details", { class: "wording", lang: spoken(one) }, h("summary", {}, text)) : h("p", { class: "wording", lang: spoken(one) }, text);
}

const chip = (key, text) => h("label", { class: "chip" }, h("input", {
  type: "checkbox", name: `agree-${key}`, value: key, "aria-required": key === TERMS ? "true" : null,
  onchange: ({ target }) => { tick(key, target.checked, ""); paint(); listener(); },
}), h("span", {}, text));

// What stands there already, as it is now: the focus stays where it is.
function paint() {
  if (place.hidden) return;
  for (const box of place.querySelectorAll("#agree-asked input")) box.checked = agreed.has(box.value);
  $("#agree-hint").textContent = open ? t("agree_hint_display") : t("agree_hint");
  $("#agree-answered").textContent = answered ? t("agree_answered") : "";
  $("#enrol-email-field").hidden = !byEmail();
  $("[data-terms]", place).classList.toggle("wrong", wrong === TERMS);
  $(`[name="agree-${TERMS}"]`, place).setAttribute("aria-invalid", String(wrong === TERMS));
  $("#enrol-email-field").classList.toggle("wrong", wrong === EMAIL);
  email.setAttribute("aria-invalid", String(wrong === EMAIL));
}
