// Python in the page: loads Pyodide and the gallery's core once, then answers for pasted configs.
import { started } from "./python.js";

const SETUP = `
import json
from llm_gallery.catalog.pasted_config import answer, block_details, drawing, prepared, relatives
steps = prepared()
{
    "describe": lambda asked: json.dumps(answer(**json.loads(asked))),
    "drawing": lambda asked: json.dumps(drawing(**json.loads(asked))),
    "parts": lambda asked: json.dumps(block_details(**json.loads(asked))),
    "relatives": lambda asked: json.dumps(relatives(**json.loads(asked))),
    "step": lambda: next(steps, 0),
}
`;

const functions = async (parts) => {
  const held = (await started(parts)).runPython(SETUP);
  return Object.fromEntries(["describe", "drawing", "parts", "relatives", "step"].map((name) => [name, held.get(name)]));
};

let python = null; // a promise of the functions, from the first message on
let latest = 0; // of the questions for relatives: an older one is not worth its time

// Relatives need every model described once: one at a time, so that a change is answered in between.
const relatives = async ({ id, asked }) => {
  latest = id;
  const { step, relatives } = await python;
  while (step()) {
    await new Promise((resume) => { setTimeout(resume); });
    if (latest !== id) return;
  }
  postMessage({ id, answer: JSON.parse(relatives(asked)) });
};

onmessage = async ({ data }) => {
  try {
    python ??= functions(data.parts);
    if (data.name === "relatives") await relatives(data);
    else postMessage({ id: data.id, answer: JSON.parse((await python)[data.name](data.asked)) });
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
};
