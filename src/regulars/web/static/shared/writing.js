// How a language writes money, points, quantities and shares; the till has one writer, the customer's display one for each.

const THIN = "\u202f";
const MINUS = "\u2212";

export const scaleOf = (scales, currency) => scales[currency] ?? 2;

// `scales`: decimals of each money that has not two; `points`: code → scale and names, the forms by CLDR category.
export function writer({ locale, currency: base, scales, points: known }) {
  const rules = new Intl.PluralRules(locale);
  const made = new Map();

  function formatter(name, options) {
    if (!made.has(name)) made.set(name, new Intl.NumberFormat(locale, { useGrouping: "always", ...options }));
    return made.get(name);
  }

  function money(amount, { currency = base, signed = false } = {}) {
    const digits = scaleOf(scales, currency);
    const format = formatter(`money ${currency}`, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
    return write(format, amount / 10 ** digits, signed);
  }

  function points(amount, currency, { signed = false } = {}) {
    const digits = known[currency]?.scale ?? 0;
    const value = amount / 10 ** digits;
    const number = write(formatter(`points ${digits}`, { minimumFractionDigits: digits, maximumFractionDigits: digits }), value, signed);
    const names = known[currency]?.names ?? {};
    return `${number}\u00a0${names[rules.select(Math.abs(value))] ?? names.other ?? currency}`;
  }

  const quantity = (text) => write(formatter("quantity", { maximumFractionDigits: 3 }), Number(text), false);
  const percent = (rate) => formatter("percent", { style: "percent", maximumFractionDigits: 1 }).format(Number(rate));
  return { money, points, quantity, percent };
}

// Thin spaces for thousands; and the sign where a locale writes the code (Hungarian: 6,20 EUR).
function partText({ type, value }) {
  if (type === "group") return THIN;
  return type === "currency" && value === "EUR" ? "€" : value;
}

function write(format, value, signed) {
  const text = format.formatToParts(Math.abs(value)).map(partText).join("");
  return (value < 0 ? MINUS : signed && value > 0 ? "+" : "") + text;
}
