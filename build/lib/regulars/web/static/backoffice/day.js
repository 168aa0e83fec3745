// The day view's chart, drawn from the tokens, and the explanations behind the question marks.

const data = JSON.parse(document.getElementById("chart-data").textContent);
const place = document.getElementById("chart");
const money = new Intl.NumberFormat(data.locale, { style: "currency", currency: data.currency, minimumFractionDigits: data.scale, maximumFractionDigits: data.scale, useGrouping: "always" });
const short = new Intl.NumberFormat(data.locale, { notation: "compact", maximumFractionDigits: 1 });
const write = (amount) => money.formatToParts(amount / 10 ** data.scale).map((part) => (part.type === "group" ? "\u202f" : part.value)).join("");

// The colours as the canvas can read them: a custom property in OKLCH is painted once and read back.
function colour(name) {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const holder = document.createElement("span");
  holder.style.color = `var(${name})`;
  document.body.append(holder);
  probe.fillStyle = getComputedStyle(holder).color;
  holder.remove();
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
  return `rgb(${r},${g},${b})`;
}

let chart = null;

function draw() {
  if (!place || !window.echarts) return;
  chart ??= window.echarts.init(place, null, { renderer: "canvas" });
  const ink = colour("--ink");
  const soft = colour("--ink-soft");
  const line = colour("--line");
  const surface = colour("--raised");
  const narrow = place.clientWidth < 560;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: narrow ? 11 : 13, color: soft };
  const series = (key, name, token, extra) => ({
    name, type: "bar", stack: "day", data: data[key].map((amount) => amount / 10 ** data.scale), barMaxWidth: 34, barCategoryGap: "28%",
    itemStyle: { color: colour(token), ...extra },
    emphasis: { focus: "none" },
  });
  chart.setOption({
    animation: !still, animationDuration: 180, textStyle: text,
    grid: { left: 4, right: 12, top: 66, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 18, icon: "roundRect", textStyle: { ...text, color: ink }, selectedMode: false },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, backgroundColor: surface, borderColor: line, padding: 12,
      textStyle: { ...text, color: ink }, axisPointer: { type: "shadow", shadowStyle: { color: line, opacity: 0.35 } },
      formatter: ([first]) => [data.days[first.dataIndex], `${data.names.net}: ${write(data.net[first.dataIndex])}`, `${data.names.discount}: ${write(data.discount[first.dataIndex])}`].join("\n"),
    },
    xAxis: { type: "category", data: data.days, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { ...text, hideOverlap: true, margin: 10, alignMinLabel: "left", alignMaxLabel: "right" } },
    yAxis: {
      type: "value", min: 0, name: data.currency, nameGap: 14, nameTextStyle: { ...text, align: "left" }, splitNumber: narrow ? 3 : 4,
      splitLine: { lineStyle: { color: line } }, axisLabel: { ...text, formatter: (value) => short.format(value) },
    },
    series: [
      series("net", data.names.net, "--chart-net", {}),
      series("discount", data.names.discount, "--chart-discount", { borderRadius: [3, 3, 0, 0], decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(0,0,0,0.18)" } }),
    ],
  }, true);
}

function ready() {
  draw();
  if (!place) return;
  new ResizeObserver(() => { chart?.resize(); draw(); }).observe(place);
  window.addEventListener("themechange", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(draw));
}

if (document.readyState === "complete") ready(); else window.addEventListener("load", ready);

const tip = document.getElementById("tip");
function showTip(button) {
  tip.textContent = button.dataset.tip;
  tip.hidden = false;
  const at = button.getBoundingClientRect();
  const width = Math.min(320, innerWidth - 24);
  tip.style.width = `${width}px`;
  tip.style.left = `${Math.min(Math.max(12, at.left - 24), innerWidth - width - 12)}px`;
  tip.style.top = `${at.bottom + scrollY + 8}px`;
}
for (const button of document.querySelectorAll(".explain")) {
  button.addEventListener("mouseenter", () => showTip(button));
  button.addEventListener("focus", () => showTip(button));
  button.addEventListener("click", () => showTip(button));
  for (const leaving of ["mouseleave", "blur"]) button.addEventListener(leaving, () => { tip.hidden = true; });
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });

for (const control of document.querySelectorAll(".filters select, .filters input")) {
  control.addEventListener("change", () => { if (control.form.reportValidity()) control.form.requestSubmit(); });
}
