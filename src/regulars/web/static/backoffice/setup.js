// Set-up's live parts: goods that are picked, how many of a currency are called, and the card in another colour.
import { picking } from "./picking.js";

if (document.querySelector("[data-pick]")) picking(document);

for (const forms of document.querySelectorAll("[data-plurals]")) {
  const rules = new Intl.PluralRules(forms.dataset.plurals);
  const says = forms.querySelector("[data-said-as]");
  const say = () => {
    const name = (n) => {
      const of = (form) => forms.querySelector(`[data-form="${form}"]`)?.value;
      return of(rules.select(n)) || of("other") || "";
    };
    says.textContent = [1, 2, 5, 10, 21].filter(name).map((n) => `${n} ${name(n)}`).join(" · ");
  };
  forms.addEventListener("input", say);
  say();
}

const questions = document.querySelector("[data-questions]");
if (questions) {
  const language = document.querySelector("[name=preview_language]");
  let waits = 0, asked = 0;
  const ask = async () => {
    const turn = (asked += 1);
    const body = new URLSearchParams(new FormData(questions));
    body.set("preview_language", language.value);
    const answer = await fetch(questions.dataset.questions, { method: "POST", body });
    if (!answer.ok || turn !== asked) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("[data-asked]").replaceChildren(...drawn.body.childNodes);
  };
  const soon = () => {
    clearTimeout(waits);
    waits = setTimeout(ask, 250);
  };
  questions.addEventListener("input", soon);
  language.addEventListener("change", soon);
}

const accent = document.querySelector("[data-accent]");
if (accent) {
  const text = document.querySelector("[data-accent-text]");
  let waits = 0;
  const judge = () => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(accent.value.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const contrast = 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
    const notes = [...document.querySelectorAll("[data-least]")];
    const holds = notes.find((note) => contrast >= Number(note.dataset.least));
    const number = contrast.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
    for (const note of notes) note.hidden = note !== holds;
    holds.textContent = holds.dataset.says.replace("{contrast}", number);
  };
  const form = document.querySelector("[data-brand]");
  const chosen = (language) => {
    const texts = form.querySelectorAll(`[data-brand-language="${language}"] [data-brand-text]`);
    return [
      ["accent", accent.value],
      ["place", form.elements.logo_place.value],
      ["style", form.elements.number_style.value],
      ...[...texts].map((field) => [field.dataset.brandText, field.value]),
    ];
  };
  const show = () => {
    judge();
    for (const picture of document.querySelectorAll("[data-preview]")) {
      const address = new URL(picture.dataset.preview, location.href);
      for (const [name, value] of chosen(picture.dataset.previewLanguage)) address.searchParams.set(name, value);
      if (picture.src !== address.href) picture.src = address.href;
    }
  };
  const changed = () => {
    clearTimeout(waits);
    waits = setTimeout(show, 200);
  };
  form.addEventListener("input", changed);
  accent.addEventListener("input", () => {
    text.value = accent.value;
    changed();
  });
  text.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(text.value)) {
      accent.value = text.value.toLowerCase();
      changed();
    }
  });
}
