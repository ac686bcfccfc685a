// Describe your own, by a Hub id: the reader's browser fetches its config.json from huggingface.co, and only when asked.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const HOST = "https://huggingface.co/";
  const LARGEST = 2 ** 20;
  const ID = /^([A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95})(?:@([A-Za-z0-9][\w./-]{0,95}))?$/;

  const read = async (answer, id) => {
    const parts = [];
    let size = 0;
    for (const reader = answer.body.getReader(); ;) {
      const { value, done } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > LARGEST) {
        reader.cancel();
        throw new Error(`The config.json of ${id} has more than 1 MiB. Is it a model’s?`);
      }
      parts.push(value);
    }
    const text = await new Blob(parts).text();
    try { JSON.parse(text); } catch { throw new Error(`What the Hub has as config.json of ${id} is no JSON. Open it there, and paste the right part.`); }
    return text;
  };

  // The text of a repository's config, and the repository's id. An Error says in words why there is none.
  gallery.hubConfig = async (said) => {
    const plain = said.trim().replace(HOST, "").replace(/\/+$/, "");
    const [, id, revision = "main"] = (!plain.includes("..") && ID.exec(plain)) || [];
    if (!id) throw new Error(`“${said.trim().slice(0, 80)}” is no Hub id. Write organization/name, or organization/name@revision.`);
    let answer;
    try {
      answer = await fetch(`${HOST}${id}/resolve/${encodeURIComponent(revision)}/config.json`, { credentials: "omit", referrerPolicy: "no-referrer" });
    } catch {
      throw new Error("huggingface.co can’t be reached from this browser. Check the network, or paste the config.");
    }
    const { status } = answer;
    if (status === 401 || status === 403) {
      throw new Error(`The Hub doesn’t give out ${id} unasked: it is private, asks for its terms to be accepted, or doesn’t exist. Download its config.json there, and drop it here.`);
    }
    if (status === 404) throw new Error(`The Hub has no config.json of ${id} at ${revision}. Check the name and the revision.`);
    if (!answer.ok) throw new Error(`The Hub answered ${status}. Try again later, or paste the config.`);
    return { text: await read(answer, id), repository: id };
  };
})();
