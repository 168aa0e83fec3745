// Calls the portal's own JSON addresses; an error becomes a Fault with its stable code.
export class Fault extends Error {
  constructor(code, status, errors = []) {
    super(code);
    this.errors = errors;
    this.code = code;
    this.status = status;
  }
}

const csrf = document.querySelector('meta[name="csrf-token"]')?.content;

export async function call(method, address, body) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (csrf) headers["X-CSRF-Token"] = csrf;
  let answer;
  try {
    answer = await fetch(address, { method, headers, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body) });
  } catch { throw new Fault("offline", 0); }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Fault(said.code ?? "other", answer.status, said.errors);
  return said;
}

export const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

export function base64url(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// What a passkey answered, as the server reads it.
export function credentialJson(made) {
  const { response } = made;
  const parts = { clientDataJSON: base64url(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = base64url(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return { id: made.id, rawId: base64url(made.rawId), type: made.type, response: parts, clientExtensionResults: made.getClientExtensionResults() };
}

// What the server asks of a passkey, with its base64 as bytes.
export function publicKeyOptions(options) {
  const asked = { ...options, challenge: bytes(options.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return asked;
}
