// The frame: which view stands in the middle, what the one next step is, and what was said last.
import { $, fill, h } from "./dom.js";
import { explain } from "./texts.js";
import * as sound from "./sound.js";

const views = new Map();
let current = "";

export function define(name, view) {
  views.set(name, { element: $(`#view-${name}`), ...view });
}

export const isOpen = (name) => current === name;
export const opened = () => views.get(current);

export function go(name, details) {
  const leaving = views.get(current);
  if (leaving && current !== name) leaving.hide?.();
  current = name;
  for (const [other, view] of views) view.element.hidden = other !== name;
  document.body.dataset.view = name;
  refreshNext(); // a view may give the focus to the next step, which must not be disabled then
  views.get(name).show?.(details);
  refreshNext();
  $("#middle").scrollTop = 0;
}

// The one obvious next step: its words, and whether it can be taken.
export function refreshNext() {
  const next = opened()?.next?.() ?? {};
  const button = $("#next");
  button.disabled = !next.act || Boolean(next.disabled);
  $("#next-label").textContent = next.label ?? "";
  $("#next-amount").textContent = next.amount ?? "";
  $("#next-key").textContent = next.kbd ?? "F9";
}

export function next() {
  const step = opened()?.next?.();
  if (step?.act && !step.disabled) step.act();
}

export function say(kind, title, detail = "") {
  const place = $("#said");
  fill(place, h("div", { class: `note ${kind}` }, h("strong", {}, title), detail ? h("span", {}, detail) : null));
  place.hidden = false;
  if (kind === "bad" || kind === "warning") sound.bad();
}

// What an API error means to a cashier: "title|what to do".
export function sayFault(fault) {
  if (fault.code === "stale") return;
  const [title, ...rest] = explain(fault).split("|");
  say("bad", title, rest.join(" "));
}

export function hush() {
  const place = $("#said");
  place.hidden = true;
  fill(place);
}

export function announce(text) {
  $("#announce").textContent = text;
}
