// Logging in: a phone number or email, then the code that came there; or a passkey. Who is new agrees and is in.
import { call, credentialJson, publicKeyOptions } from "./api.js";

const door = document.querySelector(".door[data-api]");
const { api, after, welcome, language, tag } = door.dataset;
let { referral } = door.dataset;
const step = (name) => door.querySelector(`[data-step="${name}"]`);
const fault = door.querySelector("[data-fault]");
let asked = null;

function go(name) {
  fault.hidden = true;
  for (const one of door.querySelectorAll("[data-step]")) one.hidden = one.dataset.step !== name;
  step(name).querySelector("input:not([hidden])")?.focus();
}

function say(code) {
  const words = door.querySelector(`[data-word="${code}"]`) ?? door.querySelector('[data-word="other"]');
  fault.textContent = words.textContent;
  fault.hidden = false;
}

async function doing(form, act) {
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  try { await act(); } catch (error) { say(error.code ?? "other"); } finally { button.disabled = false; }
}

const contact = () => (asked.by === "phone" ? { phone: asked.to } : { email: asked.to });

door.querySelector("[data-ask]").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const by = form.querySelector('[data-by="phone"]').hidden ? "email" : "phone";
  const to = form.elements[by].value.trim();
  if (!to) { say("invalid_value"); return; }
  asked = { by, to };
  doing(form, async () => {
    asked.challenge = (await call("POST", `${api}/log-in/code`, contact())).challenge;
    door.querySelector("[data-to-whom]").textContent = to;
    step("code").querySelector("form").reset();
    go("code");
  });
});

const verify = (more = {}) => call("POST", `${api}/log-in/verify`, { challenge: asked.challenge, code: asked.code, ...contact(), language, ...more });

door.querySelector("[data-verify]").addEventListener("submit", (event) => {
  event.preventDefault();
  asked.code = event.target.elements.code.value.trim();
  doing(event.target, async () => {
    const entered = await verify();
    if (entered.member) location.assign(after);
    else go("join");
  });
});

// What she answered, as the questionnaire keeps it; the server says what is missing.
function answers() {
  const found = {};
  for (const box of door.querySelectorAll("[data-question]")) {
    const fields = [...box.querySelectorAll("[name]")];
    const text = fields.filter((field) => field.type !== "checkbox" || field.checked).map((field) => field.value.trim()).join(";");
    if (text) found[box.dataset.question] = { yes_no: () => text === "1", number: () => Number(text) }[box.dataset.kind]?.() ?? text;
  }
  return found;
}

// The questions whose answers are missing or cannot be; whether there are any. The first of them has the focus.
function mark(errors = []) {
  const codes = errors.map(({ pointer }) => pointer?.replace("/attributes/", ""));
  let first = null;
  for (const box of door.querySelectorAll("[data-question]")) {
    const wrong = codes.includes(box.dataset.question);
    box.querySelector(".field, fieldset").classList.toggle("faulty", wrong);
    if (wrong) first ??= box.querySelector("[name]");
  }
  first?.focus();
  return first !== null;
}

door.querySelector("[data-join]").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = [...event.target.querySelectorAll("[data-channel]:checked")].map((box) => ({
    channel: box.dataset.channel, purpose: box.dataset.purpose, granted: true,
    ...(box.dataset.wording ? { wording: box.dataset.wording, wording_version: Number(box.dataset.version), wording_language: box.dataset.language } : {}),
  }));
  doing(event.target, async () => {
    try { await verify({ agreed: true, consents: given, attributes: answers(), ...(referral ? { referral } : {}), ...(tag ? { tag } : {}) }); } catch (error) {
      if (error.code === "referral_unknown") referral = "";
      if (mark(error.errors)) error.code = "answers";
      throw error;
    }
    location.assign(welcome);
  });
});

// Six digits are all there is to a code: the last one sends it.
door.querySelector("[name=code]").addEventListener("input", (event) => {
  event.target.value = event.target.value.replace(/\D/g, "").slice(0, 6);
  if (event.target.value.length === 6) event.target.form.requestSubmit();
});

door.querySelector("[data-again]").addEventListener("click", () => go("contact"));
door.querySelector("[data-other]").addEventListener("click", () => {
  for (const field of door.querySelectorAll("[data-by]")) field.hidden = !field.hidden;
  for (const words of door.querySelectorAll("[data-to]")) words.hidden = !words.hidden;
  door.querySelector("[data-by]:not([hidden]) input").focus();
});

if (window.PublicKeyCredential) {
  door.querySelector("[data-passkeys]").hidden = false;
  door.querySelector("[data-passkey]").addEventListener("click", async () => {
    try {
      const offer = await call("POST", `${api}/log-in/passkey/options`, {});
      const made = await navigator.credentials.get({ publicKey: publicKeyOptions(offer.options) });
      await call("POST", `${api}/log-in/passkey/verify`, { challenge: offer.challenge, credential: credentialJson(made) });
      location.assign(after);
    } catch { say("passkey"); }
  });
}
