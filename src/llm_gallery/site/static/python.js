// Python in a worker: fetches its parts and starts it, telling how far it is.
import { loadPyodide } from "./pyodide/pyodide.mjs";

// Pyodide asks for its own parts, and compiles while they come; what arrives is counted on the way. Parts come
// with their sizes: the bar tells how far it is even where a host compresses them.
const counting = (parts) => {
  const total = parts.reduce((sum, [, size]) => sum + size, 0);
  const plain = fetch;
  let done = 0;
  const count = async (answer) => {
    for (const reader = answer.body.getReader(); ;) {
      const { value, done: end } = await reader.read();
      if (end) return;
      done += value.length;
      postMessage({ progress: Math.min(1, done / total) });
    }
  };
  globalThis.fetch = async (...asked) => {
    const answer = await plain(...asked);
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    count(answer.clone());
    return answer;
  };
};

const read = async ([path]) => (await fetch(path)).arrayBuffer();

// Python, with the zips beside its own library unpacked into /core, from which it imports.
export const started = async (parts) => {
  counting(parts);
  const zips = parts.filter(([path]) => path.endsWith(".zip") && !path.endsWith("/python_stdlib.zip"));
  const [python, ...files] = await Promise.all([loadPyodide({ indexURL: "./pyodide/" }), ...zips.map(read)]);
  postMessage({ progress: 1 });
  for (const file of files) python.unpackArchive(file, "zip", { extractDir: "/core" });
  python.runPython('import sys; sys.path.insert(0, "/core")');
  return python;
};
