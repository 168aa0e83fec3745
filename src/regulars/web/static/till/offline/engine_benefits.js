// What a benefit offers for some runs, for every kind that says `offline` on the server: either potentials (PPM-ths of a
// minor unit, one per run) that are summed, rounded half up once and capped; or a package of pieces that count together.
// The same in Python: promotions/benefits.
import { AMOUNT_MAX, ONE, PPM, floorDiv, mulDiv, percentage, thousandths, total } from "./engine_units.js";
import { goodsOf } from "./engine_scene.js";
import { Cheapest, Steps, offEach } from "./engine_packages.js";
import { Dearest, Together } from "./engine_together.js";
import { Bundles } from "./engine_bundles.js";

const PER_UNIT = PPM / ONE;
const capped = (amount) => (amount == null ? null : Math.min(amount, AMOUNT_MAX));
const piecesOf = (quantity) => (quantity % ONE ? 1 : quantity / ONE);

export const offer = (potentials, unit = PPM, cap = null) => ({ potentials, unit, cap });

// What an offer gives for a sum of potentials.
export function given({ unit, cap }, potential) {
  const amount = floorDiv(2 * potential + unit, 2 * unit);
  return cap === null || amount < cap ? amount : cap;
}

// Caps by line and rounded prices, as far as floors allow.
function shaped(benefit, scene, runs, raws) {
  let found = raws;
  if (benefit.round_to != null) found = found.map((raw, run) => rounded(benefit, raw, runs.prices[run], runs.quantities[run]));
  if (benefit.cap_per_line != null) {
    found = found.map((raw, run) => {
      const share = mulDiv(benefit.cap_per_line, PPM, scene.pieces[runs.places[run]]);
      return Math.min(raw, share * piecesOf(runs.quantities[run]));
    });
  }
  if (scene.clips) found = found.map((raw, run) => Math.min(raw, runs.rooms[run] * PPM));
  return offer(found, PPM, capped(benefit.cap));
}

// The discount after which each piece costs a multiple of the step.
function rounded(benefit, raw, price, quantity) {
  const pieces = piecesOf(quantity);
  const step = Math.max(1, capped(benefit.round_to));
  const left = price * PPM - raw, whole = pieces * step * PPM;
  if (whole > AMOUNT_MAX * PPM) return price * PPM; // far above the price: rounded to nothing
  const steps = benefit.rounding === "down" ? floorDiv(left, whole) : floorDiv(2 * left + whole, 2 * whole);
  return Math.max(0, price - steps * step * pieces) * PPM;
}

const once = (amount) => (benefit, scene, runs) => offer(runs.rooms, 1, capped(amount(benefit, runs)));

const OFFERS = {
  line_percent(benefit, scene, runs) {
    const ppm = percentage(benefit.percent);
    return shaped(benefit, scene, runs, runs.prices.map((price) => ppm * price));
  },
  line_amount(benefit, scene, runs) {
    const amount = benefit.amount ?? 1;
    if (benefit.each === "purchase") return offer(runs.rooms, 1, capped(amount));
    const off = (quantity, run) => Math.min(amount * quantity * PER_UNIT, runs.rooms[run] * PPM);
    return shaped(benefit, scene, runs, runs.quantities.map(off));
  },
  line_price(benefit, scene, runs) {
    const off = (price, run) => Math.max(0, price * PPM - benefit.price * PER_UNIT * runs.quantities[run]);
    return shaped(benefit, scene, runs, runs.prices.map(off));
  },
  basket_percent(benefit, scene, runs) {
    const ppm = percentage(benefit.percent);
    const off = (price, run) => (scene.clips ? Math.min(ppm * price, runs.rooms[run] * PPM) : ppm * price);
    return offer(runs.prices.map(off), PPM, capped(benefit.cap));
  },
  basket_amount_off: once((benefit) => benefit.amount ?? 1),
  basket_price: once((benefit, runs) => Math.max(0, total(runs.prices) - benefit.price)),
};

