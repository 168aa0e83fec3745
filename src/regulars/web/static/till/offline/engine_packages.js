// What a benefit gives for pieces that count together: n for m, every n-th, ladders. Exact for any set of pieces, and on
// the way through the runs (`walk`) for the search of the best combination. The same in Python: promotions/packages.py.
//
// A walk's bounds: gained + credit + the bounds of what is still taken + `constant` is never below what is given.
import { PPM, floorDiv, mulDiv, mulDivUp, total } from "./engine_units.js";

// A percentage off one piece of each run, as far as its floor allows, in PPM-ths.
export const offEach = (pieces, ppm) => pieces.prices.map((price, run) => Math.min(ppm * price, pieces.rooms[run] * PPM));

export const whole = (offs) => offs.every((off) => off % PPM === 0);
export const zeros = (like) => like.map(() => 0);

// What all pieces bring at the most.
export function bounded(counts, bounds, elsewhere) {
  return total(counts.map((count, run) => count * Math.max(bounds[run], elsewhere[run])));
}

// Which of these prices (and 0) makes a bound least; it is convex in the price (a Lagrangian).
export function least(prices, bound, signed = false) {
  const ordered = [...new Set([0, ...prices.filter((price) => signed || price > 0)])].sort((one, other) => one - other);
  let low = 0, high = ordered.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bound(ordered[middle]) <= bound(ordered[middle + 1])) high = middle;
    else low = middle + 1;
  }
  return ordered[low];
}

// Groups of `size` pieces, dearest first; of each group the cheapest `reduced` are at `ppm` less.
export class Cheapest {
  constructor(pieces, size, reduced, ppm, limit, spread) {
    Object.assign(this, { pieces, size, reduced, ppm, limit, spread, off: offEach(pieces, ppm) });
    this.whole = whole(this.off);
  }

  settle(counts) {
    const groups = floorDiv(total(counts), this.size);
    let left = this.size * Math.min(groups, this.limit ?? groups), raw = 0, position = 0;
    const weights = zeros(counts), used = zeros(counts);
    counts.forEach((there, run) => {
      const count = Math.min(there, left);
      if (!count) return;
      const gained = this.off[run] * (this.reducedBefore(position + count) - this.reducedBefore(position));
      raw += gained;
      used[run] = count;
      weights[run] = this.spread ? count * this.pieces.rooms[run] : gained;
      position += count;
      left -= count;
    });
    return { raw, weights, used };
  }

  // How many of the first pieces are reduced.
  reducedBefore(position) {
    return floorDiv(position, this.size) * this.reduced + Math.max(0, (position % this.size) - this.size + this.reduced);
  }

  walks(elsewhere) { return [new CheapestWalk(this, elsewhere)]; }
}

// State: how many pieces so far (without a limit: in the last group), and what its reduced ones gained before it is full.
class CheapestWalk {
  constructor(kind, elsewhere) {
    const { size, pieces } = kind;
    this.package = kind;
    this.shares = pieces.prices.map((price) => mulDivUp(kind.ppm * price, kind.reduced, size));
    this.places = kind.limit == null ? null : kind.limit * size;
    this.price = 0;
    if (this.places !== null) {
      const worth = (price) => price * this.places + bounded(pieces.counts, this.boundsAt(price), elsewhere);
      this.price = least(this.shares.map((share, run) => share - elsewhere[run]), worth);
    }
    this.start = [0, 0];
    this.bounds = this.boundsAt(this.price);
    this.constant = this.price * (this.places ?? 0);
  }

  boundsAt(price) { return this.shares.map((share) => Math.max(0, share - price)); }

  * take(state, owed, run, wanted) {
    const { size, reduced } = this.package, off = this.package.off[run];
    let [position, waiting] = state, count = wanted, credit = owed;
    if (this.places !== null && position + count > this.places) {
      count = this.places - position;
      if (!count) { yield [state, 0, credit]; return; }
    }
    const after = position + count, rest = after % size;
    const gained = off * (this.package.reducedBefore(after) - this.package.reducedBefore(position));
    if (floorDiv(after, size) !== floorDiv(position, size)) {
      waiting = off * Math.max(0, rest - size + reduced);
      credit = rest * this.shares[run] - this.price * after;
    } else {
      waiting += gained;
      credit += count * (this.shares[run] - this.price);
    }
    yield [[this.places === null ? rest : after, waiting], gained, credit];
  }

  end(state) { return -state[1]; }
}

// A ladder: all pieces that take part get the rate of the highest step that they reach together.
export class Steps {
  constructor(pieces, measures, froms, offs) {
    Object.assign(this, { pieces, measures, froms, offs, whole: offs.every(whole) });
  }

  settle(counts) {
    const reached = total(counts.map((count, run) => count * this.measures[run]));
    const step = this.froms.findLastIndex((start) => reached >= start);
    if (step < 0) return { raw: 0, weights: zeros(counts), used: zeros(counts) };
    const weights = counts.map((count, run) => count * this.offs[step][run]);
    return { raw: total(weights), weights, used: [...counts] };
  }

  walks() {
    const all = total(this.pieces.counts.map((count, run) => count * this.measures[run]));
    const reachable = this.froms.map((_, step) => step).filter((step) => this.froms[step] <= all);
    return reachable.reverse().map((step) => new StepWalk(this, step));
  }
}

// To one step, or to nothing. State: how much of it is reached.
class StepWalk {
  constructor(kind, step) {
    Object.assign(this, { start: [0], bounds: kind.offs[step], constant: 0 });
    Object.assign(this, { from: kind.froms[step], measures: kind.measures });
  }

  * take(state, credit, run, count) {
    const reached = Math.min(state[0] + count * this.measures[run], Math.max(1, this.from));
    yield [[reached], count * this.bounds[run], credit];
  }

  end(state) { return !state[0] || state[0] >= this.from ? 0 : null; }
}

// Pieces at less (`off`) need places, which other pieces bring, `brings` / `per` of a place each, `most` at the most.
// A place costs `rent` because there are no more, and `fare` because it must be brought.
export class Places {
  constructor(pieces, off, brings, per, most, elsewhere, both) {
    Object.assign(this, { off, brings, per, most, rent: 0, fare: 0, start: [0, 0] });
    const fares = [0];
    off.forEach((each, run) => {
      const bring = brings[run], other = elsewhere[run];
      fares.push(each, each - other);
      if (!bring) return;
      fares.push(mulDivUp(other, per, bring));
      if (both && per > bring) fares.push(mulDiv(each - other, per, per - bring));
    });
    const worth = (fare, rent) => {
      Object.assign(this, { fare, rent });
      return most * rent + bounded(pieces.counts, this.boundsOf(both), elsewhere);
    };
    for (let round = 0; round < 2; round += 1) {
      let { rent } = this;
      const fare = least(fares, (price) => worth(price, rent));
      rent = least(off.map((each, run) => each - fare - elsewhere[run]), (price) => worth(fare, price));
      worth(fare, rent);
    }
    this.bounds = this.boundsOf(both);
    this.constant = most * this.rent;
  }

  // What a piece is worth for the places that it brings.
  share(run) { return mulDivUp(this.fare, this.brings[run], this.per); }

  boundsOf(both) {
    return this.off.map((off, run) => {
      const share = this.share(run), less = off - this.rent - this.fare;
      return both ? Math.max(0, less) + share : Math.max(0, less, share);
    });
  }
}

