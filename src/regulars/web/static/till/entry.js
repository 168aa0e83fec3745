// The entry in the middle: scan or search goods, "3*" for a quantity, arrows and Enter.
import * as api from "./api.js";
import { $, fill, h } from "./dom.js";
import { config, t } from "./texts.js";
import { money, parseQuantity, quantity } from "./format.js";
import * as draft from "./draft.js";
import { during } from "./lookups.js";
import * as shell from "./shell.js";
import * as sound from "./sound.js";
import { spellings } from "./codes.js";
import { alone, either } from "./offline/selling.js";
import * as here from "./offline/snapshot.js";

const RECENT_KEY = `regulars.till.recent.${config.program}`;
const RECENT_MAX = 8;
const PAUSE_MS = 110;
const field = $("#entry");
const list = $("#found");

let found = [];
let active = 0;
let turn = 0;
let timer = 0;
let count = null;

export function focus() { field.focus(); }

export function setup({ customer, next }) {
  field.addEventListener("input", onInput);
  field.addEventListener("keydown", (event) => onKey(event, customer, next));
  $("#entry-form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  showRecent();
}

function onInput() {
  const multiplied = field.value.match(/^\s*([\d.,]+)\s*[*×xX]\s*(.*)$/);
  if (multiplied && parseQuantity(multiplied[1])) {
    setCount(parseQuantity(multiplied[1]));
    field.value = multiplied[2];
  }
  shell.hush();
  clearTimeout(timer);
  turn += 1;
  const words = field.value.trim();
  if (!words) { showRecent(); return; }
  timer = setTimeout(search, PAUSE_MS, words, turn);
}

function setCount(value) {
  count = value;
  $("#count").hidden = !value;
  $("#count").textContent = value ? `${quantity(value)} ×` : "";
}

// The quantity that was typed for the next goods.
function takeCount() {
  const many = count;
  setCount(null);
  return many;
}

function onKey(event, customer, next) {
  const blank = field.value === "";
  const act = {
    ArrowDown: () => (found.length && !blank ? move(1) : draft.select(1)),
    ArrowUp: () => (found.length && !blank ? move(-1) : draft.select(-1)),
    Escape: () => { field.value = ""; setCount(null); onInput(); },
  }[event.key] ?? (blank && !count ? { "+": next, "/": customer, "-": removeSelected, Delete: removeSelected }[event.key] : null);
  if (event.key === "Backspace" && blank && count) { setCount(null); return; }
  if (!act) return;
  event.preventDefault();
  act();
}

function removeSelected() {
  const gone = draft.remove(draft.draft.selected);
  if (gone) shell.announce(t("removed", { name: gone.name }));
}

function move(by) {
  active = Math.min(Math.max(active + by, 0), found.length - 1);
  paint();
}

function submit() {
  const text = field.value.trim();
  if (!text) {
    if (count && draft.draft.selected) { draft.setQuantity(draft.draft.selected, count); setCount(null); }
    return;
  }
  if (/^\d{4,}$/.test(text)) { scanned(text); return; }
  clearTimeout(timer);
  if (found.length && !list.classList.contains("recent")) choose(found[active], takeCount());
  else during(() => search(text, ++turn, true));
}

async function search(words, mine, chooseFirst = false) {
  const still = draft.still();
  try {
    const items = await either(async () => (await api.get("/v1/products", { query: words, limit: 20 })).items, () => here.search(words));
    if (mine !== turn) return;
    show(items, t("nothing_found", { words }));
    if (chooseFirst && items.length && still()) choose(items[0], takeCount());
  } catch (fault) {
    if (mine === turn) shell.sayFault(fault);
  }
}

function show(items, none) {
  found = items;
  active = 0;
  list.classList.remove("recent");
  $("#found-title").textContent = items.length ? t("found", { n: items.length }) : none;
  paint();
}

function showRecent() {
  found = recent();
  active = 0;
  list.classList.add("recent");
  $("#found-title").textContent = found.length ? t("sold_lately") : "";
  paint();
}

function paint() {
  const searching = !list.classList.contains("recent");
  list.hidden = !found.length;
  fill(list, found.map((product, place) => h("li", {
    role: "option", id: `found-${place}`, class: "product", "aria-selected": searching && place === active ? "true" : "false",
    onclick: () => choose(product, takeCount()), onmousedown: (event) => event.preventDefault(),
  },
    h("span", { class: "product-name" }, draft.nameOf(product)),
    h("span", { class: "product-price" }, money(product.price)),
    h("span", { class: "product-code" }, product.barcode || product.sku),
  )));
  field.setAttribute("aria-expanded", String(searching && found.length > 0));
  if (searching && found.length) {
    field.setAttribute("aria-activedescendant", `found-${active}`);
    $(`#found-${active}`).scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

function choose(product, many) {
  field.value = "";
  turn += 1;
  shell.hush();
  remember(product);
  draft.add(product, many ?? "1");
  sound.good();
  const line = draft.draft.lines.find((one) => one.line === draft.draft.selected);
  shell.announce(t("added", { name: draft.nameOf(product), quantity: quantity(line.quantity) }));
  showRecent();
  focus();
}

// A barcode or an article number, from the scanner or typed.
export const scanned = (code) => during(() => find(code));

async function find(code) {
  const mine = ++turn;
  const still = draft.still();
  const many = takeCount();
  try {
    const product = await productOf(code);
    if (!still()) { shell.say("warning", t("code_late"), t("no_product_hint")); return; }
    if (product) { choose(product, many); return; }
    if (!count) setCount(many);
    if (mine === turn) field.value = "";
    if (alone()) shell.say("bad", t("no_product_here", { code }), here.whyMissing());
    else shell.say("bad", t("no_product", { code }), t("no_product_hint"));
    showRecent();
  } catch (fault) {
    if (!count && still()) setCount(many);
    shell.sayFault(fault);
  }
  focus();
}

export const productOf = (code) => either(() => productThere(code), () => spellings(code).map(here.productOf).find(Boolean) ?? null);

async function productThere(code) {
  for (const name of ["barcode", "sku"]) {
    for (const spelling of spellings(code)) {
      const { items } = await api.get("/v1/products", { [name]: spelling });
      if (items.length) return items[0];
    }
  }
  return null;
}

function recent() {
  try { return JSON.parse(localStorage.getItem(RECENT_KEY)) ?? []; } catch { return []; }
}

function remember(product) {
  const others = recent().filter(({ sku }) => sku !== product.sku);
  try { localStorage.setItem(RECENT_KEY, JSON.stringify([product, ...others].slice(0, RECENT_MAX))); } catch { /* only a convenience */ }
}
