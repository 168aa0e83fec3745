// One window per till: the second one says so, and may take over. Two would share a drawer and a receipt.
import { $ } from "../dom.js";
import { config } from "../texts.js";
import { leaveToOther } from "../draft.js";
import { PLACE } from "./snapshot.js";

const LOCK = `regulars.till.place.${config.program}.${PLACE}`;
const PATIENCE_MS = 900; // a page that is loaded anew waits for itself to be gone
const panel = $("#elsewhere");
let mine = false;

export const elsewhere = () => !panel.hidden;

export function watch() {
  if (!navigator.locks) return;
  $("#take-over").addEventListener("click", takeOver);
  hold({});
  setTimeout(look, PATIENCE_MS);
}

// Whether another window has the till: a computer that is slow has not, and is waited for.
async function look() {
  if (mine) return;
  const { held } = await navigator.locks.query();
  if (mine || elsewhere()) return;
  if (held.some(({ name }) => name === LOCK)) block();
  else setTimeout(look, PATIENCE_MS);
}

// Held as long as this page lives. Whoever waited for it begins anew, with the receipt as the other window left it.
function hold(options) {
  return navigator.locks.request(LOCK, options, () => {
    if (elsewhere()) { location.reload(); return undefined; }
    mine = true;
    return new Promise(() => {});
  }).catch(() => { mine = false; block(); });
}

function block() {
  panel.hidden = false;
  leaveToOther();
  for (const other of document.querySelectorAll(".bar, .zones, #line-strip")) other.inert = true;
  $("#take-over").focus();
}

// The lock is taken away from the other window, which sees that; then this one begins anew.
function takeOver() {
  navigator.locks.request(LOCK, { steal: true }, () => { location.reload(); return new Promise(() => {}); }).catch(() => {});
}
