// What the customer can have for her points, given in one tap; and what she claimed before and fetches now.
import * as api from "./api.js";
import { $, button, fill, h, twice } from "./dom.js";
import { config, t } from "./texts.js";
import { money, points } from "./format.js";
import * as draft from "./draft.js";
import { composeReward } from "./paper.js";
import { print } from "./printing.js";
import * as shell from "./shell.js";
import * as sound from "./sound.js";
import { balanceOf } from "./customer.js";
import { line } from "./offline/line.js";

const zone = $("#rewards-zone");
const list = $("#rewards");
let of = null; // whose rewards are shown
let keys = new Map(); // of claims that were perhaps not answered: the same again is the same claim

export function setup() {
  $("#rewards-open").addEventListener("click", open);
}

export function render() {
  const { customer } = draft.draft;
  zone.hidden = !customer?.id || !line.up;
  if (of && of !== customer?.id) { of = null; keys = new Map(); fill(list); }
  $("#rewards-open").hidden = Boolean(of);
}

async function open() {
  const { customer } = draft.draft;
  if (!customer) return;
  try {
    const [offered, claimed] = await Promise.all([
      api.get("/v1/rewards", { member: customer.id }),
      api.get(`/v1/members/${customer.id}/redemptions`, { limit: 20 }),
    ]);
    if (draft.draft.customer?.id !== customer.id) return;
    of = customer.id;
    show(offered.items.filter(({ claimable, stock, by_store }) => claimable && (!by_store || stock.some(isHere))), claimed.items.filter(waits));
  } catch (fault) { shell.sayFault(fault); }
  render();
}

const isHere = ({ store, left }) => store === config.store.code && left > 0;
const waits = ({ state, vouchers }) => !vouchers.length && ["claimed", "ready"].includes(state);

function show(offered, waiting) {
  fill(list,
    waiting.map((one) => h("li", {}, h("span", {}, one.name), twice(t("hand_over"), t("sure_hand_over"), () => handOver(one), { class: "button" }))),
    offered.map((one) => h("li", {}, h("span", {}, one.name),
      one.prices.filter(({ missing }) => !missing).map((price) => twice(costs(price), t("sure_reward"), () => claim(one, price), { class: "button" })))),
    offered.length + waiting.length ? null : h("li", { class: "hint" }, t("no_rewards")));
  (list.querySelector("button") ?? $("#entry")).focus();
}

const costs = ({ currency, points: amount, money: beside }) => points(amount, currency) + (beside ? ` + ${money(beside)}` : "");

async function claim(reward, price) {
  const { customer } = draft.draft;
  const goods = !["voucher", "discount"].includes(reward.kind);
  const body = { reward: reward.id, price: price.price, store: config.store.code, till: config.till, hand_over: goods };
  if (customer.via === "card") body.card = customer.value;
  const shown = draft.shownProof();
  if (shown) body.proof = shown;
  const name = `${reward.id}/${price.price}/${shown?.value ?? ""}`;
  const key = keys.get(name) ?? api.newKey();
  keys.set(name, key);
  try {
    const made = await api.post(`/v1/members/${customer.id}/redemptions`, body, { idempotencyKey: key });
    keys.delete(name);
    given(made, price.money);
  } catch (fault) {
    if (!fault.unsure) keys.delete(name);
    shell.sayFault(fault);
  }
}

async function handOver(redemption) {
  const key = keys.get(redemption.id) ?? api.newKey();
  keys.set(redemption.id, key);
  try {
    await api.post(`/v1/redemptions/${redemption.id}/fulfil`, { state: "handed_over" }, { idempotencyKey: key });
    keys.delete(redemption.id);
    given(redemption, redemption.money);
  } catch (fault) {
    if (!fault.unsure) keys.delete(redemption.id);
    shell.sayFault(fault);
  }
}

// It is hers: what to give her, the code that she gets, and what is to be paid beside.
function given(redemption, beside) {
  const codes = redemption.vouchers.map(({ code }) => code).filter(Boolean);
  sound.good();
  shell.say("good", t("reward_given", { name: redemption.name }), beside ? t("reward_money", { money: money(redemption.money) }) : "");
  fill(list,
    h("li", { class: "earns" }, redemption.name),
    codes.map((code) => h("li", {}, h("strong", { class: "code" }, code))),
    codes.length ? h("li", {}, button(t("print"), { onclick: () => print(composeReward(redemption.name, codes)).catch(shell.sayFault) })) : null,
    h("li", {}, button(t("more_rewards"), { onclick: open })));
  refresh();
}

async function refresh() {
  const { customer } = draft.draft;
  if (!customer) return;
  try {
    const balance = await api.get(`/v1/members/${customer.id}/balance`);
    if (draft.draft.customer?.id === customer.id) { customer.balance = balanceOf({ balance }); draft.changed(); }
  } catch { /* the next look-up says it */ }
}
