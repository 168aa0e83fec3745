// One group of promotions at work: who may bid, what each takes, and what falls on which line.
// The same in Python: promotions/competition.py, without limits, of which a till alone knows nothing.
import { PPM, allocate, ceilDiv, floorDiv, total } from "./engine_units.js";
import { goodsOf, has } from "./engine_scene.js";
import { given, isGrouped, isOfPieces, linesOf, offer, offerOf, packageOf } from "./engine_benefits.js";
import { Runs, withPart, within } from "./engine_runs.js";
import { alone, assign } from "./engine_stacking.js";

const NOWHERE = new Set();

// What one benefit gave: on each line (by place) an amount; or whether something is said.
const gave = (promotion, benefit) => ({ promotion, benefit, amounts: new Map(), said: false });

export class Competition {
  constructor(scene) {
    this.scene = scene;
    this.runs = new Runs(scene);
    this.fromGross = scene.rules.discount_on === "original_price";
    this.clips = scene.clips;
    const outside = scene.rules.excluded ? goodsOf(scene.rules.excluded) : null;
    this.outside = new Set(outside ? scene.all.filter((place) => has(outside, scene.lines[place].keys)) : []);
  }

  source() { return this.fromGross ? this.runs.gross : this.runs.start; }

  // What a benefit offers on the lines that it means; null where there are none.
  bid(benefit, barredLines) {
    const { runs: table, scene } = this;
    const barred = this.outside.size ? new Set([...this.outside, ...barredLines]) : barredLines;
    const runs = table.of(linesOf(benefit, scene), barred);
    if (!runs.length) return null;
    if (isGrouped(benefit)) return this.packed(benefit, runs);
    const source = this.source();
    return {
      runs, package: null,
      offer: offerOf(benefit, scene, {
        places: runs.map((run) => table.place[run]), prices: runs.map((run) => source[run]),
        rooms: runs.map((run) => table.room(run)), quantities: runs.map((run) => table.quantity[run]),
      }),
    };
  }

  // The bid of a benefit that counts pieces together, its runs dearest first. `counts`: on so many pieces of each.
  packed(benefit, runs, counts = null) {
    const table = this.runs, source = this.source();
    const price = (run) => floorDiv(source[run], table.pieces[run]);
    const room = (run) => floorDiv(table.room(run), table.pieces[run]);
    const order = [...runs].sort((one, other) => price(other) - price(one) || room(one) - room(other) || one - other);
    const pieces = {
      places: order.map((run) => table.place[run]), counts: order.map((run) => counts?.get(run) ?? table.pieces[run]),
      prices: order.map(price), rooms: order.map(room),
      quantities: order.map((run) => floorDiv(table.quantity[run], table.pieces[run])),
    };
    return { runs: order, offer: offer(order.map(() => 1), PPM, null), package: packageOf(benefit, this.scene, pieces) };
  }

  // Benefits for which pieces of lines compete. Joint promotions come after, beside everybody.
  pieces(rule, promotions, barred) {
    const competing = [], beside = [];
    for (const promotion of promotions) {
      for (const benefit of promotion.benefits.filter(isOfPieces)) {
        if (promotion.joint || rule === "all") beside.push([promotion, benefit]);
        else {
          competing.push([promotion, benefit]);
          if (isGrouped(benefit)) this.alike(benefit);
        }
      }
    }
    const found = competing.length ? this.competed(rule, competing, barred) : [];
    this.scene.clips ||= beside.length > 1 || competing.length > 0;
    for (const [promotion, benefit] of beside) {
      if (isGrouped(benefit)) this.alike(benefit);
      const bid = this.bid(benefit, promotion.joint ? NOWHERE : barred);
      if (bid) found.push(this.give({ promotion, benefit, bid }));
    }
    this.scene.clips = this.clips;
    return found;
  }

  // Where pieces count together, let the pieces of each of their runs be alike.
  alike(benefit) { this.runs.makeAlike(this.runs.of(linesOf(benefit, this.scene), NOWHERE)); }

  competed(rule, competing, barred) {
    let bidders = this.bidders(competing, barred);
    if (bidders.length > 1 && rule === "best" && this.runs.makeAlike()) bidders = this.bidders(competing, barred);
    if (bidders.length === 1) return [this.give(bidders[0])];
    if (!bidders.length) return [];
    const portions = assign(rule, bidders.map(({ bid }) => bid), this.runs.pieces);
    const divided = this.divided(portions, bidders);
    return bidders.flatMap((bidder, number) => (divided[number].length ? [this.give(bidder, divided[number])] : []));
  }

  // Those that could give anything.
  bidders(competing, barred) {
    const bidders = competing.map(([promotion, benefit]) => ({ promotion, benefit, bid: this.bid(benefit, barred) }));
    return bidders.filter(({ bid }) => bid && (bid.package ? alone(bid) : bid.offer.potentials.some(Boolean)));
  }

