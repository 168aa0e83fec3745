// The exact search for the best assignment where some bidders count pieces together (packages). Runs are taken one after
// the other, dearest first; of two paths with alike states and remainders only the better goes on, and none that cannot
// beat the best assignment known, so that of equally good ones the first guess stays.
// The same, step by step, in Python: promotions/combining.py.
import { floorDiv } from "./engine_units.js";
import { Guessing } from "./engine_guessing.js";
import { compositions, descending, products, roomOf } from "./engine_search.js";

const VARIANTS_MAX = 64;
const PATHS_LAST = 4;
const NODES_MAX = 4000;

export class Combining extends Guessing {
  // The best assignment of the runs in question: [run, bidder, count].
  run() {
    const variants = products(this.options, VARIANTS_MAX);
    this.nodes = 0;
    this.guess(variants[0], true);
    for (const walks of variants) this.guess(walks, false);
    for (const walks of variants) {
      this.prepare(walks);
      if (!this.pass(null, NODES_MAX)) this.pass(PATHS_LAST, this.nodes + floorDiv(NODES_MAX, 4));
    }
    return this.best;
  }

  // Go through all runs with at most `keep` paths (null: as many as there are). Whether it came to the end.
  pass(keep, nodesMax) {
    let linear = 0;
    this.places.forEach((place, slot) => {
      if (this.caps[slot] === null) linear += this.choices[place].multiple * this.start[slot];
    });
    const states = this.walks.map((walk) => walk.start);
    let paths = [{ linear, penalty: 0, lead: 0, states, credits: states.map(() => 0), sums: this.start, before: null, taken: [] }];
    for (let depth = 0; depth < this.wishes.length; depth += 1) {
      const grown = new Map(), tops = new Map();
      for (const path of paths) {
        for (const after of this.grow(path, depth)) {
          if (this.bound(after, depth + 1) >= this.bestValue[0] + this.step) this.keep(after, grown, tops);
        }
        if (this.nodes > nodesMax) return false;
      }
      paths = [...grown.values()];
      if (keep !== null && paths.length > keep) {
        paths.sort((one, other) => other.linear + other.lead - one.linear - one.lead || one.penalty - other.penalty);
        paths.length = keep;
      }
    }
    for (const path of paths) this.finish(path);
    return true;
  }

  // Keep a path unless one with alike states and remainders is at least as good, or any with alike states is so much
  // better that no rounding can make up for it.
  keep(path, grown, tops) {
    const remainders = [], held = [];
    path.sums.forEach((sum, slot) => {
      const cap = this.caps[slot];
      if (cap === null) remainders.push(sum % this.units[slot]);
      else held.push(cap < 0 ? sum : Math.min(sum, cap));
    });
    const wide = `${path.states.map((state) => state.join()).join(";")}|${held.join()}`;
    const top = tops.get(wide);
    if (top === undefined || path.linear > top) tops.set(wide, path.linear);
    else if (path.linear + this.slack < top) return;
    const mark = `${wide}|${remainders.join()}`;
    const known = grown.get(mark);
    const better = !known || path.linear > known.linear || (path.linear === known.linear && path.penalty < known.penalty);
    if (better) grown.set(mark, path);
  }

  // No completion of this path is worth more.
  bound(path, depth) { return path.linear + path.lead + this.rest[depth] + this.constant + this.roomAt(path, depth); }

  roomAt(path, depth) {
    let bound = 0;
    this.capped.forEach((slot, number) => {
      bound += roomOf(this.choices[this.places[slot]], path.sums[slot], this.room[number][depth]);
    });
    return bound;
  }

  // All paths one run further.
  * grow(path, depth) {
    const wish = this.wishes[depth];
    if (wish.packages.length === 1 && wish.others.length < 2 && !this.capped.length) {
      yield* this.growSimply(path, depth);
      return;
    }
    let grown = [[wish.pieces, path, []]];
    for (const [number, index] of wish.packages) {
      const next = [];
      for (const [left, at, taken] of grown) {
        for (const count of this.counts(path, depth, number, index, left)) {
          if (!count) { next.push([left, at, taken]); continue; }
          const more = [...taken, [wish.run, this.walkers[number], count]];
          for (const after of this.walked(at, number, index, count)) next.push([left - count, after, more]);
        }
      }
      grown = next;
    }
    for (const [left, at, taken] of grown) {
      const others = left ? wish.others : [];
      for (const counts of others.length ? compositions(left, others.length) : [[]]) {
        this.nodes += 1;
        yield this.added(path, at, taken, wish, counts);
      }
    }
  }

