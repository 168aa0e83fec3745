// The line between a till and the customer's display of the same computer: no server in between, so it is there offline too.
// A lock says whether there is a till: it is held as long as the till's page lives, however that ends.

export function link({ program, store, till }) {
  const name = `regulars.display.${program}.${store.code}.${till}`;
  const channel = new BroadcastChannel(name);
  return {
    send: (message) => channel.postMessage(message),
    hear: (listener) => channel.addEventListener("message", ({ data }) => listener(data)),
    // At the till: it is here until its page ends.
    stay() { navigator.locks?.request(name, { mode: "shared" }, () => new Promise(() => {})); },
    // At the display: resolves when no till is here (any more); never where the browser cannot say.
    gone: () => navigator.locks?.request(name, () => {}) ?? new Promise(() => {}),
  };
}
