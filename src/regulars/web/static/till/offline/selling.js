// A sale without the line: kept with its counter and allowance in one step, as it will be sent.
import * as draft from "../draft.js";
import * as keeping from "./keeping.js";
import { clockSkew, lastHeard, line, suspect } from "./line.js";
import { PLACE, allowanceOf, deviceOf, snapshot } from "./snapshot.js";
import * as store from "./store.js";
import * as moving from "../../shared/dynamic_code.js";

// The receipt as a fact: what each line cost and what was taken off it, by which promotion.
function soldLines(lines, answer) {
  const priced = new Map(answer.lines.map((line) => [line.line, line]));
  return lines.map(({ gift, ...line }) => {
    const { gross, discount, awards } = priced.get(line.line);
    const discounts = awards.filter(({ amount }) => amount > 0).map(({ promotion, amount }) => ({ promotion, amount }));
    const rest = discount - discounts.reduce((sum, { amount }) => sum + amount, 0);
    if (rest > 0) discounts.push({ reason: "price", amount: rest });
    return {
      ...line, brand: line.brand || undefined, unit: line.unit || undefined, regular_price: line.regular_price ?? undefined,
      gross, discount, discounts: discount ? discounts : undefined,
    };
  });
}

// What paid, in the amounts of the answer. The answer has only the end of a gift card's code; the body has all of it.
function paidBy(body, answer) {
  const codes = (body.spend ?? []).map((one) => one.gift_card).filter(Boolean);
  return answer.spent.map(({ currency, amount, gift_card: shown }) =>
    (shown ? { gift_card: codes.shift(), amount } : { currency, amount }));
}

function soldBody(body, answer, at) {
  const { expect, proof, spend, hold, ...sold } = body;
  return {
    ...sold, pricing: "as_sold", purchased_at: at, lines: soldLines(body.lines, answer),
    spend: answer.spent.length ? paidBy(body, answer) : undefined,
  };
}

function offlinePart(device, counter, allowance, by = snapshot.body?.id) {
  return { device, counter, snapshot: by, allowance: allowance ?? undefined };
}

const useOf = ({ card }, { amount, worth }) => ({ card, amount, worth, snapshot: snapshot.body.id });

// Keep the receipt of the draft, priced by `answer`. Null where the allowance does not reach any more: another tab used
// it, or the phone's code ran out, or was taken by another tab. Rejects with QuotaExceededError where there is no room; nothing is kept then. `at`: by
// this computer's own clock.
export async function sell(answer, at) {
  const [spent] = answer.spent;
  const { allowance } = draft.draft.customer ?? {};
  const body = soldBody(draft.body(at), answer, draft.localStamp(at));
  if (spent && keeping.byPhone()) body.card = draft.draft.moving.value;
  const most = allowance && keeping.mostOf(allowance);
  const kept = await store.keep(PLACE, body.id, (device, counter) => ({
    at: at.toISOString(), after: lastHeard(), payable: answer.payable,
    body: { ...body, offline: { ...offlinePart(device, counter, spent && allowance.token), clock_skew_seconds: clockSkew() || undefined } },
  }), {
    use: spent ? useOf(allowance, spent) : null,
    code: spent && keeping.byPhone() ? moving.read(draft.draft.moving.value) : null,
    allow: (used) => keeping.leftOf(allowance.card, most, used) >= spent.amount && keeping.leftHere(used) >= spent.worth,
  });
  if (kept) await keeping.changed();
  return kept;
}

// Whether the phone's code that was scanned for the draft was taken by another tab since: it proves nothing any more.
export async function codeTaken() {
  return keeping.byPhone() && store.codeSeen(moving.read(draft.draft.moving.value), Date.now() / 1000);
}

// A purchase that was under way when the line went down. It keeps its request id whatever becomes of it, so it cannot
// become a second receipt: the very same body is sent again first, and if the server had recorded it then, it gives
// that first answer. Only where the server refuses it (a proof may be too old by then), nothing was recorded under this
// id, and it follows as sold: with the card's allowance, if there is one, so that it is the customer who pays.
export async function keepInFlight({ body, answer }) {
  const at = new Date();
  const sold = answer ? soldBody(body, answer, body.purchased_at) : null;
  const spent = (answer?.spent ?? []).find(({ currency }) => currency && currency === snapshot.body?.spending?.currency);
  const allowance = spent && body.card ? await allowanceOf(body.card) : null;
  if (allowance && body.proof?.kind === "dynamic") sold.card = body.proof.value;
  await store.keepInFlight(PLACE, body.id, {
    at: at.toISOString(), payable: answer?.payable ?? 0, body, sold,
    allowed: allowance ? { token: allowance.token, snapshot: snapshot.body.id } : undefined,
  }, allowance ? useOf(allowance, spent) : null);
  await keeping.changed();
}

// A request that was given up while nobody could be told: its void is the next that is sent.
export async function keepVoid(request) {
  await store.keepInFlight(PLACE, `void-${request}`, { at: new Date().toISOString(), payable: 0, kind: "void", body: { request } });
  await keeping.changed();
}

// The purchase in flight as a receipt that was sold, once the server refused it: its time is the server's. Throws where this computer is no device of
// its till, and cannot become one.
export async function becomeSold(item) {
  await deviceOf(item.sold);
  await store.turnIntoSold(item, (device, counter) => ({
    body: { ...item.sold, offline: offlinePart(device, counter, item.allowed?.token, item.allowed?.snapshot) },
  }));
}

// Whether there are goods and prices here to go on with.
export const possible = () => Boolean(snapshot.body);

// Whether the line is down, and this till goes on by itself.
export const alone = () => !line.up && possible();

// What the server says; where the line is down, or turns out to be while somebody waits, what is known here.
export async function either(there, here) {
  if (!alone()) {
    try { return await there(); } catch (fault) {
      if (fault.status !== 0) throw fault;
      await suspect();
      if (!alone()) throw fault;
    }
  }
  return here();
}
