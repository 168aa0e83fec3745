// What is left to pay: the tax of each rate, and how much of it points may pay. The same in Python: promotions/paying.py.
import { PPM, allocate, mulDiv, mulDivHalfUp, rateText, total } from "./engine_units.js";
import { goodsOf, has } from "./engine_scene.js";

// By rate, on the sum of its lines, half up; `base` is without the tax. And what each line costs with its tax.
export function taxed(scene) {
  const byRate = new Map();
  scene.lines.forEach(({ rate }, place) => byRate.set(rate, [...(byRate.get(rate) ?? []), place]));
  const included = scene.rules.prices_include_tax;
  const costs = [...scene.net], taxes = [];
  for (const [rate, places] of [...byRate].sort(([one], [other]) => one - other)) {
    const nets = places.map((place) => scene.net[place]), amount = total(nets);
    const tax = mulDivHalfUp(amount, rate, included ? PPM + rate : PPM);
    taxes.push({ rate: rateText(rate), base: included ? amount - tax : amount, tax });
    if (included) continue;
    allocate(tax, nets.map((net) => Math.max(0, net))).forEach((part, at) => { costs[places[at]] += part; });
  }
  return { taxes, costs };
}

// Minor units of money that points may pay of what the lines cost: the program's shares, rounded down, and nothing of
// the goods for which it lets nobody pay with points. Nothing by rules of before they said so.
export function payableWithPoints({ rules, lines }, costs) {
  const { points } = rules;
  if (!points) return 0;
  const left = costs.map((cost) => Math.max(0, cost));
  const outside = points.excluded ? goodsOf(points.excluded) : null;
  const most = left.map((cost, place) => (outside && has(outside, lines[place].keys) ? 0 : mulDiv(cost, points.share_line_max, PPM)));
  return Math.min(total(most), mulDiv(total(left), points.share_max, PPM));
}
