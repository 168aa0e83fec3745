// Paying with a gift card: its code scanned or typed; it pays as much of the goods as is on it.
import { $ } from "./dom.js";
import { explain, t } from "./texts.js";
import { money } from "./format.js";
import * as draft from "./draft.js";
import { cardsIn, quote } from "./quote.js";
import { sheet } from "./sheet.js";

const field = $("#gift");
let backToEntry = () => {};
let zone = null;

export function setup(toEntry) {
  backToEntry = toEntry;
  zone = sheet($("#gift-form"), field, { apply, close: () => { render(); backToEntry(); } });
  $("#gift-open").addEventListener("click", open);
  $("#gift-clear").addEventListener("click", () => { draft.setGiftCard(null); backToEntry(); });
}

// A scan while the field is open is the card's, whatever it looks like.
export const asking = () => zone.isOpen();

export function scanned(text) {
  field.value = text;
  apply();
}

export function open() {
  if (!draft.draft.lines.length) return;
  if (draft.draft.giftCard) { $("#gift-clear").focus(); return; }
  quote.refusedCard = null;
  zone.open();
  render();
}

function apply() {
  const code = field.value.trim();
  if (!code) { field.focus(); return; }
  zone.hide();
  draft.setGiftCard(code);
  backToEntry();
}

export function render() {
  const { giftCard, lines } = draft.draft;
  if (giftCard || !lines.length) zone.hide();
  $("#gift-open").hidden = zone.isOpen() || Boolean(giftCard);
  $("#gift-open").disabled = !lines.length;
  $("#gift-on").hidden = !giftCard;
  if (giftCard) {
    const [paid] = cardsIn(quote.answer ?? {});
    $("#gift-amount").textContent = paid ? t("gift_card_pays", { money: money(paid.amount), left: money(paid.left) }) : "…";
  }
  const refused = quote.refusedCard;
  $("#gift-refused").hidden = !refused || Boolean(giftCard);
  if (refused) $("#gift-refused").textContent = explain(refused).split("|").join(" ");
}
