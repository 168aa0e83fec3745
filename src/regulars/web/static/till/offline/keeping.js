// What is waiting here, as all tabs of this computer see it: read again after every change of any of them.
import { config } from "../texts.js";
import * as draft from "../draft.js";
import { snapshot } from "./snapshot.js";
import * as store from "./store.js";

export const kept = { waiting: [], used: [], refused: [], sent: [], persisted: false };
const listeners = new Set();
const channel = new BroadcastChannel(`regulars.till.${config.program}`);

export function onKept(listener) { listeners.add(listener); }

// After a change: reads it again, here and in the other tabs.
export async function changed() {
  channel.postMessage("changed");
  await look();
}

export async function look() {
  Object.assign(kept, await store.overview());
  for (const listener of listeners) listener();
}

channel.addEventListener("message", look);

// The uses of allowances that the server has not counted yet, or that are of the very snapshot which counts them.
const counted = (used) => used.filter((use) => !use.sent || use.snapshot === snapshot.body?.id);

// Whether the phone of the card made the code that was shown a moment ago.
export const byPhone = () => draft.shownProof()?.kind === "dynamic";

// Points that an allowance lets be spent by what was shown: the card alone, or the phone's moving code.
export const mostOf = (allowance) => (byPhone() ? allowance.proved : allowance.amount);

// Points that a card may still spend here, of so many by its allowance.
export function leftOf(card, amount, used = kept.used) {
  return Math.max(0, amount - counted(used).filter((use) => use.card === card).reduce((sum, use) => sum + use.amount, 0));
}

// Minor units of money that all cards together may still be worth here.
export function leftHere(used = kept.used) {
  const { spending } = snapshot.body ?? {};
  return spending ? Math.max(0, spending.per_till - counted(used).reduce((sum, use) => sum + use.worth, 0)) : 0;
}
