// The reference: finds calls, copies examples, and sends a call with the reader's own key.

const search = document.querySelector("#search");
const rows = [...document.querySelectorAll("[data-words]")];
const none = document.querySelector("#none");

function find() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const row of rows) {
    const text = row.dataset.words.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) found += 1;
  }
  for (const group of document.querySelectorAll(".reference-nav details")) {
    const any = group.querySelector("li:not([hidden])") !== null;
    group.hidden = !any;
    if (words.length) group.open = any;
  }
  for (const section of document.querySelectorAll(".reference-main section:has(tr[data-words])")) {
    section.hidden = section.querySelector("tr:not([hidden])") === null;
  }
  none.hidden = found > 0;
}

search.addEventListener("input", find);
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter") document.querySelector(".reference-nav li:not([hidden]) a")?.click();
  if (event.key === "Escape") { search.value = ""; find(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    search.focus();
  }
});
document.querySelector(".reference-nav [aria-current]")?.scrollIntoView({ block: "nearest" });

for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 1500);
  });
}

const form = document.querySelector("#try");
if (form) {
  const key = form.elements.key;
  key.value = sessionStorage.getItem("regulars-reference-key") ?? "";
  let meant = "";

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = form.elements.body?.value;
    if (body) {
      try { JSON.parse(body); } catch { show(form.dataset.broken, ""); form.elements.body.focus(); return; }
    }
    const writes = form.dataset.method !== "GET";
    if (writes && key.value.startsWith("live_") && meant !== key.value) {
      meant = key.value;
      show(form.dataset.live, "");
      return;
    }
    meant = "";
    if (key.value.startsWith("test_")) sessionStorage.setItem("regulars-reference-key", key.value);
    await send(body);
  });
}

function address() {
  let path = form.dataset.path;
  for (const field of form.querySelectorAll("[data-place]")) {
    path = path.replace(`{${field.dataset.place}}`, encodeURIComponent(field.value.trim()));
  }
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-query]")) {
    if (field.value.trim()) query.set(field.dataset.query, field.value.trim());
  }
  return query.size ? `${path}?${query}` : path;
}

async function send(body) {
  const headers = { Authorization: `Bearer ${form.elements.key.value.trim()}` };
  if (body) headers["Content-Type"] = "application/json";
  if ("named" in form.dataset) headers["Idempotency-Key"] = `reference-${crypto.randomUUID()}`;
  show(form.dataset.sending, "");
  const began = performance.now();
  try {
    const answer = await fetch(address(), { method: form.dataset.method, headers, body: body || undefined, credentials: "omit" });
    const text = await answer.text();
    const took = Math.round(performance.now() - began);
    show(`${answer.status} · ${took} ms`, readable(text, answer.headers.get("content-type") ?? ""));
  } catch {
    show(form.dataset.lost, "");
  }
}

function readable(text, type) {
  if (!type.includes("json")) return text.slice(0, 20000);
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function show(status, body) {
  const result = document.querySelector("#result");
  result.hidden = false;
  document.querySelector("#result-status").textContent = status;
  const pre = document.querySelector("#result-body");
  pre.textContent = body;
  pre.hidden = !body;
}
