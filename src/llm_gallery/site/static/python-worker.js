// Python for all pages of the site: started once, it answers one question after another, whoever asks.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const HERE = new URL(".", import.meta.url).href;
const LIBRARY = "pyodide/python_stdlib.zip";

// What arrives --------------------------------------------------------------------------------------
// Pyodide asks for its own parts, and compiles while they come; what arrives is counted on the way. Parts come
// with their sizes: the bar tells how far it is even where a host compresses them.
const arrived = new Map(); // bytes, by the file's name
const waiting = new Set(); // who waits for files
const tell = () => {
  for (const one of waiting) {
    one.told = true;
    one.port.postMessage({ progress: share(one.parts) });
  }
};
const share = (parts) => {
  const sum = (count) => parts.reduce((total, part) => total + count(part), 0);
  return sum(([name, size]) => Math.min(size, arrived.get(name) ?? 0)) / sum(([, size]) => size);
};
const count = async (answer) => {
  const name = answer.url.slice(HERE.length);
  for (const reader = answer.body.getReader(); ;) {
    const { value, done } = await reader.read();
    if (done) return;
    arrived.set(name, (arrived.get(name) ?? 0) + value.length);
    tell();
  }
};
const plain = fetch;
globalThis.fetch = async (...asked) => {
  const answer = await plain(...asked);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  count(answer.clone()).catch(() => {}); // whoever reads the answer itself says what is wrong
  return answer;
};

// A question that is given up -----------------------------------------------------------------------
// Python in a loop hears no message, and memory that a page could write to needs headers that a folder of files
// has not. But it can look whether an address still holds what the page put there: a page that stops takes it
// away, and so does leaving it.
const EVERY = 250; // ms between two looks
const STOP = 2; // the number of the signal that Ctrl+C sends
const held = (address) => {
  try {
    const look = new XMLHttpRequest();
    look.open("GET", address, false);
    look.send();
    return look.status === 200;
  } catch { return false; }
};
const looks = held(URL.createObjectURL(new Blob(["held"]))); // a host's policy may forbid it: then nothing is stopped
let alive = null; // the address of the question that is being answered
let next = 0;
const signal = {
  get 0() {
    if (!alive || performance.now() < next) return 0;
    next = performance.now() + EVERY;
    return held(alive) ? 0 : STOP;
  },
  set 0(_) { /* Python takes the signal back: what was taken away stays away */ },
};
const unless = (address, act) => {
  alive = looks ? address : null;
  next = performance.now() + EVERY;
  try { return act(); } finally { alive = null; }
};

// Python --------------------------------------------------------------------------------------------
const DESCRIBING = `
import json
from llm_gallery.catalog.pasted_config import answer, block_details, drawing, prepared, relatives
steps = prepared()
def used(name, asked):
    from llm_gallery.catalog import pasted_uses
    return json.dumps(getattr(pasted_uses, name)(**json.loads(asked)))
def files(name, asked):
    from contextlib import chdir
    from llm_gallery.catalog import dropped
    with chdir("/dropped"):
        return json.dumps(getattr(dropped, name)(**json.loads(asked)))
{
    "card": lambda asked: used("card", asked),
    "entry": lambda asked: used("entry", asked),
    "run": lambda asked: used("run", asked),
    "describe": lambda asked: json.dumps(answer(**json.loads(asked))),
    "files": lambda asked: files("dropped", asked),
    "run files": lambda asked: files("run", asked),
    "drawing": lambda asked: json.dumps(drawing(**json.loads(asked))),
    "parts": lambda asked: json.dumps(block_details(**json.loads(asked))),
    "relatives": lambda asked: json.dumps(relatives(**json.loads(asked))),
    "step": lambda: next(steps, 0),
}
`;
const RUNNING = `
import json
from llm_gallery.running.edited import Session
def session(data):
    made = Session(json.loads(data))
    return {
        "run": lambda asked: json.dumps(made.run(**json.loads(asked))),
        "check": lambda asked: json.dumps(made.check(**json.loads(asked))),
        "view": lambda asked: json.dumps(made.view(**json.loads(asked))),
    }
session
`;
const SESSIONS = 4; // miniatures that are kept, those of the pages that asked last

