// The device's camera as a scanner: opens beside the work, goes on reading until it is closed, and stops when nobody looks.
import { $, button, fill, h } from "./dom.js";
import { config, t } from "./texts.js";
import { meant } from "./codes.js";
import * as sound from "./sound.js";

const CHOSEN_KEY = "regulars.till.camera";
const AWAY_MS = 2000; // the same code counts anew once it was out of sight so long
const PAUSE_MS = 40;
const REFUSED = () => t("camera_refused");
const FAULTS = { NotAllowedError: REFUSED, SecurityError: REFUSED, NotFoundError: () => t("camera_none"), NotReadableError: () => t("camera_taken") };
const panel = $("#camera");
let act = () => {};
let worker = null;
let session = null; // what is open: its stream, and the codes in sight

export function setup(onScan) {
  act = onScan;
  $("#camera-open").addEventListener("click", toggle);
  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !session) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
  }, true);
}

export function toggle() {
  if (session) close(); else open();
}

function close() {
  if (!session) return;
  for (const track of session.stream?.getTracks() ?? []) track.stop();
  session = null;
  panel.hidden = true;
  fill(panel);
  $("#camera-open").setAttribute("aria-pressed", "false");
}

async function open(device = chosen()) {
  close();
  const mine = { stream: null, video: h("video", { muted: true, playsinline: true, "aria-label": t("camera_picture") }), seen: new Map(), before: "", held: "" };
  session = mine;
  mine.video.muted = true;
  $("#camera-open").setAttribute("aria-pressed", "true");
  panel.hidden = false;
  show(t("camera_opening"));
  try {
    mine.stream = await streamOf(device);
    if (session !== mine) { for (const track of mine.stream.getTracks()) track.stop(); return; }
    mine.video.srcObject = mine.stream;
    await mine.video.play();
    if (session !== mine) return;
    await controls();
    await watch(mine);
  } catch (fault) {
    if (session !== mine) return;
    for (const track of mine.stream?.getTracks() ?? []) track.stop();
    show(FAULTS[fault.name]?.() ?? t("camera_fails"), "bad");
    sound.bad();
  }
}

async function streamOf(device) {
  if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const one = device ? { deviceId: { exact: device } } : { facingMode: { ideal: "environment" } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...one } });
  } catch (fault) {
    if (!device || !["OverconstrainedError", "NotFoundError"].includes(fault.name)) throw fault;
    return navigator.mediaDevices.getUserMedia({ audio: false, video: size }); // the remembered one is gone
  }
}

function show(words, kind = "", ...buttons) {
  const open = session?.stream;
  fill(panel, open ? session.video : null,
    h("p", { class: kind ? `note ${kind}` : "hint", role: "status" }, words),
    h("div", { class: "acts" }, buttons, button(t("camera_close"), { kbd: "Esc", onclick: close })));
}

// The light where the device has one, and the other cameras.
async function controls() {
  const mine = session;
  const [track] = mine.stream.getVideoTracks();
  const { deviceId } = track.getSettings();
  const all = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
  if (session !== mine) return;
  const next = all[(all.findIndex((one) => one.deviceId === deviceId) + 1) % all.length];
  const other = all.length > 1 ? button(t("camera_other"), { onclick: () => { remember(next.deviceId); open(next.deviceId); } }) : null;
  const light = track.getCapabilities?.().torch ? button(t("camera_light"), { "aria-pressed": "false" }) : null;
  light?.addEventListener("click", async () => {
    const on = light.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: on }] });
    light.setAttribute("aria-pressed", String(on));
  });
  show(t("camera_hold"), "", ...[light, other].filter(Boolean));
}

async function watch(mine) {
  worker ??= new Worker(config.reader);
  while (session === mine) {
    const code = await read(await createImageBitmap(mine.video));
    if (session !== mine) return;
    if (code && isNew(mine, code)) {
      sound.read();
      await act(meant(code.text));
    }
    if (!code) mine.before = mine.held = "";
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
  }
}

function read(picture) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => ("failed" in data ? reject(new Error(data.failed)) : resolve(data.code));
    worker.onerror = () => { worker = null; reject(new Error("the reader did not come")); };
    worker.postMessage(picture, [picture]);
  });
}

// Bars are believed when two pictures in a row say the same; and what stays in sight counts once, however slowly the
// device reads.
function isNew(mine, { text, linear }) {
  const again = mine.before === text;
  mine.before = text;
  if (linear && !again) return false;
  const now = performance.now();
  const since = now - (mine.seen.get(text) ?? -Infinity);
  mine.seen.set(text, now);
  const stays = mine.held === text;
  mine.held = text;
  return !stays && since > AWAY_MS;
}

function chosen() {
  try { return localStorage.getItem(CHOSEN_KEY); } catch { return null; }
}

function remember(device) {
  try { localStorage.setItem(CHOSEN_KEY, device); } catch { /* it lasts while it is open */ }
}
