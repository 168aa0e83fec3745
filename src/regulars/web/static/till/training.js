// Training: what would be written is answered from what the server only calculates. Nothing is recorded: the server
// refuses every write of a session in training, whatever this page does.
import * as api from "./api.js";
import { quote } from "./quote.js";

const RETURN = /^\/v1\/purchases\/[^/]+\/returns$/;
const CARD = /^\/v1\/gift-cards(\/top-up)?$/;
const INVENTED = "TRAINING";

export const practises = (method, path) => method === "POST" && (path === "/v1/purchases" || RETURN.test(path) || CARD.test(path));

// The answer that the real write would have had, without its lasting names.
export async function answer(path, body) {
  if (CARD.test(path)) return { code: body.code ?? INVENTED, available: body.amount, expiring: [] };
  if (RETURN.test(path)) return api.call("POST", `${path}/preview`, { body });
  if (body.hold) throw new api.Fault("training_mode", 403);
  const { expect: _, ...asked } = body;
  return { ...(await priced(asked)), status: "recorded", issued: [] };
}

// Without a line the price that stands on the page already.
async function priced(body) {
  try {
    return await api.call("POST", "/v1/purchases/preview", { body });
  } catch (fault) {
    if (fault.unsure && quote.answer) return quote.answer;
    throw fault;
  }
}
