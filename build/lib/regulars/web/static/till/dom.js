// Builds elements without markup in strings, so that nothing typed or stored can become markup.

export const $ = (selector, within = document) => within.querySelector(selector);

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

export const key = (name) => h("kbd", { "aria-hidden": "true" }, name);

export function button(label, { kbd, onclick, ...rest } = {}) {
  return h("button", { type: "button", class: "button", onclick, ...rest }, h("span", {}, label), kbd ? key(kbd) : null);
}

// A button whose act is done at the second press, within four seconds: no dialogue, and no slip of the finger.
export function twice(label, sure, act, { kbd, ...rest } = {}) {
  let armed = 0;
  const text = h("span", {}, label);
  const element = h("button", { type: "button", class: "button danger", ...rest }, text, kbd ? key(kbd) : null);
  element.addEventListener("click", () => {
    if (armed) { clearTimeout(armed); armed = 0; text.textContent = label; act(); return; }
    text.textContent = sure;
    armed = setTimeout(() => { armed = 0; text.textContent = label; }, 4000);
  });
  return element;
}
