// Which benefit of a group takes which pieces, by the rules best, first and worst (under `all` everybody takes all).
// A bid: { runs, offer, package }; of a package the potentials are only bounds, and its runs come dearest first.
// The same in Python: promotions/stacking.py.
import { allocate, floorDiv, greatest, total } from "./engine_units.js";
import { given } from "./engine_benefits.js";
import { NODES_MAX, apart, byRun, choicesOf, inOrder, optionsOf, serious } from "./engine_options.js";
import { Search, valueOf } from "./engine_search.js";
import { combined } from "./engine_combined.js";


// What a bid gives where it gets all that it bids for.
export function alone(bid) {
  return given(bid.offer, bid.package ? bid.package.settle(bid.package.pieces.counts).raw : total(bid.offer.potentials));
}

// For each bid the portions that it takes: [run, pieces].
export function assign(rule, bids, pieces) {
  if (bids.length === 1) {
    return bids.map(({ runs, offer }) => runs.filter((_, place) => offer.potentials[place] > 0).map((run) => [run, pieces[run]]));
  }
  if (rule === "best") return best(bids, pieces);
  if (!bids.some((bid) => bid.package)) return oneEach(rule, bids, pieces);
  return rule === "first" ? inTurn(bids, pieces) : oneEach(rule, bids.map(standingAlone), pieces);
}

// first and worst: every run goes, whole, to one bid.
function oneEach(rule, bids, pieces) {
  const taken = new Map();
  choicesOf(bids).forEach((choice, place) => bids[place].runs.forEach((run, number) => {
    const potential = bids[place].offer.potentials[number];
    if (potential <= 0) return;
    const value = rule === "first" ? 0 : Math.min(potential * choice.multiple, choice.capValue ?? Infinity);
    if (!taken.has(run) || value < taken.get(run)[0]) taken.set(run, [value, place]);
  }));
  const portions = bids.map(() => []);
  for (const run of [...taken.keys()].sort((one, other) => one - other)) portions[taken.get(run)[1]].push([run, pieces[run]]);
  return portions;
}

// first, where packages are among the bids: each takes of what is left all that it can use.
function inTurn(bids, pieces) {
  const left = [...pieces];
  return bids.map((bid) => {
    const there = bid.runs.map((run) => left[run]);
    const used = bid.package ? bid.package.settle(there).used
      : there.map((count, place) => (bid.offer.potentials[place] > 0 ? count : 0));
    const taken = bid.runs.map((run, place) => [run, used[place]]).filter(([, count]) => count);
    for (const [run, count] of taken) left[run] -= count;
    return inOrder(taken);
  });
}

// A package's bid with what it would give on each run if it had all.
function standingAlone(bid) {
  if (!bid.package) return bid;
  const { raw, weights } = bid.package.settle(bid.package.pieces.counts);
  return { ...bid, offer: { ...bid.offer, potentials: allocate(raw, weights) } };
}

// The true optimum of the sum of rounded, capped amounts. Rounding changes what a bid gives by less than one unit, so a
// piece never goes to a bid that offers less than the greatest one without a cap by more than a unit of each.
function best(bids, pieces) {
  const choices = choicesOf(bids);
  if (bids.some((bid) => bid.package)) return combined(bids, choices, pieces);
  const sums = bids.map(() => 0), portions = bids.map(() => []), free = [];
  for (const [run, all] of optionsOf(bids, choices)) {
    const offers = all.length > 1 ? serious(all, choices, pieces[run]) : all;
    if (offers.length === 1) {
      portions[offers[0][1]].push([run, pieces[run]]);
      sums[offers[0][1]] += offers[0][2];
    } else free.push([run, pieces[run], offers.map(([, place, potential]) => [place, floorDiv(potential, pieces[run])])]);
  }
  let nodes = NODES_MAX;
  free.sort(byRun);
  for (const part of free.length > 1 ? apart(free, (wanted) => wanted[2].map(([place]) => place), bids.length) : [free]) {
    if (!part.length) continue;
    if (part.length === 1 && part[0][1] === 1) {
      const [run, , wants] = part[0];
      portions[taker(wants, choices, sums)].push([run, 1]);
      continue;
    }
    const search = new Search(choices, part, sums, nodes);
    for (const [run, place, count] of search.run()) portions[place].push([run, count]);
    nodes -= search.nodes;
  }
  return portions.map(inOrder);
}

// Who takes a single piece in question: to whom it adds most, rounded and capped; the earlier of equals.
function taker(wants, choices, sums) {
  const added = ([place, potential]) => valueOf(choices[place], sums[place] + potential) - valueOf(choices[place], sums[place]);
  return greatest(wants, added)[0];
}
