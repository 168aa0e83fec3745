// Short sounds: one for done, another for look here. The switch is remembered.

const KEY = "regulars.till.sound";
let context = null;

export function muted() {
  try { return localStorage.getItem(KEY) === "off"; } catch { return false; }
}

export function toggle() {
  const next = !muted();
  try { localStorage.setItem(KEY, next ? "off" : "on"); } catch { /* it lasts for this page */ }
  if (!next) good();
  return next;
}

function tone(frequency, at, seconds) {
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  const start = context.currentTime + at;
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.12, start + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + seconds);
}

function play(...tones) {
  if (muted() || !navigator.userActivation?.hasBeenActive) return;
  try {
    context ??= new AudioContext();
    for (const one of tones) tone(...one);
  } catch { /* a till without a loudspeaker */ }
}

export const good = () => play([1046, 0, 0.09]);
export const done = () => play([784, 0, 0.1], [1175, 0.09, 0.16]);
export const bad = () => play([220, 0, 0.14], [185, 0.17, 0.2]);
export const read = () => play([1568, 0, 0.05]);