  // The same where one package and at most one other want the run: most paths are cut before they are made.
  * growSimply(path, depth) {
    const wish = this.wishes[depth], { run } = wish, [number, index] = wish.packages[0];
    const walker = this.walkers[number], { multiple } = this.choices[walker], slot = this.slot.get(walker);
    const [place, each] = wish.others[0] ?? [-1, 0];
    const value = wish.others.length ? each * this.choices[place].multiple : 0;
    const state = path.states[number], owed = path.credits[number], walk = this.walks[number];
    const least = this.bestValue[0] + this.step - this.rest[depth + 1] - this.constant - path.linear - path.lead;
    for (const count of this.counts(path, depth, number, index, wish.pieces)) {
      const left = wish.pieces - count;
      for (const [after, gained, credit] of count ? walk.take(state, owed, index, count) : [[state, 0, owed]]) {
        this.nodes += 1;
        const brought = multiple * gained + left * value, lead = multiple * (credit - owed);
        if (brought + lead < least) continue;
        const sums = [...path.sums], taken = count ? [[run, walker, count]] : [];
        sums[slot] += gained;
        let penalty = path.penalty + count * walker;
        if (wish.others.length && left) {
          sums[this.slot.get(place)] += left * each;
          taken.push([run, place, left]);
          penalty += left * place;
        }
        yield {
          linear: path.linear + brought, penalty, lead: path.lead + lead, sums, before: path, taken,
          states: replaced(path.states, number, after), credits: replaced(path.credits, number, credit),
        };
      }
    }
  }

  // How many pieces a package may take: each that goes where it brings less costs the difference, and no path may lose
  // more than lies between its bound and the best assignment known.
  counts(path, depth, number, index, left) {
    const value = this.choices[this.walkers[number]].multiple * this.walks[number].bounds[index];
    const most = this.most[depth], other = this.other[depth];
    if (this.wishes[depth].packages.length > 1 || other === null) return descending(left, -1);
    const spare = this.bound(path, depth) - this.bestValue[0] - this.step;
    if (spare < 0) return [];
    if (value > other) return descending(left, Math.max(-1, left - floorDiv(spare, value - other) - 1));
    return descending(value === other ? left : Math.min(left, floorDiv(spare, most - value)), -1);
  }

  // The ways in which a package takes so many pieces.
  * walked(path, number, index, count) {
    const place = this.walkers[number], slot = this.slot.get(place), { multiple } = this.choices[place];
    const free = this.caps[slot] === null, owed = path.credits[number];
    for (const [state, gained, credit] of this.walks[number].take(path.states[number], owed, index, count)) {
      this.nodes += 1;
      yield {
        linear: free ? path.linear + multiple * gained : path.linear,
        penalty: path.penalty + count * place,
        lead: path.lead + multiple * (free ? credit - owed : credit - owed + gained),
        states: replaced(path.states, number, state), credits: replaced(path.credits, number, credit),
        sums: replaced(path.sums, slot, path.sums[slot] + gained), before: null, taken: [],
      };
    }
  }

  // The other bidders take what the packages left.
  added(before, path, taken, wish, counts) {
    const sums = [...path.sums], all = [...taken];
    let { linear, penalty } = path;
    counts.forEach((count, number) => {
      if (!count) return;
      const [place, potential] = wish.others[number], slot = this.slot.get(place);
      sums[slot] += count * potential;
      if (this.caps[slot] === null) linear += count * potential * this.choices[place].multiple;
      penalty += count * place;
      all.push([wish.run, place, count]);
    });
    return { ...path, linear, penalty, sums, before, taken: all };
  }

  // Remember a whole assignment that is better than those before.
  finish(path) {
    const sums = [...path.sums], taken = [];
    for (const [number, place] of this.walkers.entries()) {
      const more = this.walks[number].end(path.states[number]);
      if (more === null) return;
      sums[this.slot.get(place)] += more;
    }
    for (let back = path; back; back = back.before) taken.push(...back.taken);
    this.offer(sums, path.penalty, taken);
  }
}

const replaced = (items, place, value) => items.map((item, at) => (at === place ? value : item));
