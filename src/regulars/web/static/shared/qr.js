// Draws a QR code (ISO/IEC 18004, model 2) at level M, versions 1 to 12: of capital letters and digits two in eleven bits,
// of any other text its bytes. What a phone makes anew every half minute, and what a till prints, has to be drawn where it
// is made, without a network; everything else the server draws.

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
// For level M, by version: codewords of correction in a block, and blocks.
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8];
const CODEWORDS = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346, 404, 466];
const SECOND_ALIGNMENT = [0, 18, 22, 26, 30, 34, 22, 24, 26, 28, 30, 32];
const QUIET = 4;
const MASKS = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

// The modules as rows of 0 and 1, without the quiet zone. Throws RangeError for a text that does not fit.
export function modules(text) {
  const mode = [...text].every((sign) => SIGNS.includes(sign)) ? LETTERS : BYTES;
  const said = mode.bits(text);
  const bitsIn = (version) => 4 + mode.countBits(version) + said.length;
  const version = CODEWORDS.findIndex((_, place) => bitsIn(place + 1) <= dataOf(place + 1) * 8) + 1;
  if (!version) throw new RangeError("too long");
  const head = [...bitsOf(mode.sign, 4), ...bitsOf(mode.count(text), mode.countBits(version))];
  const words = interleaved(dataWords([...head, ...said], version), version);
  const drawn = MASKS.map((_, mask) => placed(words, version, mask));
  const judged = drawn.map(unrest);
  return drawn[judged.indexOf(Math.min(...judged))];
}

// An SVG of one path; black where the page's `currentcolor` is.
export function draw(text) {
  const rows = modules(text);
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      path += `M${from + QUIET} ${y + QUIET}h${x - from + 1}v1h-${x - from + 1}z`;
    }
  });
  const size = rows.length + 2 * QUIET;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  const ink = document.createElementNS(svg.namespaceURI, "path");
  ink.setAttribute("d", path);
  svg.append(ink);
  return svg;
}

const dataOf = (version) => CODEWORDS[version - 1] - CORRECTION[version - 1] * BLOCKS[version - 1];
const bitsOf = (value, width) => Array.from({ length: width }, (_, place) => (value >> (width - 1 - place)) & 1);
const bytesOf = (text) => [...new TextEncoder().encode(text)];
const LETTERS = {
  sign: 0b0010,
  countBits: (version) => (version < 10 ? 9 : 11),
  count: (text) => text.length,
  bits: (text) => text.match(/..?/g).flatMap(([first, second]) => (second === undefined
    ? bitsOf(SIGNS.indexOf(first), 6) : bitsOf(SIGNS.indexOf(first) * 45 + SIGNS.indexOf(second), 11))),
};
const BYTES = {
  sign: 0b0100,
  countBits: (version) => (version < 10 ? 8 : 16),
  count: (text) => bytesOf(text).length,
  bits: (text) => bytesOf(text).flatMap((byte) => bitsOf(byte, 8)),
};

function dataWords(bits, version) {
  const room = dataOf(version);
  bits.push(...new Array(Math.min(4, room * 8 - bits.length)).fill(0));
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let place = 0; place < bits.length; place += 8) words.push(Number.parseInt(bits.slice(place, place + 8).join(""), 2));
  for (let pad = 0xec; words.length < room; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

// Blocks of nearly one size, each with its own correction; their codewords in turn.
function interleaved(words, version) {
  const count = BLOCKS[version - 1];
  const short = Math.floor(words.length / count);
  const shorter = count - (words.length % count);
  const blocks = [];
  for (let place = 0, n = 0; n < count; n += 1) {
    const length = short + (n < shorter ? 0 : 1);
    blocks.push(words.slice(place, place + length));
    place += length;
  }
  const generator = generatorOf(CORRECTION[version - 1]);
  const checks = blocks.map((block) => remainder(block, generator));
  const turn = (parts) => Array.from({ length: Math.max(...parts.map((part) => part.length)) }, (_, at) =>
    parts.filter((part) => at < part.length).map((part) => part[at])).flat();
  return [...turn(blocks), ...turn(checks)];
}

// Products in the field of 256 elements with x⁸ + x⁴ + x³ + x² + 1.
function product(one, other) {
  let sum = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    sum = (sum << 1) ^ (sum & 0x80 ? 0x11d : 0);
    if ((other >> bit) & 1) sum ^= one;
  }
  return sum & 0xff;
}

