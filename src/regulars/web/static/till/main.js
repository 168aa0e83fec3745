// Starts the till: binds the zones, the keys and the scanner to one another.
import * as api from "./api.js";
import * as benefits from "./benefits.js";
import * as camera from "./camera.js";
import { $, twice } from "./dom.js";
import * as display from "./display_host.js";
import { config, t } from "./texts.js";
import { money } from "./format.js";
import * as draft from "./draft.js";
import * as entry from "./entry.js";
import * as customer from "./customer.js";
import * as done from "./done.js";
import * as drawer from "./drawer.js";
import * as held from "./held.js";
import { onLookups } from "./lookups.js";
import * as pay from "./pay.js";
import * as plans from "./plans.js";
import * as proof from "./proof.js";
import * as receipt from "./receipt.js";
import * as rewards from "./rewards.js";
import * as entitlements from "./entitlements.js";
import * as returns from "./returns.js";
import * as scanner from "./scanner.js";
import * as shell from "./shell.js";
import * as offline from "./offline/offline.js";
import { elsewhere } from "./offline/elsewhere.js";
import * as paying from "./offline/paying.js";
import * as sound from "./sound.js";
import * as spend from "./spend.js";
import * as gift from "./gift.js";
import * as giftSale from "./gift_sale.js";
import * as owed from "./owed.js";
import * as visits from "./visits.js";
import { looksLikeOne } from "../shared/dynamic_code.js";
import { onQuote, quote, ready, refresh } from "./quote.js";

const focusable = () => (shell.isOpen("pay") ? $("#cash") : $("#entry")).focus();

function toSell() {
  if (!shell.isOpen("sell")) shell.go("sell"); else entry.focus();
}

function sellNext() {
  if (!draft.draft.lines.length) return { label: t("scan_goods"), act: null };
  if (quote.fault) return { label: t("no_price"), act: null };
  const hindrance = giftSale.hindrance(offline.down());
  if (hindrance) return { label: t(hindrance), act: null };
  return {
    label: t("take_payment"), amount: quote.answer ? money(quote.answer.payable) : "…",
    act: takePayment, disabled: !ready(),
  };
}

async function takePayment() {
  if (paying.here() && !await paying.room()) return;
  shell.hush();
  shell.go("pay");
}

function render() {
  receipt.render();
  customer.render();
  benefits.render();
  rewards.render();
  entitlements.render();
  visits.render();
  plans.render();
  spend.render();
  gift.render();
  giftSale.render();
  proof.render();
  if (shell.isOpen("pay")) pay.render();
  pay.lock();
  $("#due-amount").textContent = quote.answer ? money(quote.answer.payable) : draft.draft.lines.length ? "…" : money(0);
  $("#due").classList.toggle("stale", quote.pending);
  $("#cancel").disabled = !draft.draft.lines.length && !draft.draft.customer;
  if (quote.fault && !quote.pending) shell.sayFault(quote.fault);
  steps();
  display.show();
  if (quote.answer && !quote.pending) shell.announce(t("total_is", { money: money(quote.answer.payable) }));
}

function steps() {
  $("#hold").disabled = !ready() || !shell.isOpen("sell") || giftSale.onReceipt() || offline.down();
  shell.refreshNext();
}

function hold() {
  if (offline.down()) { offline.withLine(); return; }
  if (ready() && !busy() && shell.isOpen("sell") && !giftSale.onReceipt()) pay.send({ hold: true }).then(held.count);
}

function openCustomer() {
  if (!["sell", "pay"].some(shell.isOpen)) shell.go("sell");
  customer.focus();
}

async function onScan(text) {
  if (elsewhere()) return;
  if (busy()) { sound.bad(); return; }
  if (gift.asking()) { gift.scanned(text); return; }
  if (giftSale.asking()) { giftSale.scanned(text); return; }
  if (looksLikeOne(text)) {
    if (!["sell", "pay"].some(shell.isOpen)) shell.go("sell");
    await customer.scannedPhone(text);
    return;
  }
  if (customer.isCard(text)) {
    if (!["sell", "pay"].some(shell.isOpen)) shell.go("sell");
    await customer.find(text);
    return;
  }
  if (shell.isOpen("receipts")) {
    if (/\D/.test(text)) { await returns.find(text); return; }
    try {
      const product = await entry.productOf(text);
      if (!product || !returns.scanned(product)) await returns.find(text);
    } catch (fault) { shell.sayFault(fault); }
    return;
  }
  if (/\D/.test(text) && text.startsWith(config.store.code)) {
    offline.withLine(() => { shell.go("receipts"); returns.find(text); });
    return;
  }
  if (!shell.isOpen("sell")) shell.go("sell");
  await entry.scanned(text);
}

