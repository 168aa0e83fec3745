// Whether a condition holds, for every kind that says `offline` on the server; all others are not in a snapshot.
// The same in Python: promotions/conditions.
import { thousandths, total } from "./engine_units.js";
import { dayNumber, goodsOf, inMonth, wallOf, weekday } from "./engine_scene.js";

const DAY = 24 * 60;

const KINDS = {
  known: (condition) => condition.holds,
  and: (condition, scene) => condition.of.every((part) => holds(part, scene)),
  or: (condition, scene) => condition.of.some((part) => holds(part, scene)),
  not: (condition, scene) => !condition.of.some((part) => holds(part, scene)),
  basket_amount(condition, scene) {
    const prices = condition.price === "original" ? scene.gross : scene.net;
    const amount = total(scene.linesOf(goodsOf(condition.goods)).map((place) => prices[place]));
    return within(amount, condition.minimum, condition.maximum);
  },
  quantity(condition, scene) {
    const meant = scene.linesOf(goodsOf(condition.goods)).map((place) => scene.lines[place]);
    const counted = condition.unit == null ? meant : meant.filter((line) => line.unit === condition.unit);
    const bounds = [condition.minimum, condition.maximum].map((text) => (text == null ? null : thousandths(text)));
    return within(total(counted.map((line) => line.quantity)), ...bounds);
  },
  products(condition, scene) {
    const goods = goodsOf(condition.goods);
    const places = scene.linesOf(goods);
    const wanted = condition.match === "all" ? goods.keys.size : condition.count ?? 1;
    if (wanted === 1) return places.length > 0;
    const there = new Set(places.flatMap((place) => scene.lines[place].keys).filter((key) => goods.keys.has(key)));
    return there.size >= wanted;
  },
  bundle(condition, scene) {
    const wanted = condition.parts.map((part) => thousandths(part.quantity ?? "1"));
    const places = condition.parts.map((part) => scene.linesOf(goodsOf(part.goods)));
    const sum = (found) => total([...found].map((place) => scene.lines[place].quantity));
    // Hall's theorem: all are served if every set of parts finds as much as it asks for.
    for (let set = 1; set < 1 << wanted.length; set += 1) {
      const chosen = wanted.map((_, part) => part).filter((part) => set & (1 << part));
      const there = sum(new Set(chosen.flatMap((part) => places[part])));
      if (there < total(chosen.map((part) => wanted[part]))) return false;
    }
    return true;
  },
  reduced_goods(condition, scene) {
    const reduced = scene.lines.filter((line) => line.reduced).length;
    return condition.are === "everything" ? reduced === scene.lines.length : reduced === 0;
  },
  channel: (condition, scene) => condition.channels.includes(scene.channel),
  till: (condition, scene) => condition.tills.includes(scene.till),
  payment_method: (condition, scene) => scene.methods.some((method) => condition.methods.includes(method)),
  hours(condition, scene) {
    const days = condition.weekdays?.length ? condition.weekdays : [1, 2, 3, 4, 5, 6, 7];
    return daysOf(condition, scene).some((day) => days.includes(weekday(day)));
  },
  dates: (condition, scene) => condition.windows.some((window) => inside(window, scene)),
  monthly: (condition, scene) => daysOf(condition, scene).some((day) => ofMonth(condition, day)),
  every_weeks: (condition, scene) => daysOf(condition, scene).some((day) => ofWeeks(condition, day)),
};

export const knows = (condition) => Object.hasOwn(KINDS, condition.kind) && (condition.of ?? []).every(knows);

export const holds = (condition, scene) => KINDS[condition.kind](condition, scene);

// Whether the basket is made in a window of wall time, which may be open on a side; half-open.
export function inside(window, scene) {
  return (window.from == null || scene.wall >= wallOf(window.from))
    && (window.until == null || scene.wall < wallOf(window.until));
}

function within(amount, minimum, maximum) {
  return (minimum == null || amount >= minimum) && (maximum == null || amount <= maximum);
}

const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

// The days in whose hours the moment lies: its own, and the one before where those reach past midnight.
function daysOf(condition, scene) {
  const start = minutes(condition.from ?? "00:00"), until = minutes(condition.until ?? "24:00");
  const end = until > start ? until : until + DAY;
  const days = start <= scene.minute && scene.minute < end ? [scene.day] : [];
  if (scene.minute + DAY < end) days.push(scene.day - 1);
  return days;
}

function ofMonth(condition, day) {
  const [number, size] = inMonth(day);
  const few = condition.first ?? 0, last = size - (condition.last ?? 0);
  if ((condition.days ?? []).includes(number) || number <= few || number > last) return true;
  const nth = condition.nth ?? [];
  const meant = nth.includes(Math.floor((number - 1) / 7) + 1) || (nth.includes(-1) && number > size - 7);
  return meant && condition.weekdays.includes(weekday(day));
}

function ofWeeks(condition, day) {
  const start = dayNumber(condition.start);
  const on = condition.weekdays?.length ? condition.weekdays : [weekday(start)];
  if (day < start || !on.includes(weekday(day))) return false;
  return ((day - weekday(day) - start + weekday(start)) / 7) % condition.weeks === 0;
}
