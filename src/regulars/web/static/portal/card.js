// The card at the till: full screen, bright, awake; QR or bars, as this shop's scanners like it.
import * as dynamic from "./dynamic.js";

const home = document.querySelector(".frame").dataset.home;
const dialog = document.querySelector("dialog.at-till");
const KEY = "regulars.code";
let lock = null;

function remembered() {
  try { return localStorage.getItem(KEY) ?? "qr"; } catch { return "qr"; }
}

function show(kind) {
  for (const code of document.querySelectorAll(".code[data-kind]")) {
    const moving = code.parentElement.querySelector('.code[data-kind="dynamic"]')?.firstChild;
    const wanted = kind === "qr" && moving ? "dynamic" : kind;
    code.hidden = code.dataset.kind !== wanted;
  }
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === kind));
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-show]");
  if (choice) {
    try { localStorage.setItem(KEY, choice.dataset.show); } catch { /* it lasts for this page */ }
    show(choice.dataset.show);
    return;
  }
  if (event.target.closest("[data-at-till]") && dialog && !dialog.open) open();
  if (event.target.closest("[data-close]")) dialog?.close();
});

async function open() {
  dialog.showModal();
  await stayAwake();
}

async function stayAwake() {
  try { lock = await navigator.wakeLock?.request("screen"); } catch { lock = null; /* the battery is low: it dims */ }
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && dialog?.open) stayAwake();
});
dialog?.addEventListener("close", () => {
  lock?.release().catch(() => {});
  lock = null;
});

show(remembered());
if (location.hash === "#till" && dialog) open();

// Where this phone is known, its QR code is new every half minute; else it can be made known with one tap.
async function protect() {
  const button = document.querySelector("[data-protect]");
  if (!dialog || !button || !dynamic.possible()) return;
  const { card } = dialog.dataset;
  const fresh = document.querySelector("[data-fresh]");
  const begin = (phone) => {
    button.hidden = true;
    fresh.hidden = false;
    const places = [...document.querySelectorAll('.code[data-kind="dynamic"]')];
    return dynamic.keepDrawing(phone, places, [...document.querySelectorAll("[data-fresh] progress")], () => show(remembered()));
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try { begin(await dynamic.register(home, card)); } catch { /* it can be tried again */ }
    button.disabled = false;
  });
  const phone = await dynamic.phoneOf(home, card).catch(() => null);
  if (!phone) { button.hidden = Boolean(document.documentElement.dataset.offline); return; }
  // Drawn at once, also without a network; but codes that count no more are not shown for longer than that takes to hear.
  const end = begin(phone);
  if (!await dynamic.takenOut(home, phone).catch(() => false)) return;
  end();
  fresh.hidden = true;
  button.hidden = false;
  show(remembered());
}

protect();
