// What the search for the best combination begins with: its bidders, what each depth may still bring, and first guesses.
// The same in Python: promotions/combining.py.
import { PPM, exceeds, floorDiv, greatest, mulDiv, total } from "./engine_units.js";
import { valueOf } from "./engine_search.js";

export class Guessing {
  // `walks`: by bidder (in the order of the bids) the walks of its package.
  constructor(choices, wishes, bids, walks, sums) {
    this.choices = choices;
    this.walkers = [...walks.keys()].sort((one, other) => one - other);
    const number = new Map(this.walkers.map((place, at) => [place, at]));
    this.wishes = wishes.map((wish) => ({ ...wish, packages: wish.packages.map(([place, index]) => [number.get(place), index]) }));
    this.packages = this.walkers.map((place) => bids[place].package);
    this.options = this.walkers.map((place) => walks.get(place));
    const others = wishes.flatMap((wish) => wish.others.map(([place]) => place));
    this.places = [...new Set([...others, ...this.walkers])].sort((one, other) => one - other);
    this.slot = new Map(this.places.map((place, slot) => [place, slot]));
    this.start = this.places.map((place) => sums[place]);
    this.units = this.places.map((place) => choices[place].offer.unit);
    // The potential beyond which a bidder gives no more; -1: a package with a cap; null: no cap.
    this.caps = this.places.map((place) => {
      const { offer } = choices[place];
      if (offer.cap === null) return null;
      return walks.has(place) ? -1 : offer.cap * offer.unit;
    });
    this.capped = this.caps.map((_, slot) => slot).filter((slot) => this.caps[slot] !== null);
    this.broken = this.places.filter((place) => this.breaks(place));
    this.slack = total(this.broken.map((place) => choices[place].worth));
    this.step = choices[this.places[0]].worth; // all are worth the same
    this.best = [];
    this.bestValue = [-1, 0];
  }

  // Whether a bidder's sum need not be whole units, so that it is rounded.
  breaks(place) {
    const { unit } = this.choices[place].offer;
    if (this.walkers.includes(place)) return !this.packages[this.walkers.indexOf(place)].whole;
    const wants = this.wishes.flatMap((wish) => wish.others.filter(([other]) => other === place).map(([, each]) => each));
    return [...wants, this.start[this.slot.get(place)]].some((value) => value % unit);
  }

  // First assignments: bidders with a cap take what is worth least elsewhere, or nothing; every other piece goes where
  // its bound is greatest, and what a package cannot use goes on. `shy`: the packages take nothing.
  guess(walks, shy) {
    this.prepare(walks);
    for (const filling of this.capped.length ? [false, true] : [false]) {
      const left = this.wishes.map((wish) => wish.pieces), sums = [...this.start], taken = [];
      if (filling) this.fillCaps(left, sums, taken);
      if (!shy) this.fillPackages(walks, left, sums, taken);
      this.wishes.forEach((wish, number) => {
        const free = wish.others.filter(([place]) => !this.capped.includes(this.slot.get(place)));
        const others = free.length ? free : wish.others;
        if (!others.length || !left[number]) return;
        const [place, each] = greatest(others, ([one, value]) => value * this.choices[one].multiple);
        sums[this.slot.get(place)] += left[number] * each;
        taken.push([wish.run, place, left[number]]);
      });
      this.offer(sums, total(taken.map(([, place, count]) => place * count)), taken);
    }
  }

  // Bidders with a cap take pieces until it is reached, first those of which the greatest part is a gain.
  fillCaps(left, sums, taken) {
    for (const slot of this.capped) {
      const place = this.places[slot], { multiple } = this.choices[place], wanted = [];
      this.wishes.forEach((wish, i) => {
        const each = new Map(wish.others).get(place) ?? 0;
        if (each && each * multiple > this.most[i]) wanted.push([mulDiv(this.most[i], PPM, each * multiple), i, each]);
      });
      for (const [, i, each] of wanted.sort((one, other) => one[0] - other[0] || one[1] - other[1])) {
        const count = Math.min(left[i], -floorDiv(-(this.caps[slot] - sums[slot]), each));
        if (count <= 0) continue;
        left[i] -= count;
        sums[slot] += count * each;
        taken.push([this.wishes[i].run, place, count]);
      }
    }
  }

  // Packages settle the pieces that are worth most to them.
  fillPackages(walks, left, sums, taken) {
    this.walkers.forEach((place, number) => {
      const { multiple } = this.choices[place], runs = [];
      this.wishes.forEach((wish, i) => wish.packages.forEach(([n, index]) => { if (n === number) runs.push([i, index]); }));
      const counts = runs.map(() => 0);
      for (const [i, index] of runs) {
        const bound = multiple * walks[number].bounds[index];
        if (bound && bound >= this.most[i]) counts[index] = left[i];
      }
      const settled = this.packages[number].settle(counts);
      sums[this.slot.get(place)] += settled.raw;
      for (const [i, index] of runs) {
        if (!settled.used[index]) continue;
        left[i] -= settled.used[index];
        taken.push([this.wishes[i].run, place, settled.used[index]]);
      }
    });
  }

  // Remember a whole assignment if it is better than those before.
  offer(sums, penalty, taken) {
    const value = total(this.places.map((place, slot) => valueOf(this.choices[place], sums[slot])));
    const [most, least] = this.bestValue;
    if (value < most || (value === most && -penalty <= least)) return;
    this.best = taken;
    this.bestValue = [value, -penalty];
  }

  // The bounds for these walks: what each depth may still bring, and its capped bidders beyond that.
  prepare(walks) {
    const { wishes, choices } = this;
    this.walks = walks;
    this.constant = total(this.walkers.map((place, number) => choices[place].multiple * walks[number].constant));
    this.places.forEach((place, slot) => {
      if (this.caps[slot] === null && this.broken.includes(place)) this.constant += choices[place].slack;
    });
    this.most = [];
    this.other = [];
    const values = wishes.map((wish) => new Map(wish.others.map(([place, each]) => [this.slot.get(place), choices[place].multiple * each])));
    wishes.forEach((wish, depth) => {
      const free = [...values[depth]].filter(([slot]) => this.caps[slot] === null).map(([, value]) => value);
      const other = Math.max(0, ...free);
      const bounds = wish.packages.map(([number, index]) => choices[this.walkers[number]].multiple * walks[number].bounds[index]);
      this.most.push(Math.max(other, ...bounds));
      this.other.push(free.length < values[depth].size ? null : other);
    });
    this.rest = [0];
    this.room = this.capped.map(() => [[0, 0, 1]]);
    for (let depth = wishes.length - 1; depth >= 0; depth -= 1) {
      const { pieces } = wishes[depth], most = this.most[depth];
      this.rest.unshift(this.rest[0] + pieces * most);
      this.room.forEach((room, number) => {
        let [whole, top, bottom] = room[0];
        const value = values[depth].get(this.capped[number]) ?? 0;
        if (value > most) {
          whole += pieces * (value - most);
          if (exceeds(value - most, bottom, top, value)) [top, bottom] = [value - most, value];
        }
        room.unshift([whole, top, bottom]);
      });
    }
  }
}
