// Goods that are being looked up for the receipt: it is neither paid nor put aside before they are on it.
let open = 0;
const listeners = new Set();

export const underWay = () => open > 0;

export function onLookups(listener) { listeners.add(listener); }

// Runs `work`, which puts on the receipt what it finds.
export async function during(work) {
  open += 1;
  tell();
  try { return await work(); } finally {
    open -= 1;
    tell();
  }
}

function tell() { for (const listener of listeners) listener(); }
