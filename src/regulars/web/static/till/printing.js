// Where paper comes from: the receipt printer of this till where there is one, otherwise the browser's own print.
import * as api from "./api.js";
import { $, fill, h } from "./dom.js";
import { config, explain, t } from "./texts.js";
import { draw as bars } from "./code128.js";
import { draw as square } from "../shared/qr.js";

const WIDTH_KEY = "regulars.till.paper";
const SELF_KEY = "regulars.till.prints";
const PATIENCE_MS = 16_000; // the server waits for another till's paper and for the printer's answers
const SQUARE_ONLY = 40; // so long a code is too fine as bars

export const hasPrinter = () => Boolean(config.printer);
export const hasDrawer = () => Boolean(config.printer?.drawer);

export function width() {
  try { return localStorage.getItem(WIDTH_KEY) === "58" ? 58 : 80; } catch { return 80; }
}

export function setWidth(millimetres) {
  try { localStorage.setItem(WIDTH_KEY, String(millimetres)); } catch { /* it lasts for this page */ }
}

// Whether the receipt printer prints each receipt by itself.
export function bySelf() {
  try { return hasPrinter() && localStorage.getItem(SELF_KEY) !== "off"; } catch { return hasPrinter(); }
}

export function setBySelf(on) {
  try { localStorage.setItem(SELF_KEY, on ? "on" : "off"); } catch { /* it lasts for this page */ }
}

// A document as elements: each slip with its head, sections and foot.
export function draw(blocks) {
  return split(blocks, "cut").flatMap((slip, place) => {
    const sections = split(slip, "rule");
    return [
      place ? h("hr", { class: "cut" }) : null, banner(),
      sections.map((section, at) => h(nameOf(at, sections.length), {}, section.map(block))), banner(),
    ];
  });
}

const banner = () => (config.training ? h("p", { class: "banner" }, config.training_banner) : null);
const nameOf = (at, count) => (at === 0 ? "header" : at === count - 1 && count > 2 ? "footer" : "section");

function split(blocks, kind) {
  const parts = [[]];
  for (const one of blocks) if (one.kind === kind) parts.push([]); else parts.at(-1).push(one);
  return parts.filter((part) => part.length);
}

function block(one) {
  const looks = ["small", "big", "bold"].filter((name) => one[name]).concat(one.align === "center" ? "center" : []).join(" ");
  if (one.kind === "pair") return h("div", { class: `pair ${looks}` }, h("span", {}, one.left), h("span", {}, one.right));
  if (one.kind === "code") return one.symbol === "qr" ? squared(one.code) : symbol(one.code);
  return h(one.bold ? "strong" : "span", { class: looks }, one.text);
}

const symbol = (text) => (text.length > SQUARE_ONLY ? squared(text) : bars(text));
const squared = (text) => h("div", { class: "square" }, square(text));

// By the browser: what stands on the page for the printer alone.
export function onPage(blocks) {
  const paper = $("#paper");
  paper.className = `paper mm${width()}`;
  fill(paper, draw(blocks));
  window.print();
}

// By the receipt printer, and the drawer with it. Throws the Fault of a printer that did not.
export const onPrinter = (blocks, { drawer = false } = {}) =>
  api.post("/till/print", { blocks: blocks.map(sent), drawer: drawer && hasDrawer() }, { patience: PATIENCE_MS });

export const openDrawer = (reason) => api.post("/till/drawer", { reason }, { patience: PATIENCE_MS });

// Why there is no paper, in words: what is no fault of the printer is one of the way to it.
export function why(fault) {
  const known = fault.code.startsWith("printer_") || ["not_installed", "unauthenticated"].includes(fault.code);
  return (known ? explain(fault) : t("error_printer_no_way")).split("|");
}

// Wherever paper comes from at this till; a receipt printer that did not print leaves it to the caller to say so.
export async function print(blocks) {
  if (!hasPrinter()) { onPage(blocks); return; }
  await onPrinter(blocks);
}

// What the server takes: a line is no longer than a receipt's.
const LONGEST = 400;
const cut = (words) => words.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ").slice(0, LONGEST);

function sent(one) {
  if (one.kind === "text") return { ...one, text: cut(one.text) };
  if (one.kind === "pair") return { ...one, left: cut(one.left), right: cut(one.right) };
  return one;
}
