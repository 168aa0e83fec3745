// A till for browsers and Node 18: new Till({url, key, store, till, currency}).sell({card}, lines) answers what to print.
const pause = (seconds) => new Promise((later) => setTimeout(later, seconds * 1000));
const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

export class Till {
  constructor(settings) { Object.assign(this, settings); }

  async post(path, body, key = newId(), attempts = 5) {
    const headers = { Authorization: `Bearer ${this.key}`, "Content-Type": "application/json", "Idempotency-Key": key };
    for (let attempt = 1; attempt <= attempts; attempt += 1) { // the very same request: it is done once
      const response = await fetch(this.url + path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
      const answer = await response?.json().catch(() => null);
      if (answer && response.status < 500 && response.status !== 429) { if (response.ok) return answer; throw answer; }
      if (attempt < attempts) await pause(Math.max(Number(response?.headers.get("Retry-After")), 2 ** attempt / 10));
    }
    throw { code: "no_answer" };
  }

  async sell(customer, lines) {
    const { store, till, currency } = this;
    const body = { id: `${store}-${till}-${newId()}`, store, till, currency, purchased_at: new Date().toISOString(), lines, ...customer };
    const { payable } = await this.post("/v1/purchases/preview", body);
    try {
      return await this.post("/v1/purchases", { ...body, expect: { payable } }); // or nothing, if the price changed
    } catch (problem) {
      if (problem.code === "no_answer") await this.post("/v1/purchases/void", { request: body.id }); // not sold, then
      throw problem;
    }
  }
}
