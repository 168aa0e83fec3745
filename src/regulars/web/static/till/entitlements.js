// What the customer may use here so many times: how many are left, and one tap that checks her in.
import * as api from "./api.js";
import { $, button, fill, h } from "./dom.js";
import { config, t } from "./texts.js";
import { day, time } from "./format.js";
import * as draft from "./draft.js";
import * as shell from "./shell.js";
import * as sound from "./sound.js";

const zone = $("#entitlements-zone");
const list = $("#entitlements");
let of = null; // whose they are
let keys = new Map(); // of uses that were perhaps not answered: the same again is the same use

export function render() {
  const customer = config.entitlements && draft.draft.customer?.id ? draft.draft.customer : null;
  if ((customer?.id ?? null) === of) return;
  of = customer?.id ?? null;
  keys = new Map();
  zone.hidden = true;
  fill(list);
  if (of) load(of);
}

async function load(id) {
  try {
    const { items } = await api.get(`/v1/members/${id}/entitlements`);
    if (of === id) show(items.filter(({ stores }) => stores.includes(config.store.code)));
  } catch { /* without a network nobody is checked in; the receipt goes on */ }
}

function show(items) {
  fill(list, items.map((one) => [...one.bookings.filter(isHereToday).map(booked), row(one)]));
  zone.hidden = !items.length;
}

const today = (instant) => day(instant) === day(Date.now());
const isHereToday = ({ store, at }) => store === config.store.code && today(at);

const left = (one) => (one.quota && !one.given.some((grant) => grant.left)
  ? t(`left_${one.period}`, { left: one.left, quota: one.quota })
  : t("uses_left", { n: one.left }));

const coming = (n) => (n ? t("with_guests", { n }) : t("no_guests"));

function booked(visit) {
  return h("li", {}, h("span", {}, visit.name, h("small", { class: "hint" }, t("booked_at", { time: time(visit.at) }), visit.guests ? ` · ${coming(visit.guests)}` : "")),
    button(t("check_in"), { class: "button primary", onclick: () => use(visit.id, `/v1/entitlement-uses/${visit.id}/check-in`, undefined, visit.name) }));
}

function row(one) {
  const most = one.guests.free + one.guests.from_quota;
  const guests = most ? h("select", { class: "input", "aria-label": t("guests") },
    Array.from({ length: most + 1 }, (_, n) => h("option", { value: n }, coming(n)))) : null;
  const words = h("span", {}, one.name, h("small", { class: "hint" }, left(one),
    one.next_free_at ? ` · ${t("next_free", { day: day(one.next_free_at) })}` : ""));
  if (!one.left) return h("li", {}, words);
  const act = () => use(one.code, `/v1/members/${of}/entitlements/${one.code}/uses`, { store: config.store.code, guests: Number(guests?.value ?? 0) }, one.name);
  return h("li", {}, words, guests, button(t("check_in"), { onclick: act }));
}

async function use(name, path, body, words) {
  const member = of;
  const key = keys.get(name) ?? api.newKey();
  keys.set(name, key);
  for (const one of list.querySelectorAll("button")) one.disabled = true;
  try {
    await api.post(path, body, { idempotencyKey: key });
    keys.delete(name);
    sound.good();
    shell.say("good", t("checked_in", { name: words }), "");
  } catch (fault) {
    if (!fault.unsure) keys.delete(name);
    shell.sayFault(fault);
  }
  if (of === member) await load(member);
  for (const one of list.querySelectorAll("button")) one.disabled = false;
}
