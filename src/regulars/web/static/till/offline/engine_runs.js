// Runs of alike pieces: at first one for each line; a competition may divide them. All prices are those of the whole
// run in minor units: `start` at the beginning of the group, `price` now. The same in Python: promotions/runs.py.
import { floorDiv } from "./engine_units.js";

export class Runs {
  constructor(scene) {
    this.place = [...scene.all];
    this.pieces = [...scene.pieces];
    this.price = [...scene.net];
    this.start = [...scene.net];
    this.gross = [...scene.gross];
    this.floor = [...scene.floors];
    this.quantity = scene.lines.map((line) => line.quantity);
    this.divided = false;
  }

  begin() { this.start = [...this.price]; }

  // What of a run's price may still go.
  room(run) { return Math.max(0, this.price[run] - this.floor[run]); }

  // The runs of these lines, without those of barred lines.
  of(places, barred) {
    if (!this.divided) return places.filter((place) => !barred.has(place));
    const wanted = new Set(places);
    const runs = this.place.map((_, run) => run);
    return runs.filter((run) => wanted.has(this.place[run]) && !barred.has(this.place[run]));
  }

  // Cut a run into runs of so many pieces; the earlier pieces have the odd minor units. Their numbers.
  divide(run, wanted) {
    const counts = wanted.filter((count) => count);
    if (counts.length < 2) return [run];
    this.divided = true;
    const runs = [run, ...counts.slice(1).map((_, more) => this.place.length + more)];
    const pieces = this.pieces[run];
    for (const column of [this.price, this.start, this.gross, this.floor, this.quantity]) {
      const each = floorDiv(column[run], pieces);
      let odd = column[run] - each * pieces;
      counts.forEach((count, part) => {
        const extra = Math.min(odd, count);
        column[runs[part]] = each * count + extra;
        odd -= extra;
      });
    }
    counts.forEach((count, part) => {
      this.place[runs[part]] = this.place[run];
      this.pieces[runs[part]] = count;
    });
    return runs;
  }

  // Cut runs whose price is no whole number of minor units per piece, so that their pieces are alike. Whether any was.
  makeAlike(runs = this.place.map((_, run) => run)) {
    let found = false;
    for (const run of runs) {
      const pieces = this.pieces[run];
      if (pieces < 2) continue;
      const columns = [this.price, this.start, this.gross, this.floor];
      const cuts = new Set(columns.map((column) => column[run] % pieces).filter((cut) => cut));
      if (!cuts.size) continue;
      found = true;
      const edges = [0, ...[...cuts].sort((one, other) => one - other), pieces];
      this.divide(run, edges.slice(1).map((end, place) => end - edges[place]));
    }
    return found;
  }
}

// Set the potential of a run, or of a new run cut from it.
export function withPart(bid, run, part, potential) {
  const { potentials } = bid.offer;
  if (part === run) potentials[bid.runs.indexOf(run)] = potential;
  else {
    bid.runs.push(part);
    potentials.push(potential);
  }
}

// The parts with what exceeds a room (a unit of rounding) moved to the first that has room for it.
export function within(rooms, parts) {
  let over = 0;
  const found = parts.map((part, place) => {
    over += Math.max(0, part - rooms[place]);
    return Math.min(part, rooms[place]);
  });
  return found.map((part, place) => {
    const more = Math.min(over, rooms[place] - part);
    over -= more;
    return part + more;
  });
}
