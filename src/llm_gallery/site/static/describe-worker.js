// Python in the page: loads Pyodide and the gallery's core once, then answers for pasted configs.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const SETUP = `
import json, sys
sys.path.insert(0, "/core")
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

// The parts to load come with their sizes: the bar tells how far it is even where a host compresses them.
const fetched = (parts) => {
  const total = parts.reduce((sum, [, size]) => sum + size, 0);
  let done = 0;
  return Promise.all(parts.map(async ([path]) => {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const chunks = [];
    for (const reader = answer.body.getReader(); ;) {
      const { value, done: end } = await reader.read();
      if (end) break;
      chunks.push(value);
      done += value.length;
      postMessage({ progress: Math.min(1, done / total) });
    }
    return new Blob(chunks).arrayBuffer();
  }));
};

const started = async (parts) => {
  const files = await fetched(parts);
  const python = await loadPyodide({ indexURL: "./pyodide/" });
  python.unpackArchive(files.at(-1), "zip", { extractDir: "/core" });
  const held = python.runPython(SETUP);
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
    python ??= started(data.parts);
    if (data.name === "relatives") await relatives(data);
    else postMessage({ id: data.id, answer: JSON.parse((await python)[data.name](data.asked)) });
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
};
