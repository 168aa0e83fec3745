// Sends the forms that say so without leaving the page: the answer's main part takes the place of this one's.

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
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("#main");
  if (!main) { location.assign(answer.url); return; }
  const put = () => {
    document.querySelector("#main").replaceWith(main);
    document.title = page.title;
  };
  put();
  const clean = new URL(answer.url);
  clean.searchParams.delete("said");
  if (clean.href !== location.href) history.pushState({}, "", clean);
  main.focus({ preventScroll: true });
  main.querySelector(".said")?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new CustomEvent("swapped", { detail: main }));
}
