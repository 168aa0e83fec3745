// The passkeys of a member: listed, added, taken away.
import { call, credentialJson, publicKeyOptions } from "./api.js";

const place = document.querySelector("[data-passkeys]");
const { api } = place.dataset;
const list = place.querySelector("[data-list]");
const word = (name) => place.querySelector(`[data-word="${name}"]`).textContent;

function say(name) {
  const heard = place.querySelector("[data-heard]");
  heard.textContent = word(name);
  heard.hidden = false;
}

function row(one) {
  const item = document.createElement("li");
  const inside = document.createElement("div");
  inside.className = "row";
  const words = document.createElement("span");
  words.className = "row-words";
  const name = document.createElement("strong");
  name.textContent = one.label;
  words.append(name);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button end";
  button.textContent = word("remove");
  button.addEventListener("click", async () => {
    try { await call("DELETE", `${api}/passkeys/${one.id}`); await show(); } catch { say("failed"); }
  });
  inside.append(words, button);
  item.append(inside);
  return item;
}

async function show() {
  const { items } = await call("GET", `${api}/passkeys`);
  list.replaceChildren(...items.map(row));
  list.hidden = !items.length;
}

if (window.PublicKeyCredential && window.isSecureContext) {
  place.hidden = false;
  show().catch(() => say("failed"));
  place.querySelector("[data-add]").addEventListener("click", async () => {
    try {
      const offer = await call("POST", `${api}/passkeys/options`, {});
      const made = await navigator.credentials.create({ publicKey: publicKeyOptions(offer.options) });
      await call("POST", `${api}/passkeys/verify`, { challenge: offer.challenge, credential: credentialJson(made) });
      await show();
      say("added");
    } catch { say("failed"); }
  });
}
