// Describe your own: a pasted config is described by the server where there is one, else by Python in the page.
"use strict";

(() => {
  const one = (selector) => document.querySelector(selector);
  const root = document.documentElement.dataset.root;
  const home = location.pathname;
  const page = one("#describe");
  const editor = one("#config");
  const guess = one("#guess");
  const LARGEST = 2 ** 20;

  const { ask, read, hopeless } = gallery.asking(JSON.parse(page.dataset.parts), (share) => {
    one("#loading").hidden = share === 1;
    one("#loading progress").value = share;
    one("#loading output").textContent = `${Math.round(share * 100)}%`;
  });

  // What is asked ----------------------------------------------------------------------------------
  const IDLE = 400; // ms without a change before relatives are looked for, and before a refusal is said
  let original = "";
  let repository = ""; // that the original came from
  let listed = { id: "", text: "" }; // the model of the catalog that the page began with
  let described = ""; // what the page shows
  let asking = false;
  let again = false; // something changed while an answer was on its way: only the newest is asked
  let rest = 0;

  const later = (act) => { clearTimeout(rest); rest = setTimeout(act, IDLE); };
  const theme = () => {
    const set = document.documentElement.dataset.theme;
    if (set === "dark" || set === "light") return set;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  };
  // The figure for its room; while it is hidden, that of what stands around it.
  const rooms = JSON.parse(page.dataset.rooms);
  let drawn = "";
  const fitting = () => {
    const room = one("#stage").clientWidth || one(".result").clientWidth;
    return room < rooms.column ? "phone" : room < rooms.standard ? "column" : "standard";
  };
  const look = async (text) => {
    clearTimeout(rest);
    if (!text.trim()) { page.dataset.state = page.dataset.files ? "files" : "empty"; return; }
    if (new Blob([text]).size > LARGEST) { view.refuse("The text has more than 1 MiB; paste the config.json alone."); return; }
    const fresh = !["shown", "refused"].includes(page.dataset.state);
    if (fresh) page.dataset.state = "busy";
    const guessed = guess.checked ? "yes" : "";
    const first = original && original !== text ? original : "";
    const detail = fitting();
    const answer = await ask("describe", { text, original: first, theme: theme(), detail, guess: guessed });
    if (again) return;
    const refuse = () => view.refuse(answer.refused, answer.unknown);
    if (answer.refused && fresh) refuse();
    else if (answer.refused) later(refuse); // half a number is no mistake
    else {
      described = text;
      drawn = detail;
      original ||= text; // the first that makes a model: half of one is no original
      view.answer(answer, original);
      if (!brought) one(".result").scrollIntoView();
      brought = true;
      link(text);
      later(async () => { keep(); await card(text, guessed); kin(text, guessed); }); // one at a time: a server has few processes
    }
  };

  // The address of what is described: a model of the catalog by its id, all else by its config.
  let address = "";
  const link = async (text) => {
    let fragment = "";
    let refusal = "";
    try { fragment = await gallery.configLink.written(text, guess.checked); } catch (error) { refusal = error.message; }
    if (text !== described) return;
    address = text === listed.text ? `${home}?m=${encodeURIComponent(listed.id)}` : home + fragment;
    view.linked(fragment, refusal);
  };
  const keep = () => {
    try { history.replaceState(null, "", address); } catch { /* refused for some files from disk */ }
  };
  const card = async (text, guessed) => {
    const answer = await ask("card", { text, theme: theme(), guess: guessed });
    if (text === described && answer.figure) view.card(answer.figure);
  };

  const kin = async (text, guessed) => {
    const answer = await ask("relatives", { text, guess: guessed });
    if (!answer) return; // another was asked about meanwhile
    const { kin: words = [], relatives = [], among = [], firsts = [] } = answer;
    if (text === editor.value) view.relatives({ words, relatives, among, firsts });
  };

  const describe = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      do {
        again = false;
        await look(editor.value);
      } while (again);
    } catch (error) {
      view.refuse(hopeless(error));
    } finally {
      asking = false;
    }
  };

  // A list with an entry a layer is cut with the layers, or goes on as it began; shorter lists are of something else.
  const LISTED = 4;
  const relist = (inner, first, key) => {
    const layers = first[key];
    if (!(layers >= LISTED && inner[key] >= 1 && inner[key] <= 4096)) return;
    for (const [name, list] of Object.entries(first)) {
      if (!Array.isArray(list) || list.length !== layers) continue;
      inner[name] = Array.from({ length: inner[key] }, (_, layer) => list[layer % layers]);
    }
  };

  // Where one column has all, what is described comes to whoever asked with one press; the values wait in a fold.
  const narrow = matchMedia("(max-width: 1180px)");
  let brought = true;
  one(".knobs").open = !narrow.matches;

  const start = (text, from = "") => {
    given.clear();
    begun(text, from);
  };
  const begun = (text, from = "") => {
    brought = !narrow.matches;
    original = text;
    repository = from;
    editor.value = text;
    describe();
  };

  const entry = () => ask("entry", { text: described, repository: described === original ? repository : "" });
  const parts = () => ask("parts", { text: described, guess: guess.checked ? "yes" : "" });
  const view = gallery.shown(root, page, { parts, entry, typed: (before, name) => {
    const said = JSON.stringify(before).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    editor.value = editor.value.replace(new RegExp(`("model_type"\\s*:\\s*)${said}`, "g"), (_, key) => key + JSON.stringify(name));
    original = "";
    describe();
  }, changed: (path, value) => {
    const within = (text) => {
      const config = JSON.parse(text);
      return [config, path.slice(0, -1).reduce((held, key) => held?.[key], config) ?? {}];
    };
    const [config, inner] = within(editor.value);
    const key = path.at(-1);
    inner[key] = value;
    if (/layers?$/.test(key)) relist(inner, within(original)[1], key);
    editor.value = JSON.stringify(config, null, 2);
    describe();
  } });

  // Ways in ------------------------------------------------------------------------------------------
  const given = gallery.files(page, {
    read,
    hopeless,
    described: (text) => begun(text),
    refused: (text) => view.refuse(text),
    cleared: () => {
      editor.value = original = "";
      view.mark([]);
      page.dataset.state = "files";
      if (narrow.matches) one(".result").scrollIntoView();
      describe();
    },
  });
  const opened = async (files) => {
    if (!files.length) return;
    if (gallery.ofWeights(files)) { given.check(files, guess.checked); return; }
    given.clear();
    const [[, file]] = files;
    if (file.size > LARGEST) { view.refuse(`${file.name} has more than 1 MiB; is it the config.json?`); return; }
    let bytes;
    try { bytes = await file.arrayBuffer(); } catch { // a folder, or a file that has gone
      view.refuse(`${file.name} can’t be read; is it a folder? Drop the files in it.`);
      return;
    }
    if (!bytes.byteLength) { view.refuse(`${file.name} is empty; get it again.`); return; }
    try { start(new TextDecoder("utf-8", { fatal: true }).decode(bytes)); } catch {
      view.refuse(`${file.name} is no text in UTF-8; is it the config.json?`);
    }
  };
  one("#open-file").addEventListener("click", () => one("#file").click());
  one("#file").addEventListener("change", async (event) => {
    await opened(gallery.beside([...event.target.files]));
    event.target.value = ""; // the same may be opened again
  });
  const bench = one(".bench"); // a file may fall anywhere on it
  const over = (event) => {
    const drags = event.dataTransfer.types.includes("Files");
    bench.toggleAttribute("data-over", drags);
    if (drags) event.preventDefault();
  };
  bench.addEventListener("dragover", over);
  bench.addEventListener("dragleave", () => bench.removeAttribute("data-over"));
  bench.addEventListener("drop", (event) => {
    bench.removeAttribute("data-over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    gallery.dropped(event.dataTransfer).then(opened).catch((error) => { given.clear(); view.refuse(error.message); });
  });
  editor.addEventListener("input", () => {
    if (!editor.value.trim()) original = "";
    view.mark([]);
    describe();
  });
  guess.addEventListener("change", () => { original = ""; describe(); }); // one that is refused is no original
  one("#save-figure").addEventListener("click", async () => {
    const { figure } = await ask("drawing", { text: described, theme: theme(), guess: guess.checked ? "yes" : "" });
    if (figure) view.save("figure.svg", figure, "image/svg+xml");
  });
  one("#reset").addEventListener("click", () => begun(original));

  const models = one("#start");
  const example = async (id) => {
    models.value = id;
    const answer = await fetch(`${root}describe/configs/${encodeURIComponent(id)}.json`);
    if (!answer.ok) return;
    listed = { id, text: await answer.text() };
    start(listed.text);
  };
  models.addEventListener("change", () => { if (models.value) example(models.value); });
  for (const button of document.querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => example(button.dataset.example));
  }
  const repaint = () => { if (page.dataset.state === "shown") describe(); };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new ResizeObserver(() => { if (drawn !== fitting()) repaint(); }).observe(one("#stage"));

  // A Hub id, where the site is built so.
  one("#hub")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = one("#hub-status");
    said.textContent = "Fetching …";
    try {
      const found = await gallery.hubConfig(one("#hub-id").value);
      said.textContent = `From ${found.repository}.`;
      start(found.text, found.repository);
    } catch (error) { said.textContent = error.message; }
  });

  // A link carries the config: who follows it asks for its description.
  const linked = async () => {
    try {
      const carried = await gallery.configLink.read(location.hash);
      if (!carried) return false;
      guess.checked = carried.guessed;
      start(carried.text);
    } catch (error) { view.refuse(error.message); }
    return true;
  };
  addEventListener("hashchange", async () => {
    if (!await linked() && address) keep(); // a jump within the page leaves the config in the address
  });
  one("#copy-link").addEventListener("click", (event) => gallery.copy(event.target, new URL(address, location.href).href));

  const begin = async () => {
    if (await linked()) return;
    const asked = new URLSearchParams(location.search).get("m");
    if (asked && [...models.options].some(({ value }) => value === asked)) example(asked);
  };
  begin();
})();
