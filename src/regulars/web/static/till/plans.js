// A membership on the receipt: whether this customer can be sold a period of it now, asked before it is paid.
import * as api from "./api.js";
import { config } from "./texts.js";
import * as draft from "./draft.js";
import { line } from "./offline/line.js";
import * as shell from "./shell.js";

const DAY = new Intl.DateTimeFormat("sv", { timeZone: config.store.time_zone });
let of = null; // whose `theirs` are
let theirs = null; // her memberships; null: not known (yet)

const onReceipt = () => draft.draft.lines.flatMap(({ gift }) => gift?.plan ?? []);

export function render() {
  const id = onReceipt().length && line.up && !config.training ? draft.draft.customer?.id ?? null : null;
  if (id === of) return;
  [of, theirs] = [id, null];
  if (of) load(of);
}

// What cannot be looked up does not stand in the way: the server has the last word.
async function load(id) {
  try {
    const { items } = await api.get(`/v1/members/${id}/memberships`);
    if (of === id) theirs = items;
  } catch { /* as above */ }
  shell.refreshNext();
}

// A period ahead is enough, a paused one stands still, and a plan that is stopped is not begun.
export function hindrance() {
  return theirs && onReceipt().some((plan, place, all) => {
    const hers = theirs.find(({ plan: code, state }) => code === plan.code && state !== "ended");
    const twice = all.filter(({ code }) => code === plan.code).length > (hers ? 1 : 2);
    if (!hers) return plan.stopped || twice;
    return twice || hers.state === "paused" || hers.from_day > DAY.format(new Date());
  }) ? "membership_not_now" : null;
}
