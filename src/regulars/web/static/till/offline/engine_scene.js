// What conditions and benefits see of a basket while it is calculated: its lines with what goods may name them by,
// the prices that are left, and the store's wall clock. The same in Python: promotions/scene.py, goods.py.
import { ONE, mulDivHalfUp, rate, thousandths } from "./engine_units.js";

const REDUCED = "r:";
const DAY_MS = 86_400_000;
const known = new WeakMap();

const bare = (path) => path.replace(/^\/+|\/+$/g, "");

// All that a list of goods names, as keys.
export function keysOfGoods(goods) {
  return new Set([
    ...(goods.skus ?? []).map((code) => `s:${code}`),
    ...(goods.categories ?? []).map((path) => `c:${bare(path)}`),
    ...(goods.tags ?? []).map((tag) => `t:${tag}`),
    ...(goods.brands ?? []).map((brand) => `b:${brand}`),
    ...Object.entries(goods.attributes ?? {}).flatMap(([name, values]) => values.map((value) => `a:${name}=${value}`)),
  ]);
}

// Goods as they are compared; remembered, for lists may be long.
export function goodsOf(raw) {
  const goods = raw ?? {};
  let found = known.get(goods);
  if (!found) {
    const keys = keysOfGoods(goods);
    const without = goods.except ? keysOfGoods(goods.except) : new Set();
    if (goods.reduced === "not") without.add(REDUCED);
    const everything = !keys.size && !without.size && !goods.reduced;
    found = { keys, without, only: goods.reduced === "only", everything };
    known.set(goods, found);
  }
  return found;
}

export function has(goods, keys) {
  return (!goods.keys.size || keys.some((key) => goods.keys.has(key)))
    && !keys.some((key) => goods.without.has(key)) && (!goods.only || keys.includes(REDUCED));
}

function keysOf(line, reduced) {
  const keys = [`s:${line.sku}`];
  for (const path of line.categories ?? []) {
    const name = bare(path);
    for (let end = name.indexOf("/"); end >= 0; end = name.indexOf("/", end + 1)) keys.push(`c:${name.slice(0, end)}`);
    keys.push(`c:${name}`);
  }
  for (const tag of line.tags ?? []) keys.push(`t:${tag}`);
  if (line.brand) keys.push(`b:${line.brand}`);
  for (const [name, value] of Object.entries(line.attributes ?? {})) keys.push(`a:${name}=${value}`);
  if (reduced) keys.push(REDUCED);
  return keys;
}

function lineOf(sent) {
  const quantity = thousandths(sent.quantity);
  const whole = sent.gross ?? mulDivHalfUp(sent.unit_price, quantity, ONE);
  const each = sent.unit_price ?? mulDivHalfUp(whole, ONE, quantity);
  const reduced = (sent.regular_price ?? 0) > each;
  return {
    number: sent.line, quantity, gross: whole - (sent.discount ?? 0), reduced, keys: keysOf(sent, reduced),
    rate: rate(sent.tax_rate ?? "0"), unit: sent.unit ?? "", cost: sent.cost ?? 0, minimum: sent.minimum_price ?? 0,
  };
}

function floorOf(line, rule) {
  if (rule === "zero") return 0;
  const each = rule === "minimum" ? Math.max(line.cost, line.minimum) : line.cost;
  return Math.min(line.gross, mulDivHalfUp(each, line.quantity, ONE));
}

// Days since 1970, and the weekday of one: 1 Monday … 7 Sunday.
export const dayNumber = (text) => Math.round(Date.UTC(...dateParts(text)) / DAY_MS);
export const weekday = (day) => ((((day + 3) % 7) + 7) % 7) + 1;
const dateParts = (text) => [Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10))];

// The day of its month, and how many days that has.
export function inMonth(day) {
  const date = new Date(day * DAY_MS);
  return [date.getUTCDate(), new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()];
}

// Wall time as text that sorts by time: the offset does not count, a missing second is 00.
export function wallOf(text) {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?/.exec(text);
  if (!found) throw new RangeError(`no time: ${text}`);
  const [, day, hour, minute, second, rest] = found;
  return `${day}T${hour}:${minute}:${second ?? "00"}.${(rest ?? "").padEnd(6, "0")}`;
}

export function sceneOf(basket, rules) {
  const lines = basket.lines.map(lineOf);
  const gross = lines.map((line) => line.gross);
  const wall = wallOf(basket.at);
  const places = new Map();
  const all = lines.map((_, place) => place);
  return {
    lines, gross, rules, wall, all,
    net: [...gross],
    pieces: lines.map((line) => (line.quantity % ONE ? 1 : line.quantity / ONE)),
    floors: lines.map((line) => floorOf(line, rules.line_floor)),
    clips: rules.line_floor !== "zero" || rules.discount_on === "original_price",
    day: dayNumber(wall),
    minute: Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16)),
    till: basket.till ?? "", channel: basket.channel ?? "",
    methods: (basket.payments ?? []).map((payment) => payment.method ?? payment),
    // Places of the lines that these goods mean.
    linesOf(goods) {
      if (goods.everything) return all;
      let found = places.get(goods);
      if (!found) {
        found = all.filter((place) => has(goods, lines[place].keys));
        places.set(goods, found);
      }
      return found;
    },
  };
}
