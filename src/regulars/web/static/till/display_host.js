// The till's side of the customer's display: tells it what the receipt is, and looks up whoever says who she is there.
import * as api from "./api.js";
import { $ } from "./dom.js";
import { config, t } from "./texts.js";
import * as consents from "./consents.js";
import * as customer from "./customer.js";
import * as draft from "./draft.js";
import { quote, present } from "./quote.js";
import * as shell from "./shell.js";
import { link } from "./display_link.js";
import { missingIn, selling, thanking } from "./display_state.js";

const THANKS_MS = 8000;
const PLACE_KEY = `regulars.till.display.${config.store.code}.${config.till}`;
const { send, hear, stay } = link(config);
let wanted = null; // the language of the display; null: there is none
let thanks = null;
let timer = 0;
let translated = { of: null, language: "", texts: [] }; // what is missing, in the display's language
let sent = "";
let showing = false;

export function setup({ onScan, busy }) {
  hear(async (message) => {
    const { kind, code, text, id } = message;
    if (kind === "hello" || kind === "language") { wanted = code; sent = ""; consents.display(true, message.chosen ? code : null); show(); }
    if (kind === "bye") { wanted = null; consents.display(false, null); }
    if (kind === "agreed") consents.told(message);
    if (kind === "scan") await onScan(text);
    if (kind === "typed") send({ kind: "answer", id, result: busy() ? "wait" : await lookUp(text) });
  });
  $("#display-open").addEventListener("click", open);
  consents.setup(show);
  new MutationObserver(show).observe($("#enrol-form"), { attributeFilter: ["hidden"] });
  window.addEventListener("pagehide", () => send({ kind: "gone" }));
  stay();
  send({ kind: "here" });
}

// As if the cashier had typed it.
async function lookUp(text) {
  if (draft.draft.customer) return "wait";
  $("#customer").value = text;
  await customer.find(text);
  if (draft.draft.customer) return "found";
  return $("#enrol-form").hidden ? "wrong" : "unknown";
}

// Called after every change of the receipt. It is told once what came of all that was done in one go.
export function show() {
  if (showing) return;
  showing = true;
  queueMicrotask(() => { showing = false; tell(); });
}

function tell() {
  if (wanted === null) return;
  if (draft.draft.lines.length || draft.draft.customer) thanks = null;
  if (draft.draft.customer?.id && draft.draft.customer.language === undefined) learn(draft.draft.customer);
  const state = { ...(thanks ?? selling(draft.draft, missing())), ask: consents.asking() };
  const text = JSON.stringify(state);
  if (text === sent) return;
  sent = text;
  send({ kind: "state", state });
}

// In which language she is spoken to; a till has no use for it otherwise, so it is asked for only here.
async function learn(customer) {
  customer.language = null;
  try {
    customer.language = (await api.get("/till/display/language", { member: customer.id })).language;
    draft.save();
    show();
  } catch { /* then it stays in its own */ }
}

// The receipt was recorded; it is forgotten within seconds.
export function thank(details) {
  if (!details?.answer) return;
  thanks = thanking(details);
  clearTimeout(timer);
  timer = setTimeout(() => { thanks = null; show(); }, THANKS_MS);
  show();
}

function missing() {
  const { answer } = quote;
  if (!answer || !missingIn(answer).length) return null;
  if (wanted === config.language) return { language: wanted, texts: missingIn(answer) };
  if (translated.of !== answer || translated.language !== wanted) { translate(answer); return null; }
  return { language: wanted, texts: translated.texts };
}

// The same preview in her language, for its sentences alone: without spending, for which a proof might be asked for.
async function translate(answer) {
  const language = wanted;
  translated = { of: answer, language, texts: [] };
  try {
    const other = await api.post("/v1/purchases/preview", draft.body(await present(), { spend: false }), { language });
    if (translated.of !== answer || translated.language !== language) return;
    translated.texts = missingIn(other);
    show();
  } catch { /* then these sentences are not shown */ }
}

// On the screen where it stood last, or on the other one where the browser says where that is.
export async function open() {
  const place = kept() ?? await otherScreen() ?? { left: 0, top: 0, width: 1024, height: 768 };
  const features = Object.entries(place).map(([name, value]) => `${name}=${value}`).join(",");
  const opened = window.open("/till/display", `regulars-display-${config.till}`, `popup,${features}`);
  if (!opened) shell.say("warning", t("display_blocked"), t("display_blocked_hint"));
}

function kept() {
  try { return JSON.parse(localStorage.getItem(PLACE_KEY)); } catch { return null; }
}

async function otherScreen() {
  if (!window.screen.isExtended || !window.getScreenDetails) return null;
  try {
    const { screens, currentScreen } = await window.getScreenDetails();
    const other = screens.find((screen) => screen !== currentScreen);
    return other && { left: other.availLeft, top: other.availTop, width: other.availWidth, height: other.availHeight };
  } catch { return null; }
}
