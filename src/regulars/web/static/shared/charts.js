// Draws the charts of a page from its data (`#chart-data`), in the colours of the tokens: one look for all of them.
//
// A chart: { id, labels, series: [{ name, type: "bar" | "line", colour, values, striped }], currency?, unit?, scale, links? }.
// Amounts come in the smallest unit and are written as the reader's language does. `links`: where each label leads.

const data = JSON.parse(document.getElementById("chart-data").textContent);
const short = new Intl.NumberFormat(data.locale, { notation: "compact", maximumFractionDigits: 1 });
const drawn = new Map();

// The colours as the canvas can read them: a custom property in OKLCH is painted once and read back.
export function colour(name) {
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

function theme(narrow) {
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: narrow ? 11 : 13, color: colour("--ink-soft") };
  return { text, ink: colour("--ink"), line: colour("--line"), surface: colour("--raised") };
}

function writer(chart) {
  const digits = { minimumFractionDigits: chart.scale, maximumFractionDigits: chart.scale, useGrouping: "always" };
  const format = new Intl.NumberFormat(data.locale, chart.currency ? { style: "currency", currency: chart.currency, ...digits } : digits);
  return (amount) => format.formatToParts(amount / 10 ** chart.scale).map((part) => (part.type === "group" ? "\u202f" : part.value)).join("");
}

function series(chart, one, place) {
  const values = one.values.map((amount) => amount / 10 ** chart.scale);
  const paint = colour(one.colour);
  if (one.type === "line") {
    return { name: one.name, type: "line", data: values, smooth: false, symbol: values.length > 1 ? "none" : "circle", symbolSize: 8, lineStyle: { width: 2.5, color: paint }, itemStyle: { color: paint }, areaStyle: { color: paint, opacity: 0.1 }, emphasis: { disabled: true } };
  }
  const last = place === chart.series.length - 1;
  const stripes = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(0,0,0,0.18)" };
  return {
    name: one.name, type: "bar", stack: "all", data: values, barMaxWidth: 34, barCategoryGap: "28%", emphasis: { focus: "none" },
    itemStyle: { color: paint, ...(last ? { borderRadius: [3, 3, 0, 0] } : {}), ...(one.striped ? { decal: stripes } : {}) },
  };
}

function option(chart, place) {
  const narrow = place.clientWidth < 560;
  const { text, ink, line, surface } = theme(narrow);
  const write = writer(chart);
  const told = chart.series.length > 1;
  const below = chart.series.some((one) => one.values.some((value) => value < 0));
  return {
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches, animationDuration: 180, textStyle: text,
    grid: { left: 4, right: 12, top: told ? 66 : 34, bottom: 8, containLabel: true },
    legend: { show: told, top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 18, icon: "roundRect", textStyle: { ...text, color: ink }, selectedMode: false },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, backgroundColor: surface, borderColor: line, padding: 12,
      textStyle: { ...text, color: ink }, axisPointer: { type: chart.series[0].type === "line" ? "line" : "shadow", lineStyle: { color: line }, shadowStyle: { color: line, opacity: 0.35 } },
      formatter: ([first]) => [chart.labels[first.dataIndex], ...chart.series.map((one) => `${one.name}: ${write(one.values[first.dataIndex])}`)].join("\n"),
    },
    xAxis: { type: "category", data: chart.labels, boundaryGap: chart.series[0].type !== "line", axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { ...text, hideOverlap: true, margin: 10, alignMinLabel: "left", alignMaxLabel: "right" } },
    yAxis: {
      type: "value", ...(below ? {} : { min: 0 }), minInterval: chart.scale ? 0 : 1, name: chart.currency ?? chart.unit, nameGap: 14, nameTextStyle: { ...text, align: "left" }, splitNumber: narrow ? 3 : 4,
      splitLine: { lineStyle: { color: line } }, axisLabel: { ...text, formatter: (value) => short.format(value) },
    },
    series: chart.series.map((one, n) => series(chart, one, n)),
  };
}

function draw(chart) {
  const place = document.getElementById(chart.id);
  if (!place || !place.clientWidth || !window.echarts) return;
  if (!drawn.has(chart.id)) drawn.set(chart.id, window.echarts.init(place, null, { renderer: "canvas" }));
  drawn.get(chart.id).setOption(option(chart, place), true);
}

// Where the day under the pointer leads; the table beside the chart leads there too, by keyboard.
function lead(chart, place) {
  const under = (event) => {
    const canvas = drawn.get(chart.id);
    const box = place.getBoundingClientRect();
    const at = [event.clientX - box.left, event.clientY - box.top];
    if (!canvas?.containPixel("grid", at)) return null;
    return chart.links[canvas.convertFromPixel({ xAxisIndex: 0 }, at[0])] ?? null;
  };
  place.addEventListener("pointermove", (event) => place.classList.toggle("leads", under(event) !== null));
  place.addEventListener("click", (event) => {
    const address = under(event);
    if (address) window.location.assign(address);
  });
}

const drawAll = () => data.charts.forEach(draw);

function ready() {
  for (const chart of data.charts) {
    const place = document.getElementById(chart.id);
    if (place && chart.links) lead(chart, place);
    if (place) new ResizeObserver(() => { drawn.get(chart.id)?.resize(); draw(chart); }).observe(place);
  }
  window.addEventListener("themechange", drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(drawAll));
}

if (document.readyState === "complete") ready(); else window.addEventListener("load", ready);