  // Cut the runs that several bidders share; each bidder's portions are then whole runs.
  divided(portions, bidders) {
    const { pieces } = this.runs, shared = new Map();
    portions.forEach((taken, number) => taken.forEach(([run, count]) => {
      if (count === pieces[run]) return;
      if (!shared.has(run)) shared.set(run, []);
      shared.get(run).push([number, count]);
    }));
    const whole = portions.map((taken) => taken.filter(([run]) => !shared.has(run)));
    for (const [run, takers] of shared) {
      const all = pieces[run], counts = takers.map(([, count]) => count);
      const parts = this.runs.divide(run, [...counts, all - total(counts)]);
      takers.forEach(([number, count], place) => {
        whole[number].push([parts[place], count]);
        const { bid } = bidders[number];
        if (!bid.package) withPart(bid, run, parts[place], floorDiv(bid.offer.potentials[bid.runs.indexOf(run)] * count, all));
      });
    }
    return whole;
  }

  // Round once on the whole of what a benefit takes, and let it fall on the runs by largest remainder.
  give({ promotion, benefit, bid }, portions = null) {
    if (bid.package) return this.givePackage(promotion, benefit, bid, portions);
    let { runs } = bid, weights = bid.offer.potentials;
    if (portions && portions.length !== runs.length) {
      const of = new Map(runs.map((run, place) => [run, weights[place]]));
      runs = portions.map(([run]) => run).sort((one, other) => one - other);
      weights = runs.map((run) => of.get(run));
    }
    const amount = given(bid.offer, total(weights)), found = gave(promotion, benefit);
    if (!amount) return found;
    // Rounded up, no line gives more than it may for that.
    const parts = within(weights.map((weight) => ceilDiv(weight, bid.offer.unit)), allocate(amount, weights));
    parts.forEach((part, place) => this.take(found, runs[place], part));
    return found;
  }

  givePackage(promotion, benefit, whole, portions) {
    const bid = portions ? this.packed(benefit, portions.map(([run]) => run), new Map(portions)) : whole;
    const { raw, weights } = bid.package.settle(bid.package.pieces.counts);
    const amount = given(whole.offer, raw), found = gave(promotion, benefit), table = this.runs;
    if (!amount) return found;
    const shares = bid.runs.map((run, place) => [run, weights[place]]).sort((one, other) => one[0] - other[0]);
    const parts = within(shares.map(([run]) => table.room(run)), allocate(amount, shares.map(([, weight]) => weight)));
    shares.forEach(([run], place) => this.take(found, run, parts[place]));
    return found;
  }

  // Take a part off a run's price.
  take(found, run, part) {
    if (!part) return;
    const table = this.runs, place = table.place[run];
    table.price[run] -= part;
    found.amounts.set(place, (found.amounts.get(place) ?? 0) + part);
  }

  // Benefits for which the purchase competes as a whole: under all rules but `all` one promotion wins.
  purchase(rule, promotions, barred) {
    const competing = [], winners = [];
    for (const promotion of promotions) {
      if (promotion.benefits.every(isOfPieces)) continue;
      if (promotion.joint || (rule === "all" && !barred)) winners.push(promotion);
      else if (!barred) {
        const worth = this.worth(promotion);
        if (worth > 0) competing.push([worth, promotion]);
      }
    }
    if (competing.length) {
      const better = { best: (one, other) => one > other, worst: (one, other) => one < other }[rule] ?? (() => false);
      winners.unshift(competing.reduce((first, other) => (better(other[0], first[0]) ? other : first))[1]);
    }
    this.scene.clips ||= winners.length > 1 || winners.some((promotion) => promotion.benefits.length > 1);
    const found = winners.flatMap((promotion) => promotion.benefits.filter((benefit) => !isOfPieces(benefit))
      .flatMap((benefit) => this.giveWhole(promotion, benefit)));
    this.scene.clips = this.clips;
    return found;
  }

  giveWhole(promotion, benefit) {
    if (benefit.kind === "message") return this.heard(benefit) ? [{ ...gave(promotion, benefit), said: true }] : [];
    const bid = this.bid(benefit, NOWHERE);
    return bid ? [this.give({ promotion, benefit, bid })] : [];
  }

  // Something that is said needs a line of its goods.
  heard(benefit) { return this.scene.linesOf(goodsOf(benefit.goods)).length > 0; }

  // In thousandths of a minor unit; what costs nothing is better than nothing.
  worth(promotion) {
    return total(promotion.benefits.filter((benefit) => !isOfPieces(benefit)).map((benefit) => {
      if (benefit.kind === "message") return this.heard(benefit) ? 1 : 0;
      const bid = this.bid(benefit, NOWHERE);
      return bid ? alone(bid) * 1000 : 0;
    }));
  }
}
