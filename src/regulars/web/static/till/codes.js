// What a scanned text says: the symbology's mark in front of it taken off, and the article's number out of GS1 elements
// and GS1 Digital Links, so that goods are found by the number under their bars whatever code stands on them.

const AIM = /^\][A-Za-z][0-9A-Za-z](?=.)/; // ISO/IEC 15424: "]E0" an EAN-13, "]C1" a GS1-128, "]Q3" a GS1 QR code
const GS1_MARKS = new Set(["]C1", "]e0", "]d2", "]Q3", "]J1"]);
const BRACKETED = /^\(01\)(\d{14})/;
const LINK = /^https?:\/\/[^/\s]+(?:\/[^\s?#]*)?\/01\/(\d{8,14})(?=[/?#]|$)/i;

// The text that was meant, of what a scanner sent.
export function meant(text) {
  const mark = text.match(AIM)?.[0] ?? "";
  const plain = text.slice(mark.length);
  const number = plain.match(LINK)?.[1] ?? plain.match(BRACKETED)?.[1] ?? (GS1_MARKS.has(mark) ? element(plain) : undefined);
  return number === undefined ? plain : short(number);
}

// AI 01 at the beginning of a GS1 element string.
const element = (plain) => plain.match(/^01(\d{14})/)?.[1];

// A GTIN-14 that is an EAN-13, and an EAN-13 that is an EAN-8, as it stands under the bars.
function short(number) {
  const whole = number.padStart(14, "0");
  if (!whole.startsWith("0")) return whole;
  return whole.startsWith("000000") ? whole.slice(6) : whole.slice(1);
}

// As what else goods may be listed: a UPC of 12 digits is an EAN-13 that begins with 0.
export function spellings(code) {
  if (/^\d{12}$/.test(code)) return [code, `0${code}`];
  return /^0\d{12}$/.test(code) ? [code, code.slice(1)] : [code];
}
