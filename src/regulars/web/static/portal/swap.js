// Sends the forms that say so without leaving the page: the answer's main part takes the place of this one's.
// What could not be sent stays as it was typed, to be sent again.

const busy = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]") || !window.fetch) return;
  event.preventDefault();
  if (!busy.has(form)) send(form, event.submitter);
});

async function send(form, submitter) {
  busy.add(form);
  submitter?.setAttribute("aria-busy", "true");
  const fields = new URLSearchParams(new FormData(form, submitter));
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin", headers: { Accept: "text/html" } });
  } catch {
    busy.delete(form);
    submitter?.removeAttribute("aria-busy");
    document.documentElement.dataset.offline = "today";
    return;
  }
  delete document.documentElement.dataset.offline;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("#main");
  const led = answer.redirected && !page.querySelector(".tabs"); // to the log-in, which has scripts of its own
  if (!main || led) { location.assign(answer.url); return; }
  document.querySelector("#main").replaceWith(main);
  document.title = page.title;
  const clean = new URL(answer.url);
  clean.searchParams.delete("said");
  if (clean.href !== location.href) history.pushState({}, "", clean);
  main.focus({ preventScroll: true });
  main.querySelector(".said")?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new CustomEvent("swapped", { detail: main }));
}
