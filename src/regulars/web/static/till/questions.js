// What the program asks whoever is enrolled at a till: its questions as fields, the answers as the member's attributes.
import * as api from "./api.js";
import { $, fill, h } from "./dom.js";
import { config, t } from "./texts.js";

const SIDE_BY_SIDE_MAX = 8; // more choices of one become a list
const form = $("#enrol-form");
const place = $("#enrol-questions");
let asked = [];

// The questions as they are now; without an answer those of the last time, and the server says what it misses.
export async function load(typed = new FormData()) {
  try { asked = (await api.get("/v1/program/questionnaire", { place: "till" })).questions; } catch { /* as before */ }
  fill(place, asked.map(shown));
  for (const field of place.querySelectorAll("input, select")) {
    if (!typed.has(field.name)) continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = typed.getAll(field.name).includes(field.value);
    else field.value = typed.get(field.name);
  }
}

// Attributes by code; null where an answer is missing or cannot be: that is marked, and the first has the focus.
export function answers() {
  const typed = new FormData(form);
  const given = {};
  const wrong = [];
  for (const question of asked) {
    const answer = answerTo(question, typed.getAll(name(question)).map((text) => text.trim()).filter(Boolean));
    if (answer === undefined || (answer === null && question.required)) wrong.push(question.code);
    else if (answer !== null) given[question.code] = answer;
  }
  mark(wrong);
  return wrong.length ? null : given;
}

// What the server found missing or wrong, of a problem's errors; whether there was any.
export async function refused(errors) {
  const codes = (errors ?? []).map(({ pointer }) => pointer.match(/^\/attributes\/(.+)$/)?.[1]).filter(Boolean);
  if (!codes.length) return false;
  if (!codes.every((code) => asked.some((question) => question.code === code))) await load(new FormData(form));
  mark(codes);
  return true;
}

const name = ({ code }) => `q-${code}`;

const label = (labels) => [config.language, ...config.languages].map((code) => labels[code]).find(Boolean) ?? Object.values(labels)[0];

// The value to send; null: not answered; undefined: no answer to this question.
function answerTo(question, texts) {
  const [text] = texts;
  const field = place.querySelector(`[name="${CSS.escape(name(question))}"]`);
  if (field?.validity.badInput) return undefined;
  if (text === undefined) return null;
  if (question.kind === "several_of") return texts.join(";");
  if (question.kind === "yes_no") return text === "1";
  if (question.kind !== "number") return text;
  const number = /^[-−]?\d{1,13}$/.test(text) ? Number(text.replace("−", "-")) : NaN;
  return number >= (question.least ?? -1e12) && number <= (question.most ?? 1e12) ? number : undefined;
}

function mark(codes) {
  let first = null;
  for (const question of asked) {
    const wrong = codes.includes(question.code);
    const box = place.querySelector(`[data-question="${CSS.escape(question.code)}"]`);
    box.classList.toggle("wrong", wrong);
    for (const field of box.querySelectorAll(".input, [role=radiogroup]")) field.setAttribute("aria-invalid", String(wrong));
    if (wrong) first ??= box.querySelector("input, select");
  }
  first?.focus();
}

function shown(question) {
  const { kind, required } = question;
  const words = [label(question.labels), required ? h("small", {}, t("must_be_answered")) : null];
  const box = { "data-question": question.code };
  if (kind === "several_of") {
    return h("fieldset", box, h("legend", {}, words), chips(question, "checkbox", spoken(question)));
  }
  const choices = kind === "yes_no" ? [["1", t("yes")], ["0", t("no")]] : spoken(question);
  if (kind === "yes_no" || (kind === "one_of" && choices.length <= SIDE_BY_SIDE_MAX)) {
    if (!required) choices.push(["", t("unanswered")]);
    return h("div", box, h("fieldset", { role: "radiogroup", "aria-required": String(required) },
      h("legend", {}, words), chips(question, "radio", choices)));
  }
  const input = kind === "one_of"
    ? h("select", { class: "input large", name: name(question), "aria-required": String(required) },
      [["", ""], ...choices].map(([code, text]) => h("option", { value: code }, text)))
    : h("input", { ...TYPES[kind], class: "input large", name: name(question), autocomplete: "off", maxlength: "500",
      "aria-required": String(required), placeholder: span(question) });
  return h("label", { ...box, class: "field" }, h("span", {}, words), input);
}

const TYPES = { text: { type: "text" }, number: { type: "text", inputmode: "numeric" }, date: { type: "date" } };

const spoken = ({ choices }) => choices.map((choice) => [choice.code, label(choice.labels)]);

const span = ({ least, most }) => (least === null && most === null ? undefined : `${least ?? ""}…${most ?? ""}`);

function chips(question, type, choices) {
  return h("div", { class: "chips" }, choices.map(([code, text]) => h("label", { class: "chip" },
    h("input", { type, name: name(question), value: code, checked: type === "radio" && code === "" }), h("span", {}, text))));
}