const begun = () => ({
  python: loadPyodide({ indexURL: "./pyodide/" }).then((python) => {
    python.runPython('import sys; sys.path.insert(0, "/core")');
    python.setInterruptBuffer(signal);
    return python;
  }),
  archives: new Map(), // promises, by the file's name
  sessions: new Map(), // promises, by who asks
});
let now = null; // what has begun, and what it holds; nothing after a fall

// The zips beside Python's own library are unpacked into /core, from which it imports.
const added = async ({ python }, name) => {
  const [begun, file] = await Promise.all([python, fetch(HERE + name).then((answer) => answer.arrayBuffer())]);
  begun.unpackArchive(file, "zip", { extractDir: "/core" });
  begun.runPython("import importlib; importlib.invalidate_caches()");
};
const loaded = async (own, port, parts) => {
  const waits = { port, parts, told: false };
  waiting.add(waits);
  try {
    const names = parts.map(([name]) => name).filter((name) => name.endsWith(".zip") && name !== LIBRARY);
    for (const name of names) if (!own.archives.has(name)) own.archives.set(name, added(own, name));
    const [python] = await Promise.all([own.python, ...names.map((name) => own.archives.get(name))]);
    if (waits.told) port.postMessage({ progress: 1 }); // Pyodide's script came by another way
    return python;
  } finally { waiting.delete(waits); }
};
const named = (functions) => (name) => functions.get(name);

const describing = async (own, port, { parts }) => {
  const python = await loaded(own, port, parts);
  return own.describing ??= named(python.runPython(DESCRIBING));
};
const miniature = async (own, port, { parts, address }) => {
  const [python, data] = await Promise.all([loaded(own, port, parts), fetch(address).then((answer) => answer.text())]);
  own.session ??= python.runPython(RUNNING);
  return named(own.session(data));
};
const session = (own, port, asked) => {
  const made = own.sessions.get(port) ?? miniature(own, port, asked);
  own.sessions.delete(port); // to stand at the end again
  own.sessions.set(port, made);
  if (own.sessions.size > SESSIONS) own.sessions.delete(own.sessions.keys().next().value);
  return made;
};

// Relatives need every model described once: one at a time, so that a change is answered in between; of a page's
// questions the latest alone is worth the time.
const relatives = async (functions, port, { id, asked }) => {
  port.latest = id;
  while (functions("step")()) {
    await new Promise((resume) => { setTimeout(resume); });
    if (port.latest !== id) return "null";
  }
  return functions("relatives")(asked);
};

// Files that a reader drops are mounted while they are asked about: Python reads what it looks at, and no more.
const DROPPED = "/dropped";
const mounted = ({ FS }, files, act) => {
  FS.mkdirTree(DROPPED);
  FS.mount(FS.filesystems.WORKERFS, { blobs: files.map(([name, data]) => ({ name, data })) }, DROPPED);
  try { return act(); } finally { FS.unmount(DROPPED); }
};

const answered = async (own, port, data) => {
  const { name, asked, address, alive, files } = data;
  const act = await (address ? session(own, port, data) : describing(own, port, data));
  const python = await own.python;
  port.postMessage({ ready: true });
  const begun = performance.now();
  const answer = await (files ? unless(alive, () => mounted(python, files, () => act(name)(asked)))
    : name === "relatives" ? relatives(act, port, data)
    : address ? unless(alive, () => act(name)(asked))
    : act(name)(asked));
  return { answer: JSON.parse(answer), took: performance.now() - begun };
};

const serve = (port) => {
  port.onmessage = async ({ data }) => {
    const own = now ??= begun();
    try {
      port.postMessage({ id: data.id, ...await answered(own, port, data) });
    } catch (error) {
      // What was stopped leaves Python as it was; after anything else the next question starts another.
      if (error.type !== "KeyboardInterrupt" && now === own) { now = null; arrived.clear(); }
      port.postMessage({ id: data.id, failed: String(error) });
    }
  };
};

if ("onconnect" in globalThis) onconnect = ({ ports: [port] }) => serve(port);
else serve(globalThis);
