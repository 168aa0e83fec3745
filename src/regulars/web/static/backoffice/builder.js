// The builder of promotions: it saves what changes, takes from the answer what is new, and takes back what was done.

import { picking } from "./picking.js";

const WAIT = 600;
const columns = document.querySelector(".builder-columns");
const past = [];
const future = [];
let now = documentNow();
let waiting = 0;
let queue = Promise.resolve();
let unsaved = false;
let asked = 0; // how often something was typed or pressed that is to be sent

const form = () => document.getElementById("builder");

function documentNow() {
  return JSON.stringify(JSON.parse(document.getElementById("document-now").textContent));
}

// Writes go out one after the other: each names the draft that the one before it made.
function send(act, text) {
  clearTimeout(waiting);
  const mine = changed();
  queue = queue.then(() => write(act, text)).catch(() => say(form().dataset.lost, "bad")).finally(() => {
    if (mine === asked) document.getElementById("saved").removeAttribute("aria-busy");
  });
  return queue;
}

// What the page says of the draft is true again only when this was answered.
function changed() {
  document.getElementById("saved").setAttribute("aria-busy", "true");
  asked += 1;
  return asked;
}

async function write(act, text) {
  const fields = new URLSearchParams(new FormData(form()));
  fields.set("do", act);
  if (act === "document") fields.set("document", text); else fields.delete("document");
  const typed = stamp();
  const answer = await fetch(form().action, { method: "POST", body: fields, headers: { "HX-Request": "true", "X-CSRF-Token": fields.get("csrf") } });
  const away = answer.headers.get("HX-Redirect");
  if (away) { location.assign(away); return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.getElementById("builder")) { refused(fresh); return; }
  const whole = !["save", "look"].includes(act);
  if (whole) swap(fresh); else takeLive(fresh);
  takeSides(fresh);
  unsaved = !answer.ok || fresh.querySelector("#saved .status.warning, #saved .status.bad") !== null;
  if (typed !== stamp() && !whole) later();
  remember(act);
  count();
  if (!unsaved && act !== "look") document.body.dispatchEvent(new Event("saved", { bubbles: true }));
}

// What was typed, whichever draft it belongs to.
function stamp() {
  const fields = new URLSearchParams(new FormData(form()));
  for (const name of ["version", "their_version", "document", "csrf"]) fields.delete(name);
  return fields.toString();
}

function refused(fresh) {
  const notice = document.getElementById("notice");
  notice.replaceChildren(...fresh.body.childNodes);
  for (const button of form().querySelectorAll("button:disabled")) button.disabled = false;
}

function say(text, tone) {
  const place = document.getElementById("saved");
  const word = document.createElement("span");
  word.className = `status ${tone}`;
  word.textContent = text ?? "";
  place.replaceChildren(word);
}

// The whole form anew: parts were added, moved or taken out.
function swap(fresh) {
  const open = new Set([...form().querySelectorAll("details[data-part][open]")].map((one) => one.dataset.part));
  const more = form().querySelectorAll("details.json[open]").length > 0;
  const made = fresh.getElementById("builder");
  const same = new Set([...form().querySelectorAll("details[data-part]")].map((one) => one.dataset.part)).size === made.querySelectorAll("details[data-part]").length;
  form().replaceWith(document.adoptNode(made));
  for (const one of form().querySelectorAll("details[data-part]")) if (same && open.has(one.dataset.part)) one.open = true;
  if (more) form().querySelector("details.json").open = true;
  const first = form().dataset.opened;
  const part = first && form().querySelector(`[data-part="${CSS.escape(first)}"]`);
  if (part) {
    part.open = true;
    part.scrollIntoView({ block: "nearest" });
    part.querySelector("summary, input:not([type=hidden])")?.focus();
  }
}

// Only what the server says of the fields: what somebody is typing stays under her fingers.
function takeLive(fresh) {
  for (const one of form().querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(one.id);
    if (other && other.innerHTML !== one.innerHTML) one.replaceChildren(...document.adoptNode(other).childNodes);
  }
  const json = form().querySelector("[data-json]");
  const other = fresh.querySelector("[data-json]");
  if (json && other && document.activeElement !== json) json.value = other.value;
}

function takeSides(fresh) {
  for (const id of ["saved", "advice", "document-now"]) {
    const one = document.getElementById(id);
    const other = fresh.getElementById(id);
    if (one && other && one.innerHTML !== other.innerHTML) one.replaceChildren(...document.adoptNode(other).childNodes);
  }
  const title = document.querySelector(".headline h1");
  const name = form().elements.namedItem("name");
  if (title && name) title.textContent = name.value;
}

function remember(act) {
  const next = documentNow();
  if (unsaved || next === now) return;
  if (act !== "document" || !remember.moving) {
    past.push(now);
    if (act !== "document") future.length = 0;
  }
  remember.moving = false;
  now = next;
  buttons();
}

