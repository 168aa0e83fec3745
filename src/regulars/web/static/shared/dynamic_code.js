// Dynamic codes: a phone makes them with a key that never leaves it, a till verifies them by the program's public key
// alone, without a network. The same in Python, with the layout of the bytes: members/dynamic_code.py.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const VERSION = 1;
export const TEXT_LENGTH = 284;
export const STEP_SECONDS = 30;
export const CLOCKS_DIFFER_SECONDS_MAX = 60;
const SEEN_SECONDS = 180;
const BODY = 14, KEY = 33, DAY = 2, SIGNATURE = 64;
const LENGTH = BODY + KEY + DAY + 2 * SIGNATURE;
const CERTIFICATE_OF = new TextEncoder().encode("regulars.device.1\0");
const CODE_OF = new TextEncoder().encode("regulars.code.1\0");
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const HASHED = { name: "ECDSA", hash: "SHA-256" };

// A key pair for this phone; the private half cannot be exported and is kept in IndexedDB as it is.
export function makeKey() {
  return crypto.subtle.generateKey(CURVE, false, ["sign"]);
}

// What is registered of it: the public half, base64url.
export async function publicKeyText(pair) {
  return toBase64(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
}

// A code for now (seconds since 1970), from the certificate that the registration answered.
export async function make(privateKey, certificate, seconds) {
  const body = bodyOf(certificate.card, Math.floor(seconds));
  const signature = new Uint8Array(await crypto.subtle.sign(HASHED, privateKey, joined(CODE_OF, body)));
  return written(joined(
    body, fromBase64(certificate.public_key), bigEndian(certificate.last_day, DAY),
    fromBase64(certificate.signature), signature,
  ));
}

// Whether this was meant to be a dynamic code: a card's number is much shorter.
export function looksLikeOne(text) {
  return text.trim().length === TEXT_LENGTH;
}

// The parts of a code, not yet verified; null when it is none, or of a version that is not known here.
export function read(text) {
  const data = bytesOf(text);
  if (!data || data[0] !== VERSION || data[1] < 8 || data[1] > 19) return null;
  const digits = number(data.subarray(2, 10)).toString();
  if (digits.length > data[1]) return null;
  const keyEnds = BODY + KEY, dayEnds = keyEnds + DAY;
  return {
    card: digits.padStart(data[1], "0"),
    madeAt: Number(number(data.subarray(10, 14))),
    body: data.slice(0, BODY),
    publicKey: data.slice(BODY, keyEnds),
    lastDay: Number(number(data.subarray(keyEnds, dayEnds))),
    certificate: data.slice(dayEnds, dayEnds + SIGNATURE),
    signature: data.slice(dayEnds + SIGNATURE),
  };
}

// What is wrong with a code at an instant (seconds since 1970); null: the phone of this card made it within a minute.
// `programKey`: 32 bytes of Ed25519, base64url.
export async function fault(code, programKey, seconds) {
  const program = await crypto.subtle.importKey("raw", fromBase64(programKey), "Ed25519", false, ["verify"]);
  const certified = joined(CERTIFICATE_OF, code.body.slice(1, 10), code.publicKey, bigEndian(code.lastDay, DAY));
  if (!await crypto.subtle.verify("Ed25519", program, code.certificate, certified)) return "not_certified";
  if (Math.floor(seconds / 86400) > code.lastDay) return "certificate_expired";
  const point = uncompressed(code.publicKey);
  if (!point) return "forged";
  const phone = await crypto.subtle.importKey("raw", point, CURVE, false, ["verify"]);
  if (!await crypto.subtle.verify(HASHED, phone, code.signature, joined(CODE_OF, code.body))) return "forged";
  const age = seconds - code.madeAt;
  if (age > CLOCKS_DIFFER_SECONDS_MAX) return "too_old";
  return age < -CLOCKS_DIFFER_SECONDS_MAX ? "too_early" : null;
}

// The codes that this till took in the last three minutes: it refuses one that it has seen. `stored` (a Map's entries)
// and `entries` carry them over a reload.
export class SeenCodes {
  constructor(stored = []) {
    this.seen = new Map(stored);
  }

  // Whether this code is new here; from now on it is not.
  take(code, seconds) {
    for (const [key, at] of this.seen) {
      if (at < seconds - SEEN_SECONDS) this.seen.delete(key);
    }
    const key = `${toBase64(code.publicKey)} ${code.madeAt}`;
    if (this.seen.has(key)) return false;
    this.seen.set(key, seconds);
    return true;
  }

  get entries() {
    return [...this.seen];
  }
}

// The bytes that are signed besides the key: version, digits of the card, card, time.
function bodyOf(card, seconds) {
  return joined(new Uint8Array([VERSION, card.length]), bigEndian(BigInt(card), 8), bigEndian(seconds, 4));
}

function written(data) {
  const bits = data.length * 8, letters = Math.ceil(bits / 5);
  let value = number(data) << BigInt(letters * 5 - bits);
  let text = "";
  for (let place = 0; place < letters; place += 1) {
    text = ALPHABET[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return text;
}

function bytesOf(text) {
  const letters = text.trim().toUpperCase();
  if (letters.length !== TEXT_LENGTH) return null;
  let value = 0n;
  for (const letter of letters) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    value = value << 5n | BigInt(digit);
  }
  const spare = BigInt(TEXT_LENGTH * 5 - LENGTH * 8);
  return value & ((1n << spare) - 1n) ? null : bigEndian(value >> spare, LENGTH);
}

// A compressed point of P-256 as browsers import it (SEC 1, 2.3.4): y² = x³ − 3x + b, and p ≡ 3 (mod 4). Null: no point.
function uncompressed(point) {
  const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
  if (point[0] !== 2 && point[0] !== 3) return null;
  const x = number(point.subarray(1));
  if (x >= p) return null;
  const squared = (((x * x % p) * x - 3n * x + b) % p + p) % p;
  let y = power(squared, (p + 1n) / 4n, p);
  if (y * y % p !== squared) return null;
  if ((y & 1n) !== BigInt(point[0] & 1)) y = p - y;
  return joined(new Uint8Array([4]), point.subarray(1), bigEndian(y, 32));
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = result * base % modulus;
    base = base * base % modulus;
  }
  return result;
}

function number(data) {
  let value = 0n;
  for (const byte of data) value = value << 8n | BigInt(byte);
  return value;
}

function bigEndian(value, length) {
  const data = new Uint8Array(length);
  let rest = BigInt(value);
  for (let place = length - 1; place >= 0; place -= 1) {
    data[place] = Number(rest & 255n);
    rest >>= 8n;
  }
  return data;
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64(data) {
  return btoa(String.fromCharCode(...data)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
