// Adds a passkey of whoever is signed in, then goes on to the page that is wanted.
import { call, credentialJson, publicKeyOptions } from "../portal/api.js";

const place = document.querySelector("[data-own-passkeys]");

if (window.PublicKeyCredential && window.isSecureContext) {
  const button = place.querySelector("[data-add]");
  place.hidden = false;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const fault = place.querySelector("[data-fault]");
    fault.hidden = true;
    button.disabled = true;
    try {
      const offer = await call("POST", "/backoffice/me/passkeys/options", {});
      const made = await navigator.credentials.create({ publicKey: publicKeyOptions(offer.options) });
      await call("POST", "/backoffice/me/passkeys", { challenge: offer.challenge, credential: credentialJson(made), label: place.dataset.label });
      location.assign(place.dataset.after);
    } catch {
      fault.hidden = false;
      button.disabled = false;
    }
  });
}
