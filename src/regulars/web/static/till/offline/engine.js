// Decides what a basket costs without the line, from a snapshot of the server: the promotions in it are those whose kinds
// say `offline`. Pure: no clock, no page, no storage. What it decides is what the server's engine (promotions/engine.py)
// decides of these promotions, to the last unit; tests/vectors/offline holds both to it.
import { total } from "./engine_units.js";
import { goodsOf, sceneOf } from "./engine_scene.js";
import { holds, inside, knows as knowsCondition } from "./engine_conditions.js";
import { knows as knowsBenefit } from "./engine_benefits.js";
import { Competition } from "./engine_competition.js";
import { payableWithPoints, taxed } from "./engine_paying.js";

// Minor units of the whole basket above which no promotion is calculated: sums of products then pass 2^53.
export const GROSS_MAX = 1_000_000_000;
const LINES_MAX = 1000;

// → { gross, discount, payable, points_max, lines, taxes, messages, skipped }, amounts in minor units; `points_max`: so
// much of `payable` points may pay. Raises RangeError where a quantity, a rate or the time is none.
export function price(snapshot, basket) {
  const scene = sceneOf(basket, snapshot.rules);
  const promotions = snapshot.promotions ?? [];
  const calculable = snapshot.currency === snapshot.rules.currency && scene.gross.every((amount) => amount >= 0)
    && total(scene.gross) <= GROSS_MAX && scene.lines.length <= LINES_MAX;
  const can = (promotion) => calculable && promotion.conditions.every(knowsCondition) && promotion.benefits.every(knowsBenefit);
  const course = { scene, awards: scene.lines.map(() => []), said: [], touched: new Map() };
  for (const [stage, groups] of stagesOf(promotions.filter(can))) discount(course, groups, stage === "item");
  return answer(course, promotions.filter((promotion) => !can(promotion)).map(({ id }) => id));
}

// Promotions come in the order of stages, groups and priorities: by stage the groups, each with its promotions.
function stagesOf(promotions) {
  const stages = new Map([["item", new Map()], ["basket", new Map()]]);
  for (const promotion of promotions) {
    const groups = stages.get(promotion.group.stage);
    if (!groups.has(promotion.group.name)) groups.set(promotion.group.name, []);
    groups.get(promotion.group.name).push(promotion);
  }
  return stages;
}

function discount(course, groups, ofPieces) {
  if (!groups.size) return;
  const { scene } = course, table = new Competition(scene);
  for (const members of groups.values()) {
    table.runs.begin();
    const passing = members.filter((promotion) => takesPart(promotion, scene));
    if (!passing.length) continue;
    const { group } = members[0], barred = barredBy(course, group);
    const found = ofPieces ? table.pieces(group.rule, passing, barred) : table.purchase(group.rule, passing, barred.size > 0);
    for (const gift of found) note(course, group, gift);
  }
}

// Whether it is live, its conditions hold, and a line is there without which it would give nothing.
function takesPart(promotion, scene) {
  const { sought, conditions } = promotion;
  return inside(promotion, scene) && conditions.every((condition) => holds(condition, scene))
    && (!sought?.length || sought.some((goods) => scene.linesOf(goodsOf(goods)).length));
}

// The lines (-1: the purchase) that groups touched which this one leaves alone.
function barredBy(course, group) {
  return new Set((group.excludes ?? []).flatMap((name) => [...(course.touched.get(name) ?? [])]));
}

// Take what a benefit gave off the prices, and remember which lines its group touched.
function note(course, group, { promotion, benefit, amounts, said }) {
  for (const [place, amount] of amounts) {
    course.scene.net[place] -= amount;
    course.awards[place].push({ promotion, amount });
  }
  if (said) course.said.push({ promotion, benefit });
  if (promotion.joint || !(amounts.size || said)) return;
  const touched = course.touched.get(group.name) ?? new Set();
  for (const place of amounts.size ? amounts.keys() : [-1]) touched.add(place);
  course.touched.set(group.name, touched);
}

function answer({ scene, awards, said }, skipped) {
  const { taxes, costs } = taxed(scene);
  const gross = total(scene.gross), net = total(scene.net);
  const lines = scene.lines.map((line, place) => ({
    line: line.number, gross: line.gross, discount: line.gross - scene.net[place], net: scene.net[place],
    awards: awards[place].map(({ promotion: { id, revision, name, names }, amount }) => ({ promotion: id, revision, amount, name, names })),
  }));
  return {
    gross, discount: gross - net, payable: total(costs), points_max: payableWithPoints(scene, costs),
    lines, taxes, messages: messagesOf(awards, said), skipped,
  };
}

// What the promotions that applied have to say, each once, then what is given as a message.
function messagesOf(awards, said) {
  const applied = new Set([...awards.flat(), ...said].map(({ promotion }) => promotion));
  const own = [...applied].filter(({ message }) => Object.keys(message ?? {}).length)
    .map(({ id, message }) => ({ promotion: id, to: "receipt", text: message }));
  return [...own, ...said.map(({ promotion: { id }, benefit }) => ({ promotion: id, to: benefit.to ?? "receipt", text: benefit.text }))];
}
