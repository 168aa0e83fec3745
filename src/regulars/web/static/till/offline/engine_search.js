// The exact search for the best assignment of pieces to bidders: depth first, with an upper bound and a bound of steps.
// Assignments come in lexicographic order and only a strictly better one replaces what was found, so that ties go to the
// earlier bidder. The same, step by step, in Python: promotions/best.py.
import { exceeds, floorDiv, greatest, mulDivUp, total } from "./engine_units.js";
import { given } from "./engine_benefits.js";

export const valueOf = (choice, potential) => given(choice.offer, potential) * choice.worth;

// All tuples of so many counts that sum to `all`, in descending lexicographic order.
export function* compositions(all, parts) {
  if (parts === 1) { yield [all]; return; }
  for (let first = all; first >= 0; first -= 1) {
    for (const others of compositions(all - first, parts - 1)) yield [first, ...others];
  }
}

// All ways to take one of each, the last changing first; as many as are asked for.
export function products(options, most) {
  let found = [[]];
  for (const choices of options) found = found.flatMap((one) => choices.map((choice) => [...one, choice])).slice(0, most);
  return found;
}

// From a count down to above another.
export const descending = (from, beyond) => Array.from({ length: Math.max(0, from - beyond) }, (_, step) => from - step);

// `runs`: [run, pieces, [[bidder, potential of a piece], …]]. `sums`: what bidders have from runs not in question.
export class Search {
  constructor(choices, runs, sums, nodesMax) {
    Object.assign(this, { choices, runs, sums: [...sums], nodesMax, nodes: 0, seen: new Map() });
    this.places = [...new Set(runs.flatMap(([, , wants]) => wants.map(([place]) => place)))].sort((a, b) => a - b);
    this.capped = this.places.filter((place) => choices[place].capValue !== null);
    this.uncapped = this.places.filter((place) => choices[place].capValue === null);
    this.constant = total(this.uncapped.map((place) => choices[place].slack));
    this.rest = this.restOf();
    this.gains = new Map(this.capped.map((place) => [place, this.gainsOf(place)]));
  }

  // The best assignment of the runs in question: [run, bidder, count].
  run() {
    let best = this.greedy(), found = false;
    let bestValue = this.worthOf(best);
    const path = [], stack = [this.counts(0)];
    while (stack.length) {
      const depth = stack.length - 1;
      if (path.length > depth) this.add(depth, path.pop(), -1);
      const { value: counts, done } = stack[depth].next();
      if (done) { stack.pop(); continue; }
      this.nodes += 1;
      if (this.nodes > this.nodesMax) return best;
      path.push(counts);
      this.add(depth, counts, 1);
      if (depth + 1 === this.runs.length) {
        const value = total(this.places.map((place) => valueOf(this.choices[place], this.sums[place])));
        if (value > bestValue || (value === bestValue && !found)) [best, bestValue, found] = [this.taken(path), value, true];
        continue;
      }
      const bound = this.bound(depth + 1);
      if (bound < bestValue || (found && bound === bestValue) || this.dominated(depth + 1)) continue;
      stack.push(this.counts(depth + 1));
    }
    return best;
  }

  counts(depth) { return compositions(this.runs[depth][1], this.runs[depth][2].length); }

  add(depth, counts, sign) {
    this.runs[depth][2].forEach(([place, potential], number) => { this.sums[place] += sign * counts[number] * potential; });
  }

  taken(path) {
    return this.runs.flatMap(([run, , wants], depth) => wants
      .map(([place], number) => [run, place, path[depth][number]]).filter(([, , count]) => count));
  }

  // From each depth on: what the runs could give to bidders without a cap, unrounded.
  restOf() {
    const rest = [0];
    for (let depth = this.runs.length - 1; depth >= 0; depth -= 1) rest.unshift(rest[0] + this.runs[depth][1] * this.open(depth));
    return rest;
  }

  // The greatest value of one piece of a run to a bidder without a cap.
  open(depth) {
    const free = this.runs[depth][2].filter(([place]) => this.choices[place].capValue === null);
    return Math.max(0, ...free.map(([place, each]) => this.choices[place].multiple * each));
  }

  // From each depth on: the most a capped bidder could add beyond those without a cap, and its best ratio.
  gainsOf(capped) {
    const gains = [[0, 0, 1]];
    for (let depth = this.runs.length - 1; depth >= 0; depth -= 1) {
      let [whole, top, bottom] = gains[0];
      for (const [place, potential] of this.runs[depth][2]) {
        const value = this.choices[place].multiple * potential, gain = value - this.open(depth);
        if (place !== capped || gain <= 0) continue;
        whole += this.runs[depth][1] * gain;
        if (exceeds(gain, bottom, top, value)) [top, bottom] = [gain, value];
      }
      gains.unshift([whole, top, bottom]);
    }
    return gains;
  }

  // No completion from here is worth more than this.
  bound(depth) {
    let bound = this.constant + this.rest[depth];
    for (const place of this.uncapped) bound += this.choices[place].multiple * this.sums[place];
    for (const place of this.capped) bound += roomOf(this.choices[place], this.sums[place], this.gains.get(place)[depth]);
    return bound;
  }

  // Whether an earlier path came here with the same remainders and at least as much.
  dominated(depth) {
    const key = [depth];
    let linear = 0;
    for (const place of this.places) {
      const choice = this.choices[place], { unit, cap } = choice.offer, potential = this.sums[place];
      if (choice.capValue === null) {
        key.push(potential % unit);
        linear += choice.multiple * potential;
      } else key.push(Math.min(potential, cap * unit));
    }
    const mark = key.join();
    if ((this.seen.get(mark) ?? -1) >= linear) return true;
    this.seen.set(mark, linear);
    return false;
  }

  // A first assignment: each piece to whom it adds most, as far as caps reach.
  greedy() {
    const left = new Map(this.capped.map((place) => {
      const choice = this.choices[place];
      return [place, Math.max(0, choice.capValue - choice.multiple * this.sums[place])];
    }));
    const taken = [];
    for (const [run, all, wants] of this.runs) {
      const counts = new Map(wants.map(([place]) => [place, 0]));
      const values = wants.map(([place, each]) => [place, this.choices[place].multiple * each]);
      for (let pieces = all; pieces > 0;) {
        const [place, value] = greatest(values, ([one, worth]) => Math.min(worth, left.get(one) ?? worth));
        const room = left.get(place);
        const free = room === undefined || room <= 0 || value <= 0;
        const count = free ? pieces : Math.min(pieces, -floorDiv(-room, value));
        if (room !== undefined) left.set(place, Math.max(0, room - count * value));
        counts.set(place, counts.get(place) + count);
        pieces -= count;
      }
      for (const [place, count] of counts) if (count) taken.push([run, place, count]);
    }
    return taken;
  }

  worthOf(taken) {
    const sums = [...this.sums];
    const potentials = new Map(this.runs.map(([run, , wants]) => [run, new Map(wants)]));
    for (const [run, place, count] of taken) sums[place] += potentials.get(run).get(place) * count;
    return total(this.places.map((place) => valueOf(this.choices[place], sums[place])));
  }
}

// What a bidder with a cap brings at the most: each unit that it gains from here on costs what its pieces would bring
// elsewhere; of what is left of the cap the best ratio stays.
export function roomOf(choice, sum, [whole, top, bottom]) {
  const most = choice.capValue;
  const now = Math.min(most, choice.multiple * sum + choice.slack);
  return now + Math.min(whole, mulDivUp(most - now, top, bottom));
}
