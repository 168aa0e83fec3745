// Sets the remembered theme before the first paint, and lets the switch change it.
const KEY = "regulars.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function remembered() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

function apply() {
  document.documentElement.dataset.theme = remembered() || (dark.matches ? "dark" : "light");
}

apply();
dark.addEventListener("change", apply);
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-switch-theme]")) return;
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  try { localStorage.setItem(KEY, next); } catch { /* it lasts for this page */ }
  document.documentElement.dataset.theme = next;
  window.dispatchEvent(new Event("themechange"));
});
