// Taking the money without the line: the receipt is kept first, in full; then the cashier sees that it was.
import { config, t } from "../texts.js";
import * as draft from "../draft.js";
import * as giftSale from "../gift_sale.js";
import * as shell from "../shell.js";
import { line } from "./line.js";
import * as selling from "./selling.js";
import * as store from "./store.js";

// Whether what cannot be said to the server now may wait here, whatever is on the receipt.
export const waits = () => !line.up && !config.training && selling.possible();

// Whether this receipt may be paid without the server. What is paid ahead is made there.
export const here = () => waits() && !giftSale.onReceipt();

const kept = (answer) => ({
  ...answer, id: undefined, status: "recorded", offline: true, earned: [], member: null, claim_code: undefined,
  messages: { cashier: [], receipt: [...(answer.messages?.receipt ?? []).filter((text) => text !== t("points_later")), ...(draft.draft.customer ? [t("points_later")] : [])] },
});

// Room for the receipt, before the money is taken. Whether there is some; if not, it was said.
export async function room() {
  try {
    await store.reserve();
    return true;
  } catch {
    noRoom();
    return false;
  }
}

const noRoom = () => shell.say("bad", t("storage_full"), t("storage_full_hint"));

// Keep what is being paid. `finish` gets the answer to show; nothing is called where nothing was kept.
export async function payHere({ answer, hold, handed, at, finish, refresh }) {
  const { sending } = draft.draft;
  try {
    if (sending?.body.hold) { await giveUpHere(); return; }
    if (hold) { shell.say("warning", t("needs_line"), t("needs_line_hint")); return; }
    if (sending) {
      await selling.keepInFlight(sending);
      finish(kept(sending.answer), sending.cash);
      return;
    }
    if (!await selling.sell(answer, at)) {
      shell.go("sell");
      if (await selling.codeTaken()) {
        draft.forgetProof();
        draft.changed();
        shell.say("bad", t("code_seen"), t("code_again"));
      } else shell.sayFault({ code: "offline_allowance" });
      refresh();
      return;
    }
    finish(kept(answer), handed);
  } catch { // whatever kept it from being kept: there is no receipt, so no money is taken
    noRoom();
  }
}

// A request whose answer never came is not wanted any more: its void goes out first, and the goods stay.
export async function giveUpHere() {
  try {
    await selling.keepVoid(draft.draft.sending.body.id);
  } catch { // it stays as it was sent, until there is an answer or room
    noRoom();
    return;
  }
  draft.draft.sending = null;
  draft.draft.id = draft.newRequest();
  draft.changed();
  shell.go("sell");
  shell.say("good", t("given_up"), t("given_up_hint"));
}
