// Whole numbers without a loss: every division names its rounding, products that might pass 2^53 are made of BigInt.
// The same in Python: units.py.

export const PPM = 1_000_000;
export const ONE = 1000;
// Amounts in promotions count as at most this much, in minor units: four times the greatest basket that is calculated.
export const AMOUNT_MAX = 4e9;

// Towards the smaller; `denominator` above 0, both exact. (x / y alone would be rounded to a double first.)
export function floorDiv(numerator, denominator) {
  const rest = numerator % denominator;
  return (numerator - (rest < 0 ? rest + denominator : rest)) / denominator;
}

export const ceilDiv = (numerator, denominator) => -floorDiv(-numerator, denominator);

// a × b / c, towards the smaller.
export function mulDiv(a, b, c) {
  const whole = a * b;
  if (Number.isSafeInteger(whole)) return floorDiv(whole, c);
  const exact = BigInt(a) * BigInt(b), by = BigInt(c);
  const quotient = exact / by;
  return Number(exact % by < 0n ? quotient - 1n : quotient);
}

export const mulDivUp = (a, b, c) => -mulDiv(-a, b, c);

// a × b / c, half up, for amounts of 0 and more.
export function mulDivHalfUp(a, b, c) {
  return Number((2n * BigInt(a) * BigInt(b) + BigInt(c)) / (2n * BigInt(c)));
}

// Whether a × b is more than c × d.
export function exceeds(a, b, c, d) {
  const one = a * b, other = c * d;
  if (Number.isSafeInteger(one) && Number.isSafeInteger(other)) return one > other;
  return BigInt(a) * BigInt(b) > BigInt(c) * BigInt(d);
}

export const total = (numbers) => numbers.reduce((all, one) => all + one, 0);

// The first of those with the greatest value.
export function greatest(items, value) {
  return items.reduce((best, one) => (value(one) > value(best) ? one : best));
}

// Divide an amount by largest remainder; ties go to the earlier place. With weights of 0 all goes to the first.
export function allocate(amount, weights) {
  const whole = total(weights);
  if (!weights.length) return [];
  if (!whole) return weights.map((_, place) => (place ? 0 : amount));
  const [parts, rests] = Number.isSafeInteger(amount * whole) && Number.isSafeInteger(whole)
    ? shares(amount, weights, whole)
    : wideShares(amount, weights);
  const left = amount - total(parts);
  if (left) {
    const order = parts.map((_, place) => place);
    order.sort((one, other) => (rests[other] > rests[one] ? 1 : rests[other] < rests[one] ? -1 : one - other));
    for (const place of order.slice(0, left)) parts[place] += 1;
  }
  return parts;
}

function shares(amount, weights, whole) {
  const rests = weights.map((weight) => (amount * weight) % whole);
  return [weights.map((weight, place) => (amount * weight - rests[place]) / whole), rests];
}

function wideShares(amount, weights) {
  const big = weights.map(BigInt), of = BigInt(amount);
  const whole = big.reduce((all, one) => all + one, 0n);
  return [big.map((weight) => Number((of * weight) / whole)), big.map((weight) => (of * weight) % whole)];
}

const scaled = (text, places) => {
  const found = /^(\d{1,13})(?:\.(\d+))?$/.exec(text);
  const rest = (found?.[2] ?? "").replace(/0+$/, "");
  if (!found || rest.length > places) throw new RangeError(`not a decimal of at most ${places} places: ${text}`);
  return Number(found[1]) * 10 ** places + Number(rest.padEnd(places, "0"));
};

// "0.325" → 325 thousandths.
export const thousandths = (text) => scaled(text, 3);

// "12.5" per cent → 125 000 parts per million.
export const percentage = (text) => scaled(text, 4);

// "0.21" → 210 000 parts per million, and back.
export const rate = (text) => scaled(text, 6);

export function rateText(ppm) {
  const [whole, rest] = [Math.floor(ppm / PPM), String(ppm % PPM).padStart(6, "0").replace(/0+$/, "")];
  return rest ? `${whole}.${rest}` : String(whole);
}
