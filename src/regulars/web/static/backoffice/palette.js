// The command palette (Ctrl K) and the two-letter keys that lead to a page (g, then a letter).

export function palette(dialog) {
  const input = dialog.querySelector("input");
  const options = [...dialog.querySelectorAll("[role=option]")];
  const none = dialog.querySelector(".palette-none");
  let shown = options;
  let at = 0;

  function mark(index) {
    at = shown.length ? (index + shown.length) % shown.length : 0;
    for (const option of options) option.setAttribute("aria-selected", String(option === shown[at]));
    if (shown[at]) {
      input.setAttribute("aria-activedescendant", shown[at].id);
      shown[at].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function filter() {
    const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    shown = options.filter((option) => {
      const text = option.textContent.toLocaleLowerCase();
      return words.every((word) => text.includes(word));
    });
    for (const option of options) option.hidden = !shown.includes(option);
    none.hidden = shown.length > 0;
    mark(0);
  }

  function open() {
    if (dialog.open) return;
    input.value = "";
    filter();
    dialog.showModal();
    input.focus();
  }

  function go(option) {
    if (option) window.location.assign(option.dataset.address);
  }

  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Enter") go(shown[at]);
    else return;
    event.preventDefault();
  });
  for (const option of options) option.addEventListener("click", () => go(option));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  let began = Number.NEGATIVE_INFINITY;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog[open]")) return;
    if (event.key === "g") {
      began = event.timeStamp;
    } else if (event.timeStamp - began < 1500) {
      began = Number.NEGATIVE_INFINITY;
      const link = document.querySelector(`[data-keys="g ${CSS.escape(event.key)}"]`);
      if (link) link.click();
    } else if (event.key === "/") {
      const search = document.querySelector("main input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });
  for (const button of document.querySelectorAll("[data-palette]")) button.addEventListener("click", open);
}
