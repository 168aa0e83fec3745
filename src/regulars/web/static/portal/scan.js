// Reads a code with the camera or from a picture: by the browser where it can, else by our server.
const place = document.querySelector("[data-scan]");
const KINDS = { ean_13: "ean13", upc_a: "ean13", code_128: "code128", qr_code: "qr" };
const EDGE_MAX = 1200;
const ASK_EVERY_MS = 900;
let stream = null;
let take = () => false;

// `taken` gets what was read, as kind and text, and says whether that is what was looked for.
export function listen(taken) {
  take = taken;
  place.hidden = false;
  place.querySelector("[data-camera]").addEventListener("click", () => { if (stream) stop(); else watch(); });
  place.querySelector("[data-picture]").addEventListener("change", look);
  window.addEventListener("pagehide", stop);
}

async function detector() {
  if (!("BarcodeDetector" in window)) return null;
  try {
    const known = await BarcodeDetector.getSupportedFormats();
    const formats = Object.keys(KINDS).filter((format) => known.includes(format));
    return formats.length ? new BarcodeDetector({ formats }) : null;
  } catch { return null; }
}

async function read(picture) {
  const own = await detector();
  if (own) {
    const [found] = await own.detect(picture);
    return found ? { kind: KINDS[found.format], text: found.format === "upc_a" ? found.rawValue.padStart(13, "0") : found.rawValue } : null;
  }
  return askServer(picture);
}

async function askServer(picture) {
  const width = picture.videoWidth ?? picture.width;
  const height = picture.videoHeight ?? picture.height;
  const share = Math.min(1, EDGE_MAX / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.max(16, Math.round(width * share)), Math.max(16, Math.round(height * share)));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Uint8Array(canvas.width * canvas.height);
  for (let n = 0; n < grey.length; n += 1) grey[n] = (data[4 * n] * 77 + data[4 * n + 1] * 151 + data[4 * n + 2] * 28) >> 8;
  const answer = await fetch(place.dataset.read, {
    method: "POST", body: grey, credentials: "same-origin",
    headers: { "Content-Type": "application/octet-stream", "X-Width": String(canvas.width), "X-CSRF-Token": place.dataset.csrf, Accept: "application/json" },
  });
  if (!answer.ok) return null;
  const found = await answer.json();
  return found.kind ? found : null;
}

function say(name) {
  const words = place.querySelector("[data-heard]");
  words.textContent = place.querySelector(`[data-words-${name}]`).textContent;
  words.classList.toggle("good", name === "found");
  words.classList.toggle("warning", name !== "found");
  words.hidden = false;
}

const heard = (found) => say(found && take(found) ? "found" : "nothing");

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  place.querySelector(".viewfinder").hidden = true;
}

async function watch() {
  const video = place.querySelector("video");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch { say("no-camera"); return; }
  place.querySelector(".viewfinder").hidden = false;
  video.srcObject = stream;
  await video.play();
  while (stream) {
    const found = await read(video).catch(() => null);
    if (!stream) return;
    if (found) { stop(); heard(found); return; }
    await new Promise((go) => { setTimeout(go, ASK_EVERY_MS); });
  }
}

async function look(event) {
  const [file] = event.target.files;
  if (!file) return;
  const picture = await createImageBitmap(file).catch(() => null);
  heard(picture ? await read(picture).catch(() => null) : null);
  event.target.value = "";
}
