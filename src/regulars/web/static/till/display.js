// The customer's display: shows what the till tells it, and passes on who the customer says she is. It decides nothing.
import { $ } from "./dom.js";
import { config } from "./texts.js";
import { link } from "./display_link.js";
import * as consents from "./display_consents.js";
import * as pad from "./display_pad.js";
import { show } from "./display_view.js";
import { spoken, words } from "./display_words.js";
import * as scanner from "./scanner.js";

const PLACE_KEY = `regulars.till.display.${config.store.code}.${config.till}`;
const CLOSED = { phase: "closed", lines: [], sums: null, earned: [], missing: null, customer: null, ask: null };
const { send, hear, gone } = link(config);
let state = CLOSED;
let chosen = null; // the language that this customer chose; the next one begins anew
let told = ""; // the language that the till knows

const language = () => [chosen, state.ask?.language, state.customer?.language, spoken[0]].find((code) => spoken.includes(code));

function render() {
  const code = language();
  if (told !== code) { told = code; send({ kind: "language", code, chosen: code === chosen }); }
  document.documentElement.lang = code;
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === code));
  show(state, words(code));
  consents.render(state.ask, words(code));
  pad.render(words(code), ["idle", "sale"].includes(state.phase) && !state.customer && !state.ask);
}

function forgetChoice() {
  chosen = null;
  told = "";
}

// Whatever was shown or typed for one customer is not there for the next.
function take(next) {
  const over = next.phase === "idle" || next.phase === "closed";
  if (over && (state.phase !== next.phase || (state.ask && !next.ask))) { forgetChoice(); pad.clear(); }
  if (state.ask && next.ask && state.ask.language !== next.ask.language) forgetChoice(); // the cashier chose after her
  if (next.phase === "thanks") pad.clear();
  state = next;
  render();
  const unknown = state.lines.some(({ awards }) => awards.some(({ promotion, name }) => !name && promotion && !(promotion in config.promotions)));
  if (unknown) learn();
}

let learning = false;

async function learn() {
  if (learning) return;
  learning = true;
  try {
    const answer = await fetch("/till/display/promotions", { headers: { Accept: "application/json" } });
    if (answer.ok) { Object.assign(config.promotions, await answer.json()); render(); }
  } catch { /* without the line they are called discounts */ }
  setTimeout(() => { learning = false; }, 60_000);
}

// When the till's page ends, however it ends, nothing of a customer stays here.
async function watch() {
  await gone();
  if (state.phase === "closed") return;
  take(CLOSED);
}

const hello = () => send({ kind: "hello", code: language(), chosen: language() === chosen });

function remember() {
  const { screenX: left, screenY: top, outerWidth: width, outerHeight: height } = window;
  try { localStorage.setItem(PLACE_KEY, JSON.stringify({ left, top, width, height })); } catch { /* then it opens where it opens */ }
}

// The screen stays on as long as somebody may look at it.
async function stayAwake() {
  try { if (!document.hidden) await navigator.wakeLock?.request("screen"); } catch { /* a device that will not */ }
}

hear((message) => {
  if (message.kind === "here") hello();
  if (message.kind === "gone") take(CLOSED);
  if (message.kind === "answer") pad.answered(message);
  if (message.kind === "state") {
    if (state.phase === "closed") watch();
    take(message.state);
  }
});

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => { chosen = button.dataset.language; told = ""; render(); });
}
$("#whole-screen").addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
window.addEventListener("pagehide", () => { remember(); send({ kind: "bye" }); });
pad.setup((text, id) => send({ kind: "typed", text, id }));
consents.setup(send);
document.addEventListener("keydown", (event) => { if (/^[0-9+]$/.test(event.key) && event.target === document.body && !state.ask) $("#number").focus(); });
scanner.listen((text) => { pad.clear(); send({ kind: "scan", text }); });
document.addEventListener("visibilitychange", stayAwake);
render();
hello();
stayAwake();
document.documentElement.dataset.ready = "true";
