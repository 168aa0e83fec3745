// The strip under the bar: says calmly that the line is down and how much waits; not there when there is nothing to say.
import { $, fill, h } from "../dom.js";
import { config, t } from "../texts.js";
import { moment, time } from "../format.js";
import { kept } from "./keeping.js";
import { line } from "./line.js";
import { fresh, snapshot } from "./snapshot.js";
import { state } from "./sync.js";

const place = $("#line-strip");
const CUT = "M4 5l16 14M8.500 8.200A6 6 0 0 0 6 11.500 4.200 4.200 0 0 0 6.500 19.500h10M11 6.200A6 6 0 0 1 18 11.600a4 4 0 0 1 2.600 5.700";
const LINE = "M7 18.500h10.500a4 4 0 0 0 .5-7.970 6 6 0 0 0-11.600 1A3.550 3.550 0 0 0 7 18.500Z";

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(name, value);
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ d: path, fill: "none", stroke: "currentColor", "stroke-width": "1.8", "stroke-linecap": "round", "stroke-linejoin": "round" })) drawn.setAttribute(name, value);
  svg.append(drawn);
  return svg;
}

// Why the till can do less than it could, in one sentence; "" where it can do what it should.
export function limits() {
  if (snapshot.why === "changed") return snapshot.body ? t("snapshot_changed_old") : t("snapshot_changed");
  if (snapshot.why === "unable") return t("snapshot_unable");
  if (snapshot.why === "switched_off") return t("snapshot_off");
  if (snapshot.why === "full") return t("storage_full_soon");
  if (!snapshot.body) return t("snapshot_none");
  return fresh() ? "" : t("snapshot_old", { time: moment(snapshot.body.made_at) });
}

// How many receipts wait, and since when; "" where none does and the line is there.
export function waitingText() {
  const many = kept.waiting.length;
  if (many) return t("receipts_waiting", { n: many, time: time(kept.waiting[0].at) });
  return line.up ? "" : `${t("waiting_title")}: 0`;
}

function said(returning) {
  if (!line.up) return ["down", CUT, t("line_down", { time: time(line.since) }), [limits(), returning ? t("return_kept") : ""].filter(Boolean).join(" ")];
  if (!kept.waiting.length && !kept.refused.length) return null;
  if (state.blocked === "signed_out") return ["down", LINE, t("signed_out"), t("signed_out_hint")];
  if (state.sending) return ["up", LINE, t("sending_receipts", { n: state.sending }), ""];
  if (config.training) return ["up", LINE, "", ""]; // nothing is sent in training: what waits is told, and how much
  return ["up", LINE, kept.waiting.length ? t("line_back") : t("rest_sent"), ""];
}

// `returning`: a return waits for its answer.
export function render(openQueue, returning) {
  const saying = said(returning);
  place.hidden = !saying;
  document.body.dataset.line = line.up ? "up" : "down";
  if (!saying) { fill(place); return; }
  const [kind, path, title, detail] = saying;
  const waiting = waitingText();
  place.dataset.kind = kind;
  // Drawn anew only when it says something else: a screen reader repeats what changes.
  const text = JSON.stringify([saying, waiting, kept.refused.length, state.blocked]);
  if (place.dataset.text === text) return;
  place.dataset.text = text;
  fill(place, icon(path),
    h("p", { role: "status" }, title ? h("strong", {}, title) : null, detail ? h("span", {}, " ", detail) : null),
    h("div", { class: "strip-acts" },
      state.blocked === "signed_out" ? h("a", { class: "button", href: "/sign-in?next=/till" }, t("sign_in")) : null,
      waiting ? h("button", { type: "button", class: "button", id: "open-queue", onclick: openQueue }, waiting) : null,
      kept.refused.length ? h("button", { type: "button", class: "button", id: "open-refused", onclick: openQueue }, t("receipts_refused", { n: kept.refused.length })) : null));
}
