// What the server says about this page: settings, and every text in the page's language.

export const config = JSON.parse(document.getElementById("config").textContent);
const rules = new Intl.PluralRules(config.locale);

export function t(name, values = {}) {
  const text = config.texts[name];
  if (text === undefined) throw new Error(`no text is named ${name}`);
  const form = typeof text === "string" ? text : (text[rules.select(values.n ?? 0)] ?? text.other);
  return form.replace(/\{(\w+)\}/g, (whole, field) => (field in values ? String(values[field]) : whole));
}

// A problem of the API in a sentence: what happened, what was not done, what to do.
export function explain(fault) {
  const name = `error_${fault.code}`;
  const minutes = Math.max(1, Math.ceil((fault.retryAfter ?? 0) / 60));
  return name in config.texts ? t(name, { minutes }) : t("error_other", { code: fault.code });
}
