// What the customer's display is told: the receipt as it stands, and of the customer no more than a first name and an initial.
import { quote, cardsIn, sums } from "./quote.js";

const MISSING_MAX = 3;

// "Anna Bērziņa" → "Anna B."
export function shortName(name) {
  const [first = "", second = ""] = (name ?? "").trim().split(/\s+/);
  return second ? `${first} ${[...second][0]}.` : first;
}

// Without the line nobody knows what a customer who was scanned has, nor what a card of nobody has: then nothing is said of it.
const customerOf = (customer) => customer && {
  name: shortName(customer.name), balance: customer.id ? customer.balance ?? 0 : null, language: customer.language ?? null,
};

function lineOf(line, priced) {
  return {
    line: line.line, name: line.name, names: line.names ?? {}, quantity: line.quantity, unit_price: line.unit_price,
    gross: priced?.gross ?? Math.round(Number(line.quantity) * line.unit_price), discount: priced?.discount ?? 0,
    awards: (priced?.awards ?? []).filter(({ amount }) => amount > 0).map(({ promotion, amount, name, names }) => ({ promotion, amount, name, names })),
  };
}

function sumsOf(answer) {
  return {
    gross: answer.gross, discount: answer.discount, reduction: answer.points_reduction ?? 0, payable: answer.payable,
    points: answer.paid_with_points ?? 0, cards: cardsIn(answer).map(({ amount }) => amount),
  };
}

// While goods are taken. `missing`: the sentences about what is missing for more, and their language.
export function selling(draft, missing) {
  const { answer } = quote;
  const priced = new Map((answer?.lines ?? []).map((line) => [line.line, line]));
  return {
    phase: draft.lines.length || draft.customer ? "sale" : "idle",
    lines: draft.lines.map((line) => lineOf(line, priced.get(line.line))),
    chosen: draft.selected,
    sums: draft.lines.length && answer ? sumsOf(answer) : null,
    pending: quote.pending,
    earned: draft.lines.length ? sums(answer?.earned) : [],
    missing,
    customer: customerOf(draft.customer),
  };
}

// Once it is paid.
export function thanking({ answer, lines, customer, cash }) {
  const priced = new Map((answer.lines ?? []).map((line) => [line.line, line]));
  return {
    phase: "thanks", lines: lines.map((line) => lineOf(line, priced.get(line.line))), chosen: 0, sums: sumsOf(answer), pending: false,
    earned: sums(answer.earned), missing: null, cash: cash ? { change: cash.change } : null,
    customer: answer.member || customer
      ? { ...customerOf({ ...customer, name: customer?.name || answer.member?.name }), balance: answer.member?.available ?? null } : null,
  };
}

// What is still missing for something better, in the words of that answer.
export const missingIn = (answer) => (answer?.refusals ?? []).map(({ text }) => text).filter(Boolean).slice(0, MISSING_MAX);

