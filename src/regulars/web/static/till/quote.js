// The live price of the draft: asked after every change, the latest wins, an older answer is dropped.
import * as api from "./api.js";
import { config } from "./texts.js";
import { body, draft, forgetProof } from "./draft.js";
import { quoteHere } from "./offline/calculating.js";
import { ahead, line, rightTime, setAhead } from "./offline/line.js";
import { underWay } from "./lookups.js";
import { possible } from "./offline/selling.js";

const PAUSE_MS = 70;
const RETRY_MS = 3000;
const OF_PROOF = ["proof_required", "proof_wrong", "spending_locked"];
const OF_SPENDING = [...OF_PROOF, "insufficient_points", "spending_not_allowed", "spender_limit"];
const ofCard = (fault) => Boolean(fault.problem?.gift_card) || fault.code === "gift_card_unusable";
const listeners = new Set();

export const quote = { answer: null, pending: false, fault: null, refusedSpend: null, refusedCard: null };

let turn = 0;
let timer = 0;
let controller = null;
let priced = ""; // the receipt that the price on the page is of

const receipt = () => JSON.stringify([draft.lines, draft.customer, draft.spend, draft.giftCard]);

export function onQuote(listener) { listeners.add(listener); }
function emit() { for (const listener of listeners) listener(); }

// By the server's clock. What is made without the line has this computer's own, and tells later by how much that was wrong.
export async function present() {
  if (!config.sandbox) return line.up || !possible() ? rightTime() : new Date();
  if (!line.up) return ahead();
  const { now } = await api.get("/v1/sandbox/clock");
  setAhead(new Date(now));
  return new Date(now);
}

export function refresh() {
  turn += 1;
  controller?.abort();
  clearTimeout(timer);
  if (!draft.lines.length) {
    Object.assign(quote, { answer: null, pending: false, fault: null, refusedSpend: null, refusedCard: null });
    emit();
    return;
  }
  quote.pending = true;
  emit();
  timer = setTimeout(ask, PAUSE_MS, turn);
}

async function ask(mine) {
  if (!line.up && possible()) {
    const here = quoteHere();
    take(here.answer, here.refused, here.refusedCard);
    return;
  }
  controller = new AbortController();
  const { signal } = controller;
  let refused = null;
  let refusedCard = null;
  try {
    const at = await present();
    let answer;
    try {
      answer = await api.post("/v1/purchases/preview", body(at), { signal });
    } catch (fault) {
      if (ofCard(fault) && draft.giftCard) {
        refusedCard = fault;
        draft.giftCard = null; // its code is none, or blocked: the price is shown without it
        answer = await api.post("/v1/purchases/preview", body(at), { signal });
      } else if (!draft.spend || !OF_SPENDING.includes(fault.code)) throw fault;
      else {
        refused = fault;
        if (OF_PROOF.includes(fault.code)) forgetProof(); // sent again, a wrong one would be counted again
        answer = await api.post("/v1/purchases/preview", body(at, { spend: false }), { signal });
      }
    }
    if (mine === turn) take(answer, refused, refusedCard);
  } catch (fault) {
    if (mine !== turn || fault.code === "stale") return;
    // A till in training may never have fetched a snapshot: then the price of this very receipt goes on standing.
    if (config.training && fault.status === 0 && quote.answer && priced === receipt()) {
      take(quote.answer, quote.refusedSpend, quote.refusedCard);
      return;
    }
    Object.assign(quote, { answer: null, pending: false, fault });
    emit();
    if (fault.unsure) timer = setTimeout(() => mine === turn && refresh(), Math.max(RETRY_MS, fault.retryAfter * 1000));
  }
}

// A quote from elsewhere: the one that came with `price_changed`.
export function take(answer, refused = null, refusedCard = null) {
  priced = receipt();
  Object.assign(quote, { answer, pending: false, fault: null, refusedSpend: refused, refusedCard });
  emit();
}

export const ready = () => Boolean(quote.answer) && !quote.pending && !quote.refusedSpend && !underWay();

export function sums(amounts) {
  const by = new Map();
  for (const { currency, amount } of amounts ?? []) by.set(currency, (by.get(currency) ?? 0) + amount);
  return [...by];
}

// Points that pay; money of gift cards stands beside them in the answer.
export const pointsIn = (answer) => (answer.spent ?? []).filter((one) => !one.gift_card);
export const cardsIn = (answer) => (answer.spent ?? []).filter((one) => one.gift_card);
export const spentOf = (answer) => pointsIn(answer).reduce((all, { amount }) => all + amount, 0);
export const worthOf = (answer) => (answer.spent ?? []).reduce((all, { worth }) => all + worth, 0);
