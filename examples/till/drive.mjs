// Lets `regulars certify --driver "node examples/till/drive.mjs"` work the till in 30 lines of JavaScript.
// A driver reads one act a line as JSON, does it with the till, and writes one reply a line.
import { Till } from "./till_in_30_lines.mjs";

const WITHOUT_CARD = ["card_blocked", "card_unassigned", "invalid_card_number", "not_found"];
let till = null;
let sold = {};

const lines = (act) => (act.goods ?? []).map(({ sku, name, quantity = "1", unit_price, category, tax_rate }, place) =>
  ({ line: place + 1, sku, name, quantity, unit_price, categories: [category], tax_rate }));

async function sell(act) {
  try {
    return await till.sell(act.customer ?? {}, lines(act));
  } catch (problem) {
    if (problem.code === "price_changed" && act.if_price_changed === "agree") return till.sell(act.customer ?? {}, lines(act));
    if (WITHOUT_CARD.includes(problem.code)) return till.sell({}, lines(act));
    throw problem;
  }
}

const ACTS = {
  async price(act) {
    const { store, currency } = till;
    const body = { id: "price", store, currency, purchased_at: new Date().toISOString(), lines: lines(act), ...act.customer };
    return (await till.post("/v1/purchases/preview", body)).payable;
  },
  async sell(act) {
    const answer = await sell(act);
    sold[act.sale] = answer.id;
    return answer.payable;
  },
  async void(act) {
    await till.post(`/v1/purchases/${sold[act.sale]}/void`, { reason: "the customer changed her mind" });
    return null;
  },
  async return(act) {
    const back = act.lines.map(([line, quantity]) => ({ line, quantity }));
    const body = { id: `${till.store}-r-${Date.now()}-${Math.random()}`, lines: back, returned_at: new Date().toISOString() };
    return (await till.post(`/v1/purchases/${sold[act.sale]}/returns`, body)).money_back;
  },
};

// What the till says of an act.
export async function act(wanted) {
  if (wanted.act === "begin") {
    till = new Till(wanted.settings);
    sold = {};
    return { done: true };
  }
  try {
    return { done: true, amount: await ACTS[wanted.act](wanted) };
  } catch (problem) {
    if (!problem.code) throw problem;
    return { done: false, said: problem.detail ?? problem.code };
  }
}

if (globalThis.process?.argv[1]?.endsWith("drive.mjs")) {
  const { createInterface } = await import("node:readline");
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await act(JSON.parse(line)))}\n`);
  }
}
