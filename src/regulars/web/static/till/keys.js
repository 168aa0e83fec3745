// Reads keys by where they lie: a scanner strikes those of a US keyboard, whatever layout the computer has.

const PLAIN = "`1234567890-=[]\\;',./";
const SHIFTED = '~!@#$%^&*()_+{}|:"<>?';
const PLACES = ["Backquote", ...[..."1234567890"].map((digit) => `Digit${digit}`), "Minus", "Equal", "BracketLeft", "BracketRight",
  "Backslash", "Semicolon", "Quote", "Comma", "Period", "Slash"];
const MARKS = new Map(PLACES.map((place, n) => [place, [PLAIN[n], SHIFTED[n]]]));
const FOREIGN = /[^\x20-\x7e\n]/;

// The letter of that key on a US keyboard; undefined where it has none.
export function usual({ code, shiftKey, key }) {
  if (/^Key[A-Z]$/.test(code)) return shiftKey ? code[3] : code[3].toLowerCase();
  if (MARKS.has(code)) return MARKS.get(code)[shiftKey ? 1 : 0];
  return code === "Space" || code.startsWith("Numpad") ? key : undefined;
}

// What the keys of one scan say. As typed, unless that is no code: letters that no code has, or no digit where digit keys
// were struck (on a French keyboard they type marks).
export function textOf(events) {
  const typed = events.map((event) => (event.key === "Enter" ? "\n" : event.key)).join("");
  const struck = events.map((event) => (event.key === "Enter" ? "\n" : usual(event) ?? event.key)).join("");
  return FOREIGN.test(typed) || (/\d/.test(struck) && !/\d/.test(typed)) ? struck : typed;
}