// A purchase or return without an answer is settled first, as is a held receipt that is being let go: nothing else may be
// begun.
// Without the line a return has to wait, and the next customer does not.
const busy = () => Boolean(draft.draft.sending) || held.releasing() || (returns.unsure() && !offline.down() && !draft.draft.lines.length);

function leave(act) {
  if (busy()) { sound.bad(); return; }
  shell.hush();
  act();
}

const KEYS = {
  F2: () => leave(toSell),
  F4: () => leave(openCustomer),
  F8: () => {
    if (busy() || !["sell", "pay"].some(shell.isOpen)) return;
    if (proof.asked()) proof.send(); else spend.open();
  },
  F6: () => camera.toggle(),
  F7: () => { if (!busy() && ["sell", "pay"].some(shell.isOpen)) offline.withLine(() => (draft.draft.lines.length ? gift : giftSale).open()); },
  F9: () => shell.next(),
  F10: () => display.open(),
  Insert: hold,
  PageUp: () => leave(() => offline.withLine(() => shell.go("held"))),
  PageDown: () => leave(() => offline.withLine(() => shell.go("receipts"))),
  Escape: () => { if (!shell.opened().escape?.()) leave(toSell); },
};

function onKey(event) {
  if (elsewhere() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if ((event.key === "p" || event.key === "P") && !(event.target instanceof HTMLInputElement)) {
    scanner.unlessScanned(event, () => {
      if (shell.isOpen("done")) done.printIt();
      if (shell.isOpen("receipts")) returns.printIt();
    });
    return;
  }
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

async function changeCashier(event) {
  event.preventDefault();
  const cashier = $("#cashier").value.trim();
  try {
    if (!offline.down()) await api.post("/till/cashier", { cashier });
    config.cashier = cashier;
    shell.say("good", cashier ? t("cashier_is", { cashier }) : t("no_cashier"));
    focusable();
    refresh();
  } catch (fault) {
    shell.sayFault(fault);
  }
}

function start() {
  shell.define("sell", { show: showSell, next: sellNext });
  shell.define("pay", { show: pay.show, next: pay.next, escape: () => pay.unsure() });
  shell.define("done", { show: showDone, hide: done.hide, next: done.next, escape: () => { done.next().act(); return true; } });
  shell.define("held", { show: held.show, next: held.next, escape: held.escape });
  shell.define("receipts", { show: returns.show, next: returns.next, escape: returns.escape });

  entry.setup({ customer: openCustomer, next: shell.next });
  customer.setup(focusable);
  spend.setup(focusable);
  gift.setup(focusable);
  giftSale.setup(focusable);
  owed.setup((kept) => leave(() => shell.go("done", kept)));
  proof.setup(focusable);
  rewards.setup();
  drawer.setup(focusable);
  pay.setup();

  $("#next").addEventListener("click", shell.next);
  $("#hold").addEventListener("click", hold);
  $("#open-held").addEventListener("click", KEYS.PageUp);
  $("#open-receipts").addEventListener("click", KEYS.PageDown);
  $("#cashier-form").addEventListener("submit", changeCashier);
  $("#sound").addEventListener("click", () => { sound.toggle(); paintSound(); });
  const cancel = twice(t("cancel_receipt"), t("sure_cancel"), () => { draft.reset(); shell.hush(); entry.focus(); }, { id: "cancel" });
  $("#cancel-place").replaceWith(cancel);
  paintSound();

  draft.onChange(() => { refresh(); render(); });
  onQuote(render);
  onLookups(steps);
  document.addEventListener("keydown", onKey);
  scanner.listen(onScan);
  camera.setup(onScan);
  display.setup({ onScan, busy });
  offline.setup({ refresh, render, customer: customer.lineChanged, settle, unsure: returns.unsure });

  shell.go("sell");
  refresh();
  render();
  if (draft.draft.sending) { shell.go("pay"); pay.send(); }
  else if (returns.unsure()) returns.resume();
  else if (owed.remembered()) shell.go("done", owed.remembered());
  document.documentElement.dataset.ready = "true";
}

// A receipt that is looked at once more is no longer of the customer who stands there.
function showDone(details) {
  done.show(details);
  if (!details?.left) display.thank(details);
}

function showSell() {
  entry.focus();
  render();
  if (offline.down()) return;
  held.count();
  const started = document.documentElement.dataset.ready;
  if (started && returns.unsure() && !draft.draft.lines.length) returns.resume();
}

// The line is back: a return that has no answer yet is sent again, unless somebody is being served.
function settle() {
  if (shell.isOpen("sell")) showSell();
  else if (returns.unsure()) returns.resume();
}

function paintSound() {
  $("#sound").setAttribute("aria-pressed", String(!sound.muted()));
}

start();
