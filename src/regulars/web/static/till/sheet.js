// A small form in the zone at the right: it opens empty, takes Enter, and closes with Escape, back to the entry.

export function sheet(form, field, { apply, close }) {
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    form.hidden = true;
    close();
  });
  return {
    open() {
      form.hidden = false;
      for (const one of form.querySelectorAll("input")) one.value = "";
      field.focus();
    },
    hide() { form.hidden = true; },
    isOpen: () => !form.hidden,
  };
}
