// Reads codes in the camera's pictures, beside the page: the reader comes when the first camera is opened, and what it needs
// to be allowed (WebAssembly) is allowed nowhere but here. The server puts `const READER = {script, wasm}` before this file.
/* global READER, ZXingWASM */
importScripts(READER.script);

const LINEAR = ["EAN13", "EAN8", "UPCA", "UPCE", "Code128"];
const OPTIONS = { formats: ["QRCode", "DataMatrix", "Aztec", "PDF417", ...LINEAR], maxNumberOfSymbols: 1, tryHarder: true, textMode: "Plain" };

ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => READER.wasm } });

// Answers each picture with the code in it, or null; `failed` when the reader cannot be had.
self.addEventListener("message", async ({ data: picture }) => {
  try {
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, 0, 0);
    picture.close();
    const [found] = await ZXingWASM.readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), OPTIONS);
    const code = found && { text: found.symbologyIdentifier + found.text, linear: LINEAR.includes(found.format) };
    self.postMessage({ code: code ?? null });
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
});
