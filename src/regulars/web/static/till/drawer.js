// The cash drawer, opened without a sale: why is asked first, and noted by the server before it opens.
import { $ } from "./dom.js";
import { t } from "./texts.js";
import { hasDrawer, openDrawer } from "./printing.js";
import { sheet } from "./sheet.js";
import * as shell from "./shell.js";

const form = $("#drawer-form");
const reason = $("#drawer-reason");

export function setup(backToEntry) {
  const zone = sheet(form, reason, { apply: () => send(zone, backToEntry), close: backToEntry });
  $("#drawer-open").hidden = !hasDrawer();
  $("#drawer-open").addEventListener("click", () => { shell.go("sell"); zone.open(); });
}

async function send(zone, backToEntry) {
  const why = reason.value.trim();
  if (!why) { reason.focus(); return; }
  try {
    await openDrawer(why);
    zone.hide();
    shell.say("good", t("drawer_opened"), t("drawer_noted"));
    backToEntry();
  } catch (fault) {
    shell.sayFault(fault);
  }
}