const PACKAGES = {
  n_for_m(benefit, scene, pieces) {
    const size = benefit.pieces ?? 2;
    return new Cheapest(pieces, size, size - (benefit.pay ?? 1), PPM, benefit.limit, true);
  },
  every_nth(benefit, scene, pieces) {
    const ppm = percentage(benefit.percent ?? "100"), every = benefit.every ?? 2, count = benefit.count ?? 1;
    if (benefit.which === "dearest") return new Dearest(pieces, every, count, offEach(pieces, ppm), benefit.limit);
    return new Cheapest(pieces, every, count, ppm, benefit.limit, false);
  },
  ladder(benefit, scene, pieces) {
    const offs = benefit.steps.map((step) => pieces.prices.map((price, run) =>
      Math.min(offOfStep(step, price, pieces.quantities[run]), pieces.rooms[run] * PPM)));
    if (benefit.by === "amount") return new Steps(pieces, pieces.prices, benefit.steps.map((step) => step.from), offs);
    return new Steps(pieces, pieces.quantities, benefit.steps.map((step) => thousandths(step.from)), offs);
  },
  buy_get(benefit, scene, pieces) {
    const [triggers, rewards] = [benefit.triggers, benefit.goods].map((goods) => scene.linesOf(goodsOf(goods)));
    const off = offEach(pieces, percentage(benefit.percent ?? "100"));
    const among = (lines) => pieces.places.map((place) => lines.includes(place));
    return new Together(pieces, among(triggers), among(rewards), off, benefit.buy ?? 1, benefit.get ?? 1, benefit.limit);
  },
  bundle_price(benefit, scene, pieces) {
    const mine = scene.linesOf(goodsOf(benefit.goods));
    const lines = benefit.components.map(({ goods }) => scene.linesOf(goodsOf(goods)));
    const parts = pieces.places.map((place) => lines
      .map((found, part) => (mine.includes(place) && found.includes(place) ? part : -1)).filter((part) => part >= 0));
    const ppm = benefit.percent == null ? PPM : percentage(benefit.percent);
    const price = benefit.price == null ? 0 : capped(benefit.price) * PPM;
    const needed = benefit.components.map(({ count }) => count ?? 1);
    return new Bundles(pieces, parts, needed, pieces.prices.map((each) => ppm * each), price, benefit.limit);
  },
};

// What a step takes off a piece, in PPM-ths.
function offOfStep(step, price, quantity) {
  if (step.percent != null) return percentage(step.percent) * price;
  if (step.amount != null) return step.amount * quantity * PER_UNIT;
  return Math.max(0, price * PPM - step.price * quantity * PER_UNIT);
}

// Places of the lines whose pieces may take part in a package.
const LINES = {
  buy_get: (benefit, scene) => scene.all.filter((place) => [benefit.triggers, benefit.goods]
    .some((goods) => scene.linesOf(goodsOf(goods)).includes(place))),
  bundle_price: (benefit, scene) => scene.linesOf(goodsOf(benefit.goods)).filter((place) => benefit.components
    .some(({ goods }) => scene.linesOf(goodsOf(goods)).includes(place))),
};

export const knows = ({ kind }) => kind === "message" || Object.hasOwn(OFFERS, kind) || Object.hasOwn(PACKAGES, kind);
export const isGrouped = ({ kind }) => Object.hasOwn(PACKAGES, kind);
export const isOfPieces = (benefit) => benefit.kind.startsWith("line_") || isGrouped(benefit);
export const linesOf = (benefit, scene) => (LINES[benefit.kind] ?? (() => scene.linesOf(goodsOf(benefit.goods))))(benefit, scene);
export const offerOf = (benefit, scene, runs) => OFFERS[benefit.kind](benefit, scene, runs);
export const packageOf = (benefit, scene, pieces) => PACKAGES[benefit.kind](benefit, scene, pieces);
