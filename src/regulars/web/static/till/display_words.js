// The languages of the customer's display: their texts and how each writes; a till's own page has one language, this has all.
import { config } from "./texts.js";
import { writer } from "../shared/writing.js";

const made = new Map();

export const spoken = Object.keys(config.languages);

// The texts and the writer of a language.
export function words(code) {
  if (!made.has(code)) made.set(code, make(code));
  return made.get(code);
}

function make(code) {
  const { locale, texts } = config.languages[code];
  const points = Object.fromEntries(Object.entries(config.points).map(([unit, { scale, names }]) => [unit, { scale, names: among(names, code) ?? {} }]));
  const write = writer({ locale, currency: config.currency, scales: config.money_scales, points });
  return {
    ...write,
    of: (name, values = {}) => texts[name].replace(/\{(\w+)\}/g, (whole, field) => (field in values ? String(values[field]) : whole)),
    product: (line) => line.names[code] ?? line.name,
    promotion({ promotion, names, name }) {
      const known = config.promotions[promotion] ?? names ?? {};
      return known[code] ?? known[""] ?? name ?? null;
    },
  };
}

// The name in a language, else in the program's first that has one.
const among = (names, code) => [code, ...spoken, "en"].map((one) => names[one]).find(Boolean);
