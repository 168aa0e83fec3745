// Signs in with a passkey: nobody has to say who she is.
import { call, credentialJson, publicKeyOptions } from "../portal/api.js";

const place = document.querySelector("[data-passkey-door]");

if (window.PublicKeyCredential && window.isSecureContext) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", async () => {
    const fault = place.querySelector("[data-fault]");
    fault.hidden = true;
    try {
      const offer = await call("POST", "/backoffice/second-factor/passkey/options", {});
      const made = await navigator.credentials.get({ publicKey: publicKeyOptions(offer.options) });
      await call("POST", "/backoffice/second-factor/passkey/verify", { challenge: offer.challenge, credential: credentialJson(made) });
      location.assign(place.dataset.after);
    } catch { fault.hidden = false; }
  });
}