function buttons() {
  document.querySelector("[data-undo]").disabled = past.length === 0;
  document.querySelector("[data-redo]").disabled = future.length === 0;
}

function move(from, to) {
  const wanted = from.pop();
  if (wanted === undefined) return;
  to.push(now);
  remember.moving = true;
  send("document", wanted).then(buttons);
}

function later() {
  unsaved = true;
  changed();
  clearTimeout(waiting);
  waiting = setTimeout(() => send("save"), WAIT);
}

// A name that is shown to customers as it is goes with the name.
let named = form().elements.namedItem("name").value;
columns.addEventListener("input", (event) => {
  if (event.target.id !== "f-name") return;
  for (const one of form().querySelectorAll('input[name^="names."]')) if (one.value === named) one.value = event.target.value;
  named = event.target.value;
});
columns.addEventListener("input", (event) => {
  if (event.target.form === form() && event.target.name && event.target.name !== "document") later();
});
columns.addEventListener("change", (event) => {
  if (event.target.form === form() && event.target.name && event.target.name !== "document") later();
});
columns.addEventListener("picked", (event) => {
  if (event.target.closest("#builder")) later();
});
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  const act = event.submitter?.value || "save";
  const text = act === "document" ? form().elements.namedItem("document").value : undefined;
  send(act, text).then(() => {
    for (const button of form().querySelectorAll("button:disabled")) button.disabled = false;
  });
});

document.querySelector("[data-undo]").addEventListener("click", () => move(past, future));
document.querySelector("[data-redo]").addEventListener("click", () => move(future, past));
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !typing) {
    event.preventDefault();
    if (event.shiftKey) move(future, past); else move(past, future);
  }
  const part = event.target.closest?.("summary")?.parentElement;
  if (part?.dataset.part && event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    event.preventDefault();
    send(`${event.key === "ArrowUp" ? "up" : "down"}|${part.dataset.part}`);
  }
});

// What is typed but not yet saved goes out before the page is left by its button.
document.querySelector("[data-leave]").addEventListener("click", (event) => {
  if (!unsaved) return;
  event.preventDefault();
  const address = event.currentTarget.href;
  send("save").then(() => { if (!unsaved) location.assign(address); else document.getElementById("saved").scrollIntoView({ block: "center" }); });
});

// The list of kinds: which list it adds to, and a search.
let into = "";
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add]");
  if (add) {
    into = add.dataset.into;
    const menu = document.getElementById(`menu-${add.dataset.add}`);
    menu.showModal();
    const search = menu.querySelector("[data-menu-search]");
    search.value = "";
    narrow(menu, "");
    search.focus();
  }
  const kind = event.target.closest("[data-kind]");
  if (kind) {
    kind.closest("dialog").close();
    send(`add|${into}|${kind.dataset.kind}`);
  }
  const unline = event.target.closest("[data-unline]");
  if (unline) {
    unline.closest("li").remove();
    trySoon();
  }
});
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-menu-search]")) narrow(event.target.closest("dialog"), event.target.value);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-menu-search]")) return;
  event.preventDefault();
  event.target.closest("dialog").querySelector("li:not([hidden]) [data-kind]")?.click();
});

function narrow(menu, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let some = false;
  for (const section of menu.querySelectorAll("section")) {
    let any = false;
    for (const line of section.querySelectorAll("li")) {
      const fits = words.every((word) => line.textContent.toLowerCase().includes(word));
      line.hidden = !fits;
      any ||= fits;
    }
    section.hidden = !any;
    some ||= any;
  }
  menu.querySelector(".menu-none").hidden = some;
}

// How many goods are meant, beside each list of goods.
async function count() {
  for (const place of form().querySelectorAll("[data-count]")) {
    const before = `${place.dataset.count}.`;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form())) if (name.startsWith(before)) fields.append(name.slice(before.length), value);
    if (place.dataset.asked === fields.toString()) continue;
    place.dataset.asked = fields.toString();
    fields.set("csrf", form().elements.namedItem("csrf").value);
    const answer = await fetch("/backoffice/promotions/goods", { method: "POST", body: fields, headers: { "HX-Request": "true" } });
    if (answer.ok) place.textContent = (await answer.text()).trim();
  }
}

function trySoon() {
  document.getElementById("try").requestSubmit();
}

document.addEventListener("picked", (event) => {
  if (!event.target.hasAttribute("data-basket")) return;
  const line = document.getElementById("basket-line").content.cloneNode(true);
  line.querySelector("input[name=sku]").value = event.detail.code;
  line.querySelector("span").textContent = event.detail.label;
  document.querySelector("#try .basket").append(line);
  trySoon();
});

picking(document);
document.addEventListener("DOMContentLoaded", () => { send("look"); trySoon(); });
if (document.readyState !== "loading") { send("look"); setTimeout(trySoon); }
