// The best assignment where some bids are packages: what each package is told, and which parts are searched.
// The same in Python: promotions/stacking.py.
import { floorDiv } from "./engine_units.js";
import { NODES_MAX, apart, byRun, inOrder, optionsOf, serious } from "./engine_options.js";
import { Search } from "./engine_search.js";
import { Combining } from "./engine_combining.js";

// The same where some bids are packages. Only between bids that are none a piece may be judged by itself.
export function combined(bids, choices, pieces) {
  const plain = optionsOf(bids, choices), wanted = new Map();
  bids.forEach((bid, place) => (bid.package ? bid.runs : []).forEach((run, number) => {
    if (!wanted.has(run)) wanted.set(run, []);
    wanted.get(run).push([place, number]);
  }));
  const sums = bids.map(() => 0), portions = bids.map(() => []), free = [];
  for (const run of new Set([...plain.keys(), ...wanted.keys()])) {
    const all = plain.get(run) ?? [], count = pieces[run];
    const offers = all.length > 1 ? serious(all, choices, count) : all;
    if (!wanted.has(run) && offers.length === 1) {
      portions[offers[0][1]].push([run, count]);
      sums[offers[0][1]] += offers[0][2];
    } else {
      const others = offers.map(([, place, potential]) => [place, floorDiv(potential, count)]);
      free.push({ run, pieces: count, packages: wanted.get(run) ?? [], others });
    }
  }
  for (const part of apart(dearestFirst(free, bids), wishing, bids.length)) {
    for (const [run, place, count] of searched(part, bids, choices, sums)) portions[place].push([run, count]);
  }
  return portions.map(inOrder);
}

const wishing = (wish) => [...wish.packages, ...wish.others].map(([place]) => place);

// The best assignment of a part.
function searched(part, bids, choices, sums) {
  const those = [...new Set(part.flatMap(wishing))];
  if (those.length === 1) return part.map((wish) => [wish.run, those[0], wish.pieces]);
  const walks = walksOf(part, bids, choices);
  if (!walks.size) {
    const runs = part.map((wish) => [wish.run, wish.pieces, wish.others]);
    return new Search(choices, runs.sort(byRun), sums, NODES_MAX).run();
  }
  return new Combining(choices, part, bids, walks, sums).run();
}

// How the packages of a part walk, each knowing what its pieces bring to the others.
function walksOf(part, bids, choices) {
  const brings = new Map(), wishes = new Map(), walks = new Map();
  for (const wish of part) {
    const free = wish.others.filter(([place]) => choices[place].capValue === null);
    brings.set(wish.run, new Map([[-1, Math.max(0, ...free.map(([place, each]) => choices[place].multiple * each))]]));
    for (const [place, number] of wish.packages) {
      if (!wishes.has(place)) wishes.set(place, []);
      wishes.get(place)[number] = wish.run;
    }
  }
  const places = [...wishes.keys()];
  for (const place of places.length > 1 ? [...places, ...places] : places) {
    const runs = wishes.get(place), { multiple } = choices[place];
    const others = runs.map((run) => Math.max(...[...brings.get(run)].filter(([bidder]) => bidder !== place).map(([, value]) => value)));
    const found = bids[place].package.walks(others.map((value) => floorDiv(value, multiple)));
    walks.set(place, found);
    runs.forEach((run, number) => brings.get(run).set(place, found[0].bounds[number] * multiple));
  }
  return walks;
}

// In the order in which packages walk: that of the pieces' prices, where a package knows them.
function dearestFirst(free, bids) {
  const keys = new Map();
  for (const { package: grouped, runs } of bids) {
    if (grouped) runs.forEach((run, place) => keys.set(run, [-grouped.pieces.prices[place], grouped.pieces.rooms[place]]));
  }
  const key = ({ run }) => [...(keys.get(run) ?? [0, 0]), run];
  return free.sort((one, other) => compare(key(one), key(other)));
}

const compare = (one, other) => one.map((value, place) => value - other[place]).find((difference) => difference) ?? 0;
