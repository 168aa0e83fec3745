// Visits that the customer paid for ahead: how many are left, and one tap that takes one off.
import * as api from "./api.js";
import { $, fill, h, twice } from "./dom.js";
import { config, t } from "./texts.js";
import { points } from "./format.js";
import * as draft from "./draft.js";
import { line } from "./offline/line.js";
import * as shell from "./shell.js";
import * as sound from "./sound.js";

const zone = $("#visits-zone");
const list = $("#visits");
const known = Object.keys(config.visits);
let of = null; // whose they are
let keys = new Map(); // of uses that were perhaps not answered: the same again is the same visit

export function render() {
  const customer = known.length && line.up && !config.training && draft.draft.customer?.id ? draft.draft.customer : null;
  if ((customer?.id ?? null) === of) return;
  of = customer?.id ?? null;
  keys = new Map();
  zone.hidden = true;
  fill(list);
  if (of) load(of);
}

async function load(id) {
  try {
    const { currencies } = await api.get(`/v1/members/${id}/balance`);
    if (of === id) show(currencies.filter(({ currency, available }) => known.includes(currency) && available));
  } catch { /* without a network no visit is used; the receipt goes on */ }
}

function show(found) {
  fill(list, found.map(({ currency, available }) => h("li", {},
    h("span", {}, points(available, currency), h("small", { class: "hint" }, t("paid_ahead"))),
    twice(t("use_one"), t("sure_use_one"), () => use(currency), { class: "button" }))));
  zone.hidden = !found.length;
}

async function use(currency) {
  const member = of;
  const key = keys.get(currency) ?? api.newKey();
  keys.set(currency, key);
  try {
    const { left } = await api.post(`/v1/members/${member}/visits`, { currency }, { idempotencyKey: key });
    keys.delete(currency);
    sound.good();
    shell.say("good", t("used_one", { what: points(1, currency) }), t("left_of_it", { left: points(left, currency) }));
  } catch (fault) {
    if (!fault.unsure) keys.delete(currency);
    shell.sayFault(fault);
  }
  if (of === member) await load(member);
}
