// Python that answers this page: one for all pages of the site, which lives on when a reader goes from one to the next.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const root = document.documentElement.dataset.root;
  const script = `${root}static/python-worker.js`;
  const GRACE = 2_000; // ms in which Python hears that it is to stop
  const NONE = location.protocol === "file:"
    ? "A page opened from disk can’t start Python. Serve the folder: llm-gallery serve, or python -m http.server."
    : "Python could not start in this page.";

  // The shared worker's number: one that doesn't stop is left behind, by all pages that come after.
  const number = () => {
    try { return Number(localStorage.getItem("python") ?? 0); } catch { return 0; }
  };
  const leave = () => {
    try { localStorage.setItem("python", number() + 1); } catch { shares = false; } // then each page has its own
  };
  let shares = "SharedWorker" in globalThis;

  // A worker that all pages share and that outlives them for a while; where there is none, one of this page.
  const connected = (heard, failed) => {
    if (shares) {
      const worker = new SharedWorker(script, { type: "module", name: `python ${number()}`, extendedLifetime: true });
      worker.onerror = failed;
      worker.port.onmessage = heard;
      return { post: (message) => worker.port.postMessage(message), end: () => { worker.port.close(); leave(); } };
    }
    const worker = new Worker(script, { type: "module" });
    worker.onerror = failed;
    worker.onmessage = heard;
    return { post: (message) => worker.postMessage(message), end: () => worker.terminate() };
  };

  // `progress` is told the share that has arrived, `ready` that a question is being answered.
  gallery.python = (parts, { progress = () => {}, ready = () => {} }) => {
    let worker = null;
    let heard = false; // whether this worker has ever spoken
    let busy = false; // whether Python is at a question of this page
    let questions = 0;
    let alive = null; // an address that holds something until what is asked is given up
    let stopped = ""; // why it was
    const waiting = new Map(); // questions, by number

    const refuse = (words) => {
      for (const { reject } of waiting.values()) reject(new Error(words));
      waiting.clear();
      busy = false;
    };
    const hear = ({ data }) => {
      heard = true;
      if (data.progress !== undefined) { progress(data.progress); return; }
      if (data.ready) { busy = true; ready(); return; }
      busy = false;
      const { resolve, reject } = waiting.get(data.id) ?? {};
      waiting.delete(data.id);
      if (!data.failed) resolve?.({ answer: data.answer, took: data.took });
      else reject?.(new Error(stopped || data.failed.trim().split("\n").at(-1)));
    };
    const fail = () => {
      worker = null;
      if (heard || !shares) { refuse(NONE); return; }
      shares = false; // the browser has such workers, and starts none here
      connect();
    };
    const connect = () => {
      heard = false;
      try { worker = connected(hear, fail); } catch { fail(); return; }
      for (const { message } of waiting.values()) worker.post(message);
    };

    return {
      // The answer to a question; with `address`, of the miniature whose data are there; with `files`, pairs of path
      // and File, of what these hold, until the address `until` is taken away.
      ask: (name, asked, address = "", files = null, until = "") => new Promise((resolve, reject) => {
        questions += 1;
        stopped = "";
        alive ??= URL.createObjectURL(new Blob(["held"]));
        const message = { id: questions, name, asked: JSON.stringify(asked), parts, address, files, alive: until || alive };
        waiting.set(questions, { resolve, reject, message });
        if (worker) worker.post(message); else connect();
      }),
      // Gives up what is asked, for that reason. Python hears of it; one that doesn't is left.
      stop: (words) => {
        URL.revokeObjectURL(alive);
        alive = null;
        if (!busy) { refuse(words); return; }
        stopped = words;
        const late = [...waiting.keys()];
        setTimeout(() => {
          if (!late.some((id) => waiting.has(id))) return;
          worker.end();
          worker = null;
          refuse(words);
        }, GRACE);
      },
    };
  };
})();
