// Tells a barcode scanner from fingers: a burst of keys ended by Enter never stays in the field it fell into.

const GAP_MS = 45; // fingers are slower than this between all keys of six and more
const LENGTH_MIN = 6;

export function listen(onScan) {
  let burst = "";
  let last = 0;
  let field = null;
  let before = "";

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const gap = event.timeStamp - last;
    if (event.key === "Enter" || event.key === "Tab") {
      if (burst.length >= LENGTH_MIN && gap < GAP_MS * 2) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const text = burst;
        if (field?.isConnected) {
          field.value = before;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
        burst = "";
        onScan(text);
        return;
      }
      burst = "";
      return;
    }
    if (event.key.length !== 1) return;
    if (gap >= GAP_MS || !burst) {
      burst = "";
      const active = document.activeElement;
      field = active instanceof HTMLInputElement ? active : null;
      before = field ? field.value : "";
    }
    burst += event.key;
    last = event.timeStamp;
  }, true);
}
