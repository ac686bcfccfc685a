// A model from outside the catalog: a config that the address carries, or files that a reader opens or drops. It is described
// by the server or in this page; no number is taken from a link.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

// `taken` is called with a model's terms, as the catalog's are, and with the fragment that carries its config.
gallery.ownModels = (page, taken) => {
  const LARGEST = 2 ** 20;
  const place = page.querySelector("#from-link");
  const input = page.querySelector("#own-file");
  let turn = 0;
  let until = ""; // the address that is taken away when others are dropped
  const say = (text, ...more) => { place.hidden = !text; place.replaceChildren(text, ...more); };
  const asking = gallery.asking(JSON.parse(page.dataset.parts), (share) => {
    if (share < 1) say(`Loading Python into this page to describe it: ${Math.round(share * 100)}%`);
  });
  const readIt = (fragment) => {
    const back = document.createElement("a");
    back.textContent = "Read what it is";
    back.href = `${document.documentElement.dataset.root}describe/index.html${fragment}`;
    return back;
  };

  // What is asked later wins.
  const answered = async (ask, words) => {
    const own = turn += 1;
    say(words);
    const model = await ask().catch((error) => ({ refused: asking.hopeless(error) }));
    if (own !== turn) return null;
    say(model.refused ?? "");
    return model.refused ? null : model;
  };
  const described = async (text, guessed, fragment) => {
    const model = await answered(() => asking.ask("run", { text, guess: guessed ? "yes" : "" }), "Describing the config …");
    if (!model) return;
    say(`${model.name} is the config that this ${fragment ? "link" : "page"} carries. `, ...(fragment ? [readIt(fragment)] : []));
    taken({ id: "linked", ...model }, fragment);
  };
  const linked = async () => {
    try {
      const carried = await gallery.configLink.read(location.hash);
      if (carried) await described(carried.text, carried.guessed, location.hash);
    } catch (error) { say(error.message); }
  };

  const opened = async (files) => {
    URL.revokeObjectURL(until);
    if (!files.length) return;
    if (gallery.ofWeights(files)) {
      until = URL.createObjectURL(new Blob(["held"]));
      const model = await answered(() => asking.read(files, until, false, "run files"), files.length === 1 ? `Reading the header of ${files[0][0]} …` : `Reading the headers of ${files.length} files …`);
      if (!model) return;
      say(`${model.name} is described by its own file, whose header was read in this page; nothing of it was sent, and no address repeats it.`);
      taken({ id: "own", ...model }, "");
      return;
    }
    const [[name, file]] = files;
    if (file.size > LARGEST) { say(`${name} has more than 1 MiB; is it the config.json?`); return; }
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      const fragment = await gallery.configLink.written(text, false).catch(() => "");
      await described(text, false, fragment);
    } catch { say(`${name} is no text in UTF-8; is it the config.json?`); }
  };
  page.querySelector("[data-do=open]").addEventListener("click", () => input.click());
  input.addEventListener("change", async () => { await opened(gallery.beside([...input.files])); input.value = ""; });
  const over = (event) => { event.preventDefault(); page.toggleAttribute("data-over", event.type === "dragover"); };
  page.addEventListener("dragover", over);
  page.addEventListener("dragleave", over);
  page.addEventListener("drop", (event) => {
    over(event);
    gallery.dropped(event.dataTransfer).then(opened).catch((error) => say(error.message));
  });
  return { linked };
};
