// Bundles: so many pieces of each component together for one price, or a percentage less. The dearest pieces form as
// many as save something; a piece that several components mean plays the part that lets the dearer set be formed.
// The same in Python: promotions/bundles.py.
import { PPM, floorDiv, total } from "./engine_units.js";
import { bounded, least, whole, zeros } from "./engine_packages.js";

const ROUNDS = 3;

export class Bundles {
  // `parts`: which components each run may be a part of. `off`: what one piece adds, `price`: of a bundle, in PPM-ths.
  constructor(pieces, parts, needed, off, price, limit) {
    Object.assign(this, { pieces, parts, needed, off, price, limit, whole: whole(off) });
    this.tight = off.some((each, run) => each > pieces.rooms[run] * PPM);
  }

  settle(counts) {
    let low = 0, high = this.most(counts);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.saved(counts, middle + 1)[0] > this.saved(counts, middle)[0]) low = middle + 1;
      else high = middle;
    }
    const [saved, used] = this.saved(counts, low);
    if (saved <= 0) return { raw: 0, weights: zeros(counts), used: zeros(counts) };
    const rooms = used.map((count, run) => count * this.pieces.rooms[run]);
    return { raw: Math.min(saved, total(rooms) * PPM), weights: rooms, used };
  }

  // No more bundles than this can be formed of so many pieces.
  most(counts) {
    const there = zeros(this.needed);
    counts.forEach((count, run) => { for (const part of this.parts[run]) there[part] += count; });
    const most = Math.min(...there.map((have, part) => floorDiv(have, this.needed[part])));
    return Math.min(most, this.limit ?? most);
  }

  // What the dearest `times` bundles save before floors (below any saving where they cannot be formed), and their pieces.
  saved(counts, times) {
    const left = this.needed.map((need) => need * times);
    const placed = this.parts.map((parts) => new Map(parts.map((part) => [part, 0])));
    counts.forEach((there, run) => {
      for (let count = there, moved = 1; count && moved; count -= moved) moved = this.place(run, count, left, placed);
    });
    const used = placed.map((parts) => total([...parts.values()]));
    const saved = total(used.map((count, run) => count * this.off[run])) - this.price * times;
    return [left.some(Boolean) ? -1 - this.price * times - 2 * times : saved, used];
  }

  // Give some pieces of a run a part, others changing theirs where that makes room. How many.
  place(run, count, left, placed) {
    const came = new Map(this.parts[run].map((part) => [part, [-1, run]]));
    const queue = [...came.keys()];
    for (const part of queue) {
      if (left[part]) return this.moved(part, came, count, left, placed);
      placed.forEach((parts, other) => {
        if (!parts.get(part)) return;
        for (const after of parts.keys()) {
          if (!came.has(after)) { came.set(after, [part, other]); queue.push(after); }
        }
      });
    }
    return 0;
  }

  moved(free, came, count, left, placed) {
    const steps = [];
    let amount = Math.min(count, left[free]);
    for (let part = free; part >= 0;) {
      const [before, mover] = came.get(part);
      if (before >= 0) amount = Math.min(amount, placed[mover].get(before));
      steps.push([before, mover, part]);
      part = before;
    }
    left[free] -= amount;
    for (const [before, mover, after] of steps) {
      placed[mover].set(after, placed[mover].get(after) + amount);
      if (before >= 0) placed[mover].set(before, placed[mover].get(before) - amount);
    }
    return amount;
  }

  walks(elsewhere) { return [new BundleWalk(this, elsewhere)]; }
}

// State: how many pieces play each part, and (where floors may stop it) how much more that is than may go.
class BundleWalk {
  constructor(kind, elsewhere) {
    this.package = kind;
    this.most = kind.most(kind.pieces.counts);
    this.prices = zeros(kind.needed);
    this.prices[0] = floorDiv(kind.price, kind.needed[0]);
    const net = kind.off.map((off, run) => off - elsewhere[run]);
    const parts = this.prices.map((_, part) => part);
    for (let round = 0; round < (parts.length > 2 ? ROUNDS : 1); round += 1) {
      for (const part of parts) for (const other of parts.slice(part + 1)) this.improve(part, other, net, elsewhere);
    }
    if (kind.limit != null) for (const part of parts) this.improve(part, null, net, elsewhere);
    this.start = [...zeros(this.prices), 0];
    this.bounds = this.boundsOf();
    this.constant = this.constantOf();
  }

  paid() { return total(this.package.needed.map((need, part) => need * this.prices[part])); }

  // The price of one part to what makes the bound least; the other gives way, so that together they cost as before.
  improve(part, other, net, elsewhere) {
    const { prices } = this, { needed, price: bundle, parts } = this.package;
    const candidates = net.filter((_, run) => parts[run].includes(part));
    const paid = this.paid();
    let both = 0;
    if (other !== null) {
      both = Math.max(paid, bundle) - paid + needed[part] * prices[part] + needed[other] * prices[other];
      const worths = net.filter((_, run) => parts[run].includes(other));
      candidates.push(...worths.map((worth) => floorDiv(both - needed[other] * worth, needed[part])));
    }
    const whole = (price) => {
      prices[part] = price;
      if (other !== null) prices[other] = floorDiv(both - needed[part] * price, needed[other]);
      return this.constantOf() + bounded(this.package.pieces.counts, this.boundsOf(), elsewhere);
    };
    whole(least([...candidates, prices[part]], whole, other !== null));
  }

  boundsOf() {
    const { off, parts } = this.package;
    return off.map((each, run) => Math.max(0, ...parts[run].map((part) => each - this.prices[part])));
  }

  // What the places of all bundles cost beyond the bundles' price.
  constantOf() { return this.most * Math.max(0, this.paid() - this.package.price); }

  * take(state, credit, run, count) {
    const { off, pieces, parts, tight } = this.package;
    const excess = tight ? count * (off[run] - pieces.rooms[run] * PPM) : 0;
    for (const played of this.played(state, parts[run], count)) {
      const paid = total(played.map((after, part) => (after - state[part]) * this.prices[part]));
      yield [[...played, state.at(-1) + excess], count * off[run], credit - paid];
    }
  }

  // The ways in which so many pieces play these parts.
  * played(state, [part, ...others], count) {
    const room = this.most * this.package.needed[part] - state[part];
    for (let here = Math.min(count, room); here >= (others.length ? 0 : count); here -= 1) {
      const after = state.map((have, place) => (place === part ? have + here : have));
      if (others.length) yield* this.played(after, others, count - here);
      else yield after.slice(0, this.package.needed.length);
    }
  }

  end(state) {
    const { needed, price } = this.package;
    const times = floorDiv(state[0], needed[0]);
    if (needed.some((need, part) => state[part] !== need * times)) return null;
    return -Math.max(price * times, state.at(-1));
  }
}
