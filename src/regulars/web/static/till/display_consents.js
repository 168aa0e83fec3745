// What a new member agrees to, on the customer's display: she reads it whole and ticks it herself. The till keeps it.
import { $, fill, h } from "./dom.js";

const panel = $("#ask");
const place = $("#asked");
let send = () => {};
let ask = null;
let drawn = "";
let missing = false; // she is done, and the terms are not ticked

export function setup(sender) {
  send = sender;
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    missing = !ask.terms.on;
    if (missing) { mark(); box(ask.terms.key).focus(); } else send({ kind: "agreed", id: ask.id, done: true });
  });
}

const box = (key) => place.querySelector(`[value="${CSS.escape(key)}"]`);
const ticks = () => [ask.terms, ...ask.wordings.flatMap(({ ways }) => ways)];

// `next`: what the till asks, null: nothing.
export function render(next, words) {
  if (next?.id !== ask?.id) missing = false;
  ask = next;
  panel.hidden = !ask;
  document.body.toggleAttribute("data-asking", Boolean(ask));
  if (!ask) { fill(place); drawn = ""; return; }
  const now = JSON.stringify([document.documentElement.lang, ask.id, ask.language, ask.terms.text, ask.wordings.map(({ text, ways }) => [text, ways.map(({ key }) => key)])]);
  if (now !== drawn) { drawn = now; draw(words); }
  if (ask.terms.on) missing = false;
  $("#ask-title").textContent = words.of("ask_title");
  $("#ask-hint").textContent = words.of("ask_hint");
  $("#ask-said").textContent = [ask.answered ? words.of("ask_thanks") : "", ask.email ? words.of("ask_email") : ""].filter(Boolean).join(" ");
  $("#ask-done").textContent = words.of("ask_done");
  $("#ask-done").hidden = ask.answered;
  for (const one of ticks()) box(one.key).checked = one.on;
  mark();
}

function mark() {
  $("[data-terms]", place).classList.toggle("wrong", missing);
  box(ask.terms.key).setAttribute("aria-invalid", String(missing));
}

function draw(words) {
  const had = place.contains(document.activeElement) ? document.activeElement.value : "";
  fill(place,
    h("div", { lang: ask.language, "data-terms": true }, tick(ask.terms, [ask.terms.text, h("small", { lang: document.documentElement.lang }, words.of("ask_needed"))])),
    ask.wordings.map((one) => h("fieldset", { lang: ask.language }, h("legend", {}, one.about), h("p", { lang: one.language }, one.text),
      h("div", { class: "ticks" }, one.ways.map((way) => tick(way, way.words))))));
  if (had) box(had)?.focus();
}

const tick = ({ key }, text) => h("label", { class: "tick" },
  h("input", { type: "checkbox", value: key, onchange: ({ target }) => send({ kind: "agreed", id: ask.id, key, on: target.checked }) }), h("span", {}, text));
