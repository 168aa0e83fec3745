// Tells a barcode scanner from fingers: a burst of keys ended by Enter never stays in the field it fell into.

const GAP_MS = 80; // no scanner pauses longer within a code
const MEDIAN_GAP_MS = 30; // and fingers are slower than this over six keys and more
const LENGTH_MIN = 6;
const KEYS_MAX = 300;

export function listen(onScan) {
  let keys = []; // what was typed lately: the key, when, into which field, and what stood there before

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === "Tab") {
      const burst = scanned(keys, event.timeStamp);
      keys = [];
      if (!burst) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { field, before } = burst[0];
      if (field?.isConnected) {
        field.value = before;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      onScan(burst.map(({ key }) => key).join(""));
      return;
    }
    if (event.key.length !== 1) return;
    const active = document.activeElement;
    const field = active instanceof HTMLInputElement ? active : null;
    keys.push({ key: event.key, at: event.timeStamp, field, before: field?.value ?? "" });
    if (keys.length > KEYS_MAX) keys.shift();
  }, true);
}

// The fast end of what was typed, when it is long and fast enough for a scanner.
function scanned(keys, ended) {
  let first = keys.length - 1;
  if (first < 0 || ended - keys[first].at > GAP_MS) return null;
  while (first > 0 && keys[first].at - keys[first - 1].at <= GAP_MS) first -= 1;
  const burst = keys.slice(first);
  if (burst.length < LENGTH_MIN) return null;
  const gaps = burst.slice(1).map(({ at }, place) => at - burst[place].at).sort((one, other) => one - other);
  return gaps[Math.floor(gaps.length / 2)] <= MEDIAN_GAP_MS ? burst : null;
}
