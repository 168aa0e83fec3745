// Selling a gift card, a pack of visits or a membership: a line on the receipt. What it pays for is made once the receipt is
// recorded (owed.js).
import { $ } from "./dom.js";
import { config, t } from "./texts.js";
import { dated, parseMoney, percent } from "./format.js";
import * as draft from "./draft.js";
import * as plans from "./plans.js";
import { present } from "./quote.js";
import { sheet } from "./sheet.js";
import { rightTime } from "./offline/line.js";

const form = $("#gift-sell-form");
const amount = $("#gift-sell-amount");
const code = $("#gift-sell-code");
let backToEntry = () => {};
let zone = null;

export const sells = () => Boolean(config.gift_cards.length);
export const asking = () => Boolean(zone?.isOpen());
export const onReceipt = () => draft.draft.lines.some((line) => line.gift);

// Why this receipt cannot be paid as it is; null: nothing stands in the way. All are made on the server, and what is paid
// ahead for somebody.
export function hindrance(down) {
  const sold = draft.draft.lines.filter((line) => line.gift);
  const ahead = sold.some((line) => line.gift.plan) ? "membership" : sold.some((line) => line.gift.pack) ? "pack" : null;
  if (down && sold.length) return `${ahead ?? "gift_card"}_needs_line`;
  if (ahead && !draft.draft.customer?.id) return `${ahead}_needs_member`;
  return plans.hindrance();
}

export function setup(toEntry) {
  backToEntry = toEntry;
  zone = sheet(form, amount, { apply, close: done });
  $("#gift-sell-open").addEventListener("click", open);
}

// Until when its money lasts if it is sold now, and what it pays for: as the program's settings say, for whoever asks at the till.
function terms(now) {
  const said = [];
  if (config.gift_card_days) {
    const until = dated(now.getTime() + config.gift_card_days * 86_400_000, { time: false });
    said.push(t("gift_card_lasts", { day: until }).replace(/\.\.$/, ".")); // a date may end with a full stop itself
  }
  if (config.gift_card_tax) said.push(t("gift_card_taxed", { rate: percent(Number(config.gift_card_tax) / 100) }));
  $("#gift-sell-terms").textContent = said.join(" ");
  $("#gift-sell-terms").hidden = !said.length;
}

export function open() {
  if (!sells()) return;
  $("#gift-sell-fault").hidden = true;
  terms(rightTime());
  if (config.sandbox) present().then(terms, () => {}); // its clock may have been set since it was last seen
  zone.open();
  render();
}

// A scan while the form is open is the card's that the money goes on.
export function scanned(text) {
  code.value = text;
  amount.focus();
}

function done() {
  render();
  backToEntry();
}

function apply() {
  const typed = parseMoney(amount.value);
  const wrong = !typed || typed <= 0;
  $("#gift-sell-fault").hidden = !wrong;
  if (wrong) { amount.select(); return; }
  zone.hide();
  draft.addGift({ sku: config.gift_cards[0], name: t("gift_card") }, typed, code.value.trim() || null);
  done();
}

export function render() {
  $("#gift-sell-open").hidden = !sells() || asking();
}
