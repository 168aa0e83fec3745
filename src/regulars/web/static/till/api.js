// Calls our own public API as any till would; an error becomes a Fault with its stable code.
import { config } from "./texts.js";
import { awayStatus, heard, suspect } from "./offline/line.js";
import * as training from "./training.js";

const csrf = document.querySelector('meta[name="csrf-token"]').content;
const TIMEOUT_MS = 12_000;

export class Fault extends Error {
  constructor(code, status, problem = {}) {
    super(problem.detail ?? code);
    this.code = code;
    this.status = status;
    this.problem = problem;
    this.retryAfter = problem.retryAfter ?? 2;
  }

  // Whether it is unknown if the server did it: only then is the very same request sent again.
  get unsure() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  // Whether somebody has to sign in first: it says nothing of what was sent before.
  get signedOut() {
    return this.status === 401 || this.code === "forbidden";
  }
}

export function newKey() {
  return `till-${crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16)).join("")}`;
}

export async function call(method, path, { body, query, idempotencyKey, signal, patience = TIMEOUT_MS, language = config.language } = {}) {
  if (config.training && training.practises(method, path)) return training.answer(path, body);
  const address = query ? `${path}?${new URLSearchParams(query)}` : path;
  const headers = { Accept: "application/json", "Accept-Language": language };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  const limit = AbortSignal.timeout(patience);
  const asked = Date.now();
  let response;
  let text;
  try {
    response = await fetch(address, {
      method, headers, credentials: "same-origin", cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw new Fault("stale", -1);
    suspect();
    throw new Fault("offline", 0, { detail: String(error) });
  }
  let answer = null;
  try { answer = text ? JSON.parse(text) : null; } catch { /* not JSON: an error page of something between us */ }
  heard(response, asked);
  if (response.ok) return answer;
  if (awayStatus(response.status, answer)) {
    suspect();
    throw new Fault("offline", 0);
  }
  const problem = { ...(answer ?? {}), retryAfter: Number(response.headers.get("Retry-After") ?? 2) };
  throw new Fault(problem.code ?? (response.status >= 500 ? "internal_error" : "other"), response.status, problem);
}

export const get = (path, query, options = {}) => call("GET", path, { query, ...options });
export const post = (path, body, options = {}) => call("POST", path, { body, ...options });