function generatorOf(degree) {
  let factors = [1];
  for (let n = 0, root = 1; n < degree; n += 1, root = product(root, 2)) {
    const next = [...factors, 0];
    factors.forEach((factor, place) => { next[place + 1] ^= product(factor, root); });
    factors = next;
  }
  return factors.slice(1);
}

function remainder(block, generator) {
  const rest = new Array(generator.length).fill(0);
  for (const word of block) {
    const factor = word ^ rest.shift();
    rest.push(0);
    generator.forEach((coefficient, place) => { rest[place] ^= product(coefficient, factor); });
  }
  return rest;
}

function placed(words, version, mask) {
  const size = 17 + 4 * version;
  const rows = Array.from({ length: size }, () => new Array(size).fill(null));
  const set = (x, y, dark) => { if (x >= 0 && y >= 0 && x < size && y < size) rows[y][x] = dark ? 1 : 0; };
  for (let n = 0; n < size; n += 1) { set(n, 6, n % 2 === 0); set(6, n, n % 2 === 0); }
  for (const [left, top] of [[0, 0], [size - 7, 0], [0, size - 7]]) finder(set, left, top);
  for (const [x, y] of alignments(version, size)) alignment(set, x, y);
  information(set, size, format(mask));
  if (version >= 7) versions(set, size, version);
  fill(rows, words, MASKS[mask]);
  return rows;
}

function finder(set, left, top) {
  for (let y = -1; y <= 7; y += 1) for (let x = -1; x <= 7; x += 1) {
    const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
    set(left + x, top + y, ring !== 2 && ring <= 3);
  }
}

function alignments(version, size) {
  if (version === 1) return [];
  const places = version < 7 ? [6, size - 7] : [6, SECOND_ALIGNMENT[version - 1], size - 7];
  const last = size - 7;
  return places.flatMap((y) => places.map((x) => [x, y]))
    .filter(([x, y]) => !((x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6)));
}

function alignment(set, centreX, centreY) {
  for (let y = -2; y <= 2; y += 1) for (let x = -2; x <= 2; x += 1) {
    set(centreX + x, centreY + y, Math.max(Math.abs(x), Math.abs(y)) !== 1);
  }
}

function format(mask) {
  const data = mask; // level M is 00
  let rest = data;
  for (let n = 0; n < 10; n += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  return ((data << 10) | rest) ^ 0x5412;
}

function information(set, size, bits) {
  const bit = (n) => (bits >> n) & 1;
  for (let n = 0; n < 6; n += 1) { set(8, n, bit(n)); set(5 - n, 8, bit(n + 9)); }
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let n = 0; n < 8; n += 1) set(size - 1 - n, 8, bit(n));
  for (let n = 8; n < 15; n += 1) set(8, size - 15 + n, bit(n));
  set(8, size - 8, 1);
}

function versions(set, size, version) {
  let rest = version;
  for (let n = 0; n < 12; n += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let n = 0; n < 18; n += 1) {
    const dark = (bits >> n) & 1;
    set(size - 11 + (n % 3), Math.floor(n / 3), dark);
    set(Math.floor(n / 3), size - 11 + (n % 3), dark);
  }
}

// In columns of two from the right, up and down by turns, past what stands there already.
function fill(rows, words, mask) {
  const size = rows.length;
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const upward = ((right + 1) & 2) === 0;
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (rows[y][x] !== null) continue;
        const dark = bit < words.length * 8 ? (words[bit >> 3] >> (7 - (bit & 7))) & 1 : 0;
        rows[y][x] = mask(x, y) === 0 ? dark ^ 1 : dark;
        bit += 1;
      }
    }
  }
}

// How hard it is to read: long runs of one colour, squares of one colour, too much of one. Any mask can be read.
function unrest(rows) {
  const size = rows.length;
  let points = 0;
  let dark = 0;
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) {
    dark += rows[y][x];
    const same = (dx, dy) => x + dx < size && y + dy < size && rows[y][x] === rows[y + dy][x + dx];
    if (same(1, 0) && same(0, 1) && same(1, 1)) points += 3;
    if ([1, 2, 3, 4].every((n) => same(n, 0))) points += 3;
    if ([1, 2, 3, 4].every((n) => same(0, n))) points += 3;
  }
  return points + Math.floor(Math.abs(dark / (size * size) - 0.5) * 20) * 10;
}
