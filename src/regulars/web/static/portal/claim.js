// A receipt that is to be added: its square code says number and code, its bars the number alone.
import { listen } from "./scan.js";

const form = document.querySelector('form[action$="/claim"]');
const { receipt, code } = form.elements;

listen(({ kind, text }) => {
  if (kind !== "qr") {
    receipt.value = text;
    code.focus();
    return true;
  }
  const says = address(text);
  const parts = ["receipt", "code"].map((name) => says?.searchParams.get(name));
  if (says?.pathname !== location.pathname || !parts.every(Boolean)) return false;
  [receipt.value, code.value] = parts;
  form.querySelector("button[type=submit]").focus();
  return true;
});

function address(text) {
  try { return new URL(text); } catch { return null; }
}
