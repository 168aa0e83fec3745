// The wizard's two live parts: another shop's row, and what a receipt earns.

const rows = document.querySelector("[data-rows]");
document.querySelector("[data-more]")?.addEventListener("click", () => {
  const row = rows.lastElementChild.cloneNode(true);
  for (const input of row.querySelectorAll("input")) {
    input.required = false;
    input.autofocus = false;
    input.value = input.type === "number" ? "1" : "";
  }
  rows.append(row);
  row.querySelector("input").focus();
});

const worth = document.querySelector("[data-worth]");
if (worth) {
  const says = worth.querySelector("[data-says]");
  const { scale, currency, locale } = worth.dataset;
  const money = new Intl.NumberFormat(locale, { style: "currency", currency });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  const say = () => {
    const points = 20 * Number(worth.elements.points.value || 0);
    const pays = (points * Number((worth.elements.worth.value || "0").replace(",", "."))) / 10 ** Number(scale);
    if (!Number.isFinite(pays)) return;
    says.textContent = says.dataset.says
      .replace("{points}", new Intl.NumberFormat(locale).format(points))
      .replace("{worth}", money.format(pays))
      .replace("{share}", percent.format(pays / 20));
  };
  worth.addEventListener("input", say);
  say();
}
