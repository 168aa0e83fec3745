// Money, points, quantities and times as the page's language writes them.
import { config, t } from "./texts.js";
import * as writing from "../shared/writing.js";

const { locale, currency: base, money_scales: scales } = config;
export const { money, points, quantity, percent } = writing.writer({ locale, currency: base, scales, points: { ...config.visits, ...config.points } });
export const scaleOf = (currency) => writing.scaleOf(scales, currency);

// What an amount of points is worth, rounded down: nobody is promised a cent too much.
export function worth(amount, currency) {
  const known = config.points[currency];
  return known ? Math.floor((amount * known.worth[0]) / known.worth[1]) : 0;
}

const zone = config.store.time_zone;
const dayFormat = new Intl.DateTimeFormat(config.locale, { day: "numeric", month: "long", timeZone: zone });
const yearFormat = new Intl.DateTimeFormat(config.locale, { day: "numeric", month: "long", year: "numeric", timeZone: zone });
const timeFormat = new Intl.DateTimeFormat(config.locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });

export function day(instant) {
  const at = new Date(instant);
  const near = Math.abs(at - Date.now()) < 300 * 86_400_000;
  return (near ? dayFormat : yearFormat).format(at);
}

// The last day that a membership is paid for, of which the server says the first one that is not; in training there is none.
export function paidUntil({ until_day: until }, as = day) {
  return until ? t("paid_until", { day: as(Date.parse(until) - 43_200_000) }) : "";
}

export const time = (instant) => timeFormat.format(new Date(instant));
export const moment = (instant) => `${day(instant)}, ${time(instant)}`;

const whole = { day: "2-digit", month: "2-digit", year: "numeric", timeZone: zone };
const wholeFormat = new Intl.DateTimeFormat(config.locale, whole);

// For paper: a date with its year, and the time unless it does not matter.
export function dated(instant, { time: withTime = true } = {}) {
  const date = wholeFormat.format(new Date(instant));
  return withTime ? `${date} ${time(instant)}` : date;
}

// A decimal as typed here ("0,325") as the API wants it ("0.325"); null when it is no quantity.
export function parseQuantity(text) {
  const plain = text.trim().replace(",", ".").replace(/^\./, "0.");
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(plain) || Number(plain) <= 0) return null;
  return String(Number(plain));
}

// Money as typed ("20", "20,5") in minor units; null when it is no amount.
export function parseMoney(text, currency = config.currency) {
  const plain = text.replace(/[\s\u202f\u00a0€]/g, "").replace(",", ".");
  const digits = scaleOf(currency);
  if (!/^\d{1,8}(\.\d*)?$/.test(plain)) return null;
  return Math.round(Number(plain) * 10 ** digits);
}
