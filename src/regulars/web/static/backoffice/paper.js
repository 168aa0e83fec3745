// A page that is printed by its own button.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
