// Runs a miniature in the page: loads Python, numpy and the miniature once, then what a reader makes of its code.
import { started } from "./python.js";

const SETUP = `
import json
from llm_gallery.running.edited import Session
session = Session(json.loads(data))
{
    "run": lambda asked: json.dumps(session.run(**json.loads(asked))),
    "check": lambda asked: json.dumps(session.check(**json.loads(asked))),
    "view": lambda asked: json.dumps(session.view(**json.loads(asked))),
}
`;

const session = async (parts, address) => {
  const [python, answer] = await Promise.all([started(parts), fetch(address)]);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  python.globals.set("data", await answer.text());
  const held = python.runPython(SETUP);
  postMessage({ ready: true });
  return Object.fromEntries(["run", "check", "view"].map((name) => [name, held.get(name)]));
};

let functions = null; // a promise, from the first message on

onmessage = async ({ data }) => {
  try {
    functions ??= session(data.parts, data.address);
    const act = (await functions)[data.name];
    const begun = performance.now();
    const answer = JSON.parse(act(data.asked));
    postMessage({ id: data.id, answer, took: performance.now() - begun });
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
};
