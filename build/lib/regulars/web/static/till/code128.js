// Draws a Code 128 barcode as SVG: pairs of digits by set C, everything else by set B.

const WIDTHS = ("212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
  + "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
  + "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 "
  + "211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 "
  + "121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 "
  + "114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 "
  + "114131 311141 411131 211412 211214 211232 2331112").split(" ");
const START_B = 104;
const START_C = 105;
const TO_C = 99;
const TO_B = 100;
const STOP = 106;

export function symbols(text) {
  const codes = [];
  let set = "";
  for (let place = 0; place < text.length;) {
    const digits = /^\d*/.exec(text.slice(place))[0].length;
    const wanted = digits >= 4 || (set === "C" && digits >= 2) ? "C" : "B";
    if (wanted !== set) {
      codes.push(!set ? (wanted === "C" ? START_C : START_B) : (wanted === "C" ? TO_C : TO_B));
      set = wanted;
    }
    if (set === "C") { codes.push(Number(text.slice(place, place + 2))); place += 2; }
    else { codes.push(text.charCodeAt(place) - 32); place += 1; }
  }
  const check = codes.reduce((sum, code, place) => sum + code * Math.max(place, 1), 0) % 103;
  return [...codes, check, STOP];
}

export function draw(text) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  let path = "";
  let x = 10;
  for (const code of symbols(text)) {
    [...WIDTHS[code]].forEach((width, place) => {
      if (place % 2 === 0) path += `M${x} 0h${width}v40h-${width}z`;
      x += Number(width);
    });
  }
  svg.setAttribute("viewBox", `0 0 ${x + 10} 40`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "barcode");
  svg.setAttribute("aria-hidden", "true");
  const bars = document.createElementNS(svg.namespaceURI, "path");
  bars.setAttribute("d", path);
  svg.append(bars);
  return svg;
}
