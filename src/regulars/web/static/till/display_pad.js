// The keys on which a customer says who she is: nothing of it is kept, and what was sent is masked at once.
import { $ } from "./dom.js";

const IDLE_MS = 20_000;
const ANSWER_MS = 15_000;
const SAID_MS = 8000;
const SHOWN = 2; // digits at the end of a number that stay to be seen
const form = $("#pad");
const field = $("#number");
let ask = () => {};
let turn = 0;
let waiting = false;
let said = null; // what came of the number that was sent last: the name of a text
let timer = 0;
let speak = null;

export function setup(send) {
  ask = send;
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  $("#erase").addEventListener("click", () => type((text) => text.slice(0, -1)));
  for (const key of form.querySelectorAll("[data-digit]")) key.addEventListener("click", () => type((text) => text + key.dataset.digit));
  field.addEventListener("focus", () => { form.classList.add("open"); forgetSoon(); });
  field.addEventListener("input", () => { said = null; forgetSoon(); paint(); });
}

function type(change) {
  if (waiting) return;
  field.value = change(field.value).slice(0, 40);
  said = null;
  forgetSoon();
  paint();
}

function forgetSoon(milliseconds = IDLE_MS) {
  clearTimeout(timer);
  timer = setTimeout(clear, milliseconds);
}

function submit() {
  const text = field.value.trim();
  if (waiting || !/\d{4}/.test(text.replace(/\D/g, ""))) return;
  turn += 1;
  waiting = true;
  said = "looking";
  field.value = masked(text);
  forgetSoon(ANSWER_MS);
  paint();
  ask(text, turn);
}

const masked = (text) => text.replace(/\d/g, (digit, place) => (place >= text.length - SHOWN ? digit : "•"));

export function answered({ id, result }) {
  if (id !== turn || !waiting) return;
  if (result === "found") { clear(); return; }
  waiting = false;
  field.value = "";
  said = result;
  forgetSoon(SAID_MS);
  paint();
}

export function clear() {
  clearTimeout(timer);
  turn += 1;
  waiting = false;
  said = null;
  field.value = "";
  form.classList.remove("open");
  if (document.activeElement === field) field.blur();
  paint();
}

// Beside a receipt the keys are folded until they are touched; while nobody is served they are what there is to do.
export function render(words, open) {
  speak = words;
  form.hidden = !open;
  paint();
}

function paint() {
  if (!speak) return;
  $("#number-name").textContent = speak.of("number");
  $("#number-hint").textContent = speak.of(said ?? "number_hint");
  $("#number-hint").classList.toggle("said", Boolean(said));
  $("#number-use").textContent = speak.of("number_use");
  $("#send").textContent = speak.of("send");
  $("#send").disabled = waiting || !field.value;
  $("#erase").setAttribute("aria-label", speak.of("erase"));
  field.readOnly = waiting;
}
