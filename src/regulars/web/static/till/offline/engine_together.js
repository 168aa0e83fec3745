// Pieces of which some are reduced because of others: the dearest of each so many, buy X get Y.
// The same in Python: promotions/packages.py (Dearest), promotions/bundles.py (Together).
import { ceilDiv, floorDiv, total } from "./engine_units.js";
import { Places, whole, zeros } from "./engine_packages.js";

// The runs by what they save, the greatest first; of equals the earlier.
const bySaving = (off) => off.map((_, run) => run).sort((one, other) => off[other] - off[one]);

// Of each `size` pieces that take part the `reduced` with the greatest saving are at `off` less.
export class Dearest {
  constructor(pieces, size, reduced, off, limit) {
    Object.assign(this, { pieces, size, reduced, off, limit, whole: whole(off) });
  }

  groups(count) {
    const groups = floorDiv(count, this.size);
    return Math.min(groups, this.limit ?? groups);
  }

  settle(counts) {
    const groups = this.groups(total(counts));
    let left = groups * this.reduced, fillers = groups * (this.size - this.reduced);
    const weights = zeros(counts), used = zeros(counts);
    for (const run of bySaving(this.off)) {
      used[run] = Math.min(counts[run], left);
      weights[run] = used[run] * this.off[run];
      left -= used[run];
    }
    for (let run = counts.length - 1; run >= 0; run -= 1) {
      const more = Math.min(counts[run] - used[run], fillers);
      used[run] += more;
      fillers -= more;
    }
    return { raw: total(weights), weights, used };
  }

  walks(elsewhere) { return [new DearestWalk(this, elsewhere)]; }
}

// State: how many are reduced, and how many only fill the groups.
class DearestWalk extends Places {
  constructor(kind, elsewhere) {
    const { size, reduced, pieces } = kind;
    const groups = kind.groups(total(pieces.counts));
    super(pieces, kind.off, pieces.counts.map(() => reduced), size, groups * reduced, elsewhere, true);
    this.package = kind;
    this.fillersMax = groups * (size - reduced);
  }

  * take(state, credit, run, count) {
    const [reduced, fillers] = state, off = this.off[run], share = this.share(run);
    for (let here = Math.min(count, this.most - reduced); here >= 0; here -= 1) {
      const after = Math.min(fillers + count - here, this.fillersMax);
      yield [[reduced + here, after], here * off, credit + count * share - here * (this.fare + this.rent)];
    }
  }

  end([reduced, fillers]) {
    return reduced + fillers >= ceilDiv(reduced, this.package.reduced) * this.package.size ? 0 : null;
  }
}

// Each `buy` triggers let at most `get` rewards be at `off` less; a piece that is both plays whichever gives more.
export class Together {
  constructor(pieces, triggers, rewards, off, buy, get, limit) {
    Object.assign(this, { pieces, triggers, rewards, buy, get, limit });
    this.off = off.map((each, run) => (rewards[run] ? each : 0));
    this.whole = whole(this.off);
  }

  // How often so many triggers count.
  times(triggers) {
    const times = floorDiv(triggers, this.buy);
    return Math.min(times, this.limit ?? times);
  }

  // The best number of times: what is saved grows with each, ever more slowly, and then falls.
  settle(counts) {
    const triggers = total(counts.filter((_, run) => this.triggers[run]));
    let low = 0, high = this.times(triggers);
    while (low < high) {
      const middle = (low + high) >> 1;
      const more = this.saved(this.chosen(counts, triggers, middle + 1));
      if (more > this.saved(this.chosen(counts, triggers, middle))) low = middle + 1;
      else high = middle;
    }
    const used = this.chosen(counts, triggers, low);
    const weights = used.map((count, run) => count * this.off[run]);
    let wanted = ceilDiv(total(used), this.get) * this.buy;
    for (let run = counts.length - 1; run >= 0; run -= 1) {
      if (!this.triggers[run]) continue;
      const more = Math.min(counts[run] - used[run], wanted);
      used[run] += more;
      wanted -= more;
    }
    return { raw: total(weights), weights, used };
  }

  // How many of each run are given: the dearest, as long as the triggers of so many times are left.
  chosen(counts, triggers, times) {
    let left = this.get * times, spare = triggers - this.buy * times;
    const chosen = zeros(counts);
    for (const run of bySaving(this.off)) {
      if (!this.off[run]) continue;
      let here = Math.min(counts[run], left);
      if (this.triggers[run]) {
        here = Math.min(here, spare);
        spare -= here;
      }
      chosen[run] = here;
      left -= here;
    }
    return chosen;
  }

  saved(chosen) { return total(chosen.map((count, run) => count * this.off[run])); }

  walks(elsewhere) { return [new TogetherWalk(this, elsewhere)]; }
}

// State: how many triggers and how many rewards so far.
class TogetherWalk extends Places {
  constructor(kind, elsewhere) {
    const { pieces } = kind;
    const times = kind.times(total(pieces.counts.filter((_, run) => kind.triggers[run])));
    const brings = kind.triggers.map((trigger) => (trigger ? kind.get : 0));
    super(pieces, kind.off, brings, kind.buy, kind.get * times, elsewhere, false);
    this.package = kind;
    this.triggersMax = kind.buy * times;
  }

  * take(state, credit, run, count) {
    const [triggers, rewards] = state, off = this.off[run], share = this.share(run);
    const trigger = this.package.triggers[run];
    const most = off ? Math.min(count, this.most - rewards) : 0;
    for (let here = most; here >= (trigger ? 0 : most); here -= 1) {
      const more = trigger ? count - here : 0;
      const after = [Math.min(triggers + more, this.triggersMax), rewards + here];
      yield [after, here * off, credit + more * share - here * (this.fare + this.rent)];
    }
  }

  end([triggers, rewards]) {
    return rewards <= this.package.get * this.package.times(triggers) ? 0 : null;
  }
}
