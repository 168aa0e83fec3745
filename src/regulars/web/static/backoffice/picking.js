// Picks from what there is: a search with suggestions, chips for what was picked, and a list that may be pasted.
//
// A part `[data-pick=source]` tells `picked` ({ code, label }) whenever something was chosen or taken out.

const PAUSE = 150;
let pause = 0;
let turn = 0;

export function picking(root) {
  root.addEventListener("input", (event) => {
    const input = searchOf(event.target);
    if (!input) return;
    clearTimeout(pause);
    pause = setTimeout(() => offer(input), PAUSE);
  });
  root.addEventListener("focusin", (event) => {
    const input = searchOf(event.target);
    if (input && !["products"].includes(partOf(input).dataset.pick)) offer(input);
  });
  root.addEventListener("focusout", (event) => {
    const input = searchOf(event.target);
    if (input) setTimeout(() => close(input), 150);
  });
  root.addEventListener("keydown", (event) => {
    const input = searchOf(event.target);
    if (input) press(event, input);
  });
  root.addEventListener("paste", (event) => {
    const input = searchOf(event.target);
    const text = event.clipboardData?.getData("text") ?? "";
    const codes = text.split(/[\n\r\t;]+/).map((one) => one.trim()).filter(Boolean);
    if (!input || codes.length < 2) return;
    event.preventDefault();
    for (const code of codes) pick(input, code, code);
  });
  root.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.(".found [data-code]");
    if (!option) return;
    event.preventDefault();
    pick(option.closest("[data-pick]").querySelector("[role=combobox]"), option.dataset.code, option.dataset.label);
  });
  root.addEventListener("click", (event) => {
    const out = event.target.closest?.("[data-unpick]");
    if (!out) return;
    const part = partOf(out);
    out.closest("li").remove();
    part.querySelector("[role=combobox]").focus();
    tell(part, {});
  });
}

function searchOf(target) {
  return target.matches?.("[data-pick] [role=combobox]") ? target : null;
}

function partOf(input) {
  return input.closest("[data-pick]");
}

// The answer of the latest question stands, whichever comes last.
async function offer(input) {
  const mine = ++turn;
  const list = partOf(input).querySelector(".found");
  const query = new URLSearchParams({ source: partOf(input).dataset.pick, q: input.value });
  const answer = await fetch(`/backoffice/promotions/pick?${query}`, { headers: { "HX-Request": "true" } });
  const text = answer.ok ? await answer.text() : "";
  if (!answer.ok || mine !== turn || document.activeElement !== input) return;
  const fresh = new DOMParser().parseFromString(`<ul>${text}</ul>`, "text/html");
  const options = [...fresh.querySelectorAll("li")];
  options.forEach((one, n) => { one.id = `${list.id}-${n}`; });
  list.replaceChildren(...options);
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  mark(input, input.value ? list.querySelector("[data-code]") : null);
}

function close(input) {
  partOf(input).querySelector(".found").hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function mark(input, option) {
  const list = partOf(input).querySelector(".found");
  for (const one of list.children) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function press(event, input) {
  const list = partOf(input).querySelector(".found");
  const options = [...list.querySelectorAll("[data-code]")];
  const chosen = list.hidden ? undefined : options.find((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) { offer(input); return; }
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = chosen ? options.indexOf(chosen) + step : step > 0 ? 0 : options.length - 1;
    mark(input, options[(at + options.length) % options.length] ?? null);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (chosen) pick(input, chosen.dataset.code, chosen.dataset.label);
    else if (input.value.trim() && !partOf(input).hasAttribute("data-basket")) pick(input, input.value.trim(), input.value.trim());
  } else if (event.key === "Escape" && !list.hidden) {
    event.stopPropagation();
    close(input);
  } else if (event.key === "Backspace" && !input.value) {
    partOf(input).querySelector(".chips li:last-child [data-unpick]")?.click();
  }
}

function pick(input, code, label) {
  const part = partOf(input);
  input.value = "";
  close(input);
  if (!part.hasAttribute("data-basket")) chip(part, code, label);
  tell(part, { code, label });
}

function chip(part, code, label) {
  const chips = part.querySelector(".chips");
  if ([...chips.querySelectorAll("input")].some((one) => one.value === code)) return;
  const line = document.createElement("li");
  line.className = "chip";
  const held = document.createElement("input");
  held.type = "hidden";
  held.name = part.dataset.name;
  held.value = code;
  const text = document.createElement("span");
  text.textContent = label;
  const out = document.createElement("button");
  out.type = "button";
  out.dataset.unpick = "";
  out.textContent = "×";
  out.setAttribute("aria-label", `× ${label}`);
  line.append(held, text, out);
  chips.append(line);
}

function tell(part, detail) {
  part.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail }));
}
