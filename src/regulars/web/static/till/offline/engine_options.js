// Who wants which pieces: the bids on one scale, the offers for each run, and parts that can be decided by themselves.
// The same in Python: promotions/stacking.py.

// Steps of the exact search after which the best assignment found so far is taken.
export const NODES_MAX = 3000;

export const byRun = (one, other) => one[0] - other[0];
export const inOrder = (taken) => taken.sort((one, other) => byRun(one, other) || one[1] - other[1]);

// The bids on one common scale: whole numbers in which a unit of each counts alike.
export function choicesOf(bids) {
  const scale = Math.max(...bids.map((bid) => bid.offer.unit)); // units are 1 and a million
  return bids.map(({ offer }) => ({
    offer, multiple: (2 * scale) / offer.unit, worth: 2 * scale, slack: scale,
    capValue: offer.cap === null ? null : offer.cap * 2 * scale,
  }));
}

// For each run who wants it, in the order of the bids: value on the common scale, bid, potential.
export function optionsOf(bids, choices) {
  const options = new Map();
  bids.forEach(({ runs, offer, package: grouped }, place) => {
    if (grouped) return;
    runs.forEach((run, number) => {
      const potential = offer.potentials[number];
      if (potential <= 0) return;
      if (!options.has(run)) options.set(run, []);
      options.get(run).push([potential * choices[place].multiple, place, potential]);
    });
  });
  return options;
}

// The offers for a run that some best assignment might take.
export function serious(offers, choices, pieces) {
  const sure = offers.filter(([, place]) => choices[place].capValue === null);
  const top = Math.max(0, ...sure.map(([value, place]) => value - choices[place].worth * pieces));
  return offers.filter(([value, place]) => value + choices[place].worth * pieces >= top);
}

// The runs in question in parts of which no two share a bid, each in their order.
export function apart(free, bidders, bids) {
  const partOf = Array.from({ length: bids }, (_, place) => place);
  const root = (place) => (partOf[place] === place ? place : root(partOf[place]));
  for (const wanted of free) {
    const [first, ...others] = bidders(wanted);
    const mine = root(first);
    for (const place of others) partOf[root(place)] = mine;
  }
  const parts = new Map();
  for (const wanted of free) {
    const mine = root(bidders(wanted)[0]);
    if (!parts.has(mine)) parts.set(mine, []);
    parts.get(mine).push(wanted);
  }
  return [...parts.values()];
}
