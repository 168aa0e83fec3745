// A card of another shop: what its code says goes into the form.
import { listen } from "./scan.js";

const form = document.querySelector('form[action$="/wallet/add"]');

listen(({ kind, text }) => {
  form.elements.text.value = text;
  form.elements.kind.value = kind;
  form.elements.name.focus();
  return true;
});
