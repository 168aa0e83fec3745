// Tells a barcode scanner from fingers. Where scanners are set to type a prefix, it alone decides, and no letter of a scan
// is ever typed anywhere; otherwise a burst of keys does, and what it typed is taken out of the field that it fell into.
import { config } from "./texts.js";
import { meant } from "./codes.js";
import { textOf, usual } from "./keys.js";

const GAP_MS = 80; // no scanner pauses longer within a code
const MEDIAN_GAP_MS = 30; // and fingers are slower than this over six keys and more
const PREFIXED_GAP_MS = 50; // nor within one that has a prefix; fingers do
const LENGTH_MIN = 6;
const KEYS_MAX = 4000; // a PDF417 holds less
const LET_GO_MS = 500; // what looked like a prefix and is followed by nothing was typed by fingers
const ALONE_MS = 200;
const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"];
const { prefix, suffix } = config.scanner;
const ENDS = suffix === "tab" ? ["Tab"] : ["Enter", "Tab"];

const struck = { at: -Infinity, before: -Infinity }; // when the last two letters were

export function listen(onScan) {
  const heard = prefix ? byPrefix(onScan) : byPace(onScan);
  let endedAt = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (!event.isTrusted) return; // what was let go below
    const ends = ENDS.includes(event.key);
    const since = event.timeStamp - endedAt;
    if (ends && since >= 0 && since <= GAP_MS) { stop(event); return; } // some end a code twice
    if (heard(event, ends)) endedAt = event.timeStamp;
    if (event.key.length === 1) Object.assign(struck, { at: event.timeStamp, before: struck.at });
  }, true);
}

// For a key that is a letter too: acts unless it is one of a scan, which others surround.
export function unlessScanned({ timeStamp: at }, act) {
  const { at: last, before } = struck;
  if (before <= at && at - before <= GAP_MS) return;
  setTimeout(() => { if (struck.at === last) act(); }, ALONE_MS);
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

// Shortcuts are no text; AltGr types.
const isText = (event) => event.key.length === 1 && !event.metaKey
  && (event.getModifierState("AltGraph") || (!event.ctrlKey && !event.altKey));

// With a prefix: from its first letter on every key is kept back until it is clear whose it is.
function byPrefix(onScan) {
  let kept = [];
  let timer = 0;

  const begins = (event) => {
    const expected = prefix[kept.length];
    return expected === undefined || event.key === expected || usual(event) === expected;
  };
  const letGo = () => {
    clearTimeout(timer);
    const typed = kept;
    kept = [];
    typed.forEach(retype);
  };

  return (event, ends) => {
    if (kept.length && event.timeStamp - kept.at(-1).timeStamp > PREFIXED_GAP_MS) letGo();
    if (ends && kept.length > prefix.length) {
      stop(event);
      clearTimeout(timer);
      const scanned = kept.slice(prefix.length);
      kept = [];
      onScan(meant(textOf(scanned)));
      return true;
    }
    if (event.key === "Enter" && kept.length > prefix.length) { stop(event); kept.push(event); return false; } // a line break in a code
    if (!isText(event)) { if (!MODIFIERS.includes(event.key)) letGo(); return false; }
    if (!begins(event)) letGo();
    if (!begins(event)) return false;
    stop(event);
    kept.push(event);
    if (kept.length > KEYS_MAX) letGo();
    clearTimeout(timer);
    timer = setTimeout(letGo, LET_GO_MS);
    return false;
  };
}

// A key that was kept back acts now as it would have: as a shortcut, or as a letter in the field.
function retype(event) {
  const place = document.activeElement ?? document.body;
  const again = new KeyboardEvent("keydown", { key: event.key, code: event.code, shiftKey: event.shiftKey, bubbles: true, cancelable: true });
  if (!place.dispatchEvent(again) || event.key.length !== 1) return;
  if (!(place instanceof HTMLInputElement || place instanceof HTMLTextAreaElement) || place.readOnly) return;
  try {
    place.setRangeText(event.key, place.selectionStart, place.selectionEnd, "end");
  } catch {
    return; // a field of another kind, such as a date
  }
  place.dispatchEvent(new Event("input", { bubbles: true }));
}

// Without a prefix: keys fall into the field, and are taken out again when they turn out to be a scan.
function byPace(onScan) {
  let keys = []; // what was typed lately: the event, into which field, and what stood there before

  return (event, ends) => {
    if (ends) {
      const burst = scanned(keys, event.timeStamp);
      keys = [];
      if (!burst) return false;
      stop(event);
      restore(burst);
      onScan(meant(textOf(burst.map(({ event: one }) => one))));
      return true;
    }
    if (!isText(event)) return false;
    const active = document.activeElement;
    const field = "value" in (active ?? {}) && active.matches("input, select, textarea") ? active : null;
    keys.push({ event, at: event.timeStamp, field, before: field?.value ?? "" });
    if (keys.length > KEYS_MAX) keys.shift();
    return false;
  };
}

// Every field that the burst touched, as it was.
function restore(burst) {
  const fields = new Map();
  for (const { field, before } of burst) if (field && !fields.has(field)) fields.set(field, before);
  for (const [field, before] of fields) {
    if (!field.isConnected || field.value === before) continue;
    field.value = before;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field instanceof HTMLSelectElement) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// The fast end of what was typed, when it is long and fast enough for a scanner.
function scanned(keys, ended) {
  let first = keys.length - 1;
  if (first < 0 || ended - keys[first].at > GAP_MS) return null;
  while (first > 0 && keys[first].at - keys[first - 1].at <= GAP_MS) first -= 1;
  const burst = keys.slice(first);
  if (burst.length < LENGTH_MIN) return null;
  const gaps = burst.slice(1).map(({ at }, place) => at - burst[place].at).sort((one, other) => one - other);
  return gaps[Math.floor(gaps.length / 2)] <= MEDIAN_GAP_MS ? burst : null;
}
