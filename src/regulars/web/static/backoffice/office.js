// What every page of the back office can do: the palette, keys, explanations, dialogues, the message said once.

import { palette } from "./palette.js";

const tip = document.getElementById("tip");

function explain(button) {
  if (!tip) return;
  const box = button.getBoundingClientRect();
  tip.textContent = button.dataset.tip;
  tip.hidden = false;
  const width = Math.min(320, document.documentElement.clientWidth - 32);
  tip.style.setProperty("max-width", `${width}px`);
  const left = Math.max(16, Math.min(box.left + window.scrollX, window.scrollX + document.documentElement.clientWidth - tip.offsetWidth - 16));
  tip.style.setProperty("left", `${left}px`);
  tip.style.setProperty("top", `${box.bottom + window.scrollY + 8}px`);
  button.setAttribute("aria-describedby", "tip");
}

function hide() {
  if (tip) tip.hidden = true;
}

document.addEventListener("mouseover", (event) => {
  const button = event.target.closest?.("[data-tip]");
  if (button) explain(button); else hide();
});
document.addEventListener("focusin", (event) => {
  const button = event.target.closest?.("[data-tip]");
  if (button) explain(button); else hide();
});

document.addEventListener("click", (event) => {
  const opens = event.target.closest("[data-opens]");
  if (opens) {
    document.getElementById(opens.dataset.opens)?.showModal();
    return;
  }
  const closes = event.target.closest("[data-closes]");
  if (closes) closes.closest("dialog")?.close();
  const menu = event.target.closest("[data-menu]");
  if (menu) {
    const open = document.body.classList.toggle("menu-open");
    menu.setAttribute("aria-expanded", String(open));
  }
  for (const details of document.querySelectorAll("details.account[open], details.languages[open]")) {
    if (!details.contains(event.target)) details.open = false;
  }
});

// A form that was sent is sent once: its buttons rest until the answer is there, or the page comes back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  setTimeout(() => {
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
  });
});

function wake(place) {
  for (const button of place.querySelectorAll("button[type=submit]:disabled:not([data-off])")) button.disabled = false;
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[method=post]")) wake(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches("form[method=post]")) wake(event.target);
});

// A filter that changes shows its list at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-live] select, form[data-live] input[type=date], form[data-live] input[type=checkbox]")) event.target.form.requestSubmit();
});

if (document.querySelector("[data-said]")) document.cookie = "regulars_said=; path=/backoffice; max-age=0; samesite=lax";

// htmx sends the page's token with every write.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf-token]")?.content ?? "";
});

palette(document.getElementById("palette"));
