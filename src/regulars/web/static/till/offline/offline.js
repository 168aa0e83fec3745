// Keeps the till going without the line: binds the line, what is kept here, the sending and what the page says of it.
import { $ } from "../dom.js";
import { config, t } from "../texts.js";
import * as draft from "../draft.js";
import * as shell from "../shell.js";
import * as elsewhere from "./elsewhere.js";
import * as keeping from "./keeping.js";
import { line, onLine, watch } from "./line.js";
import * as queueView from "./queue_view.js";
import * as snapshots from "./snapshot.js";
import * as store from "./store.js";
import * as strip from "./strip.js";
import * as sync from "./sync.js";

const LOOK_MS = 30_000;

// Whether this computer has what it needs: a place to keep, and a way to check signatures.
const able = () => Boolean(globalThis.indexedDB && navigator.locks && globalThis.crypto?.subtle);

export const down = () => !line.up && !config.training;

// What may only be done with the line says so, instead of failing.
export function withLine(act) {
  if (!down()) { act(); return; }
  shell.say("warning", t("needs_line"), t("needs_line_hint"));
}

let returning = () => false; // whether a return waits for its answer

function render() {
  strip.render(() => shell.go("queue"), returning());
  queueView.render();
}

// `refresh`: the price is asked for anew, here or there; `customer`: who stands here is looked at anew; `settle`: what
// waited for the line goes on, where nothing else is being done; `unsure`: whether a return waits for its answer.
export async function setup({ refresh, render: renderTill, customer, settle, unsure }) {
  returning = unsure;
  shell.define("queue", { show: queueView.show, next: queueView.next, escape: () => false });
  elsewhere.watch();
  onLine(() => {
    render();
    shell.hush();
    renderTill();
    customer().then(refresh);
    if (!line.up) return;
    sync.sync({ renew: true });
    if (["sell", "receipts"].some(shell.isOpen)) settle();
  });
  keeping.onKept(render);
  sync.onSync(render);
  watch();
  worker();
  if (!able()) return;
  try {
    await snapshots.load();
    await keeping.look();
    await forgetSold();
  } catch { snapshots.snapshot.why = "unable"; }
  render();
  if (down()) { renderTill(); refresh(); }
  keeping.kept.persisted = await store.persist();
  sync.sync({ renew: true });
  setInterval(() => { if (keeping.kept.waiting.length || line.up) sync.sync(); render(); }, LOOK_MS);
}

// A receipt that was kept just before the page went away is not on the draft any more.
async function forgetSold() {
  const { waiting, sent, refused } = keeping.kept;
  const known = [...waiting, ...sent, ...refused].some(({ request }) => request === draft.draft.id);
  if (known && !draft.draft.sending) draft.reset();
}

function worker() {
  navigator.serviceWorker?.register("/till/sw.js", { scope: "/till" }).catch(() => { /* the page is there as long as it stays open */ });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches('form[action="/sign-out"]')) return;
    if (keeping.kept.waiting.length) {
      event.preventDefault();
      shell.say("warning", t("not_signed_out"), t("not_signed_out_hint"));
      return;
    }
    navigator.serviceWorker?.controller?.postMessage("forget");
  });
  $("#line-strip").hidden = true;
}
