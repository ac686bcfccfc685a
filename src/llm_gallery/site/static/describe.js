// Describe your own: a pasted config is described by the server where there is one, else by Python in the page.
"use strict";

(() => {
  const one = (selector) => document.querySelector(selector);
  const root = document.documentElement.dataset.root;
  const page = one("#describe");
  const editor = one("#config");
  const guess = one("#guess");
  const LARGEST = 2 ** 20;

  // Who answers -----------------------------------------------------------------------------------
  const python = gallery.python(JSON.parse(page.dataset.parts), {
    progress: (share) => {
      one("#loading").hidden = share === 1;
      one("#loading progress").value = share;
      one("#loading output").textContent = `${Math.round(share * 100)}%`;
    },
  });

  // llm-gallery serve says in a header that it answers; any other host only holds files.
  const served = performance.getEntriesByType("navigation")[0]?.serverTiming.some(({ name }) => name === "describes");
  const TRIES = 5; // while others ask for much
  const ask = async (name, asked) => {
    if (!served) return (await python.ask(name, asked)).answer;
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${root}api/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(asked),
      });
      if (answer.status !== 503 || tries === TRIES) return answer.json();
      await new Promise((done) => { setTimeout(done, 1000 * Number(answer.headers.get("Retry-After"))); });
    }
  };

  // What is asked ----------------------------------------------------------------------------------
  const IDLE = 400; // ms without a change before relatives are looked for, and before a refusal is said
  let original = "";
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
  const hopeless = (error) => location.protocol === "file:"
    ? error.message
    : `No answer: ${error.message} Reload the page, or run llm-gallery serve on your machine.`;

  const look = async (text) => {
    clearTimeout(rest);
    if (!text.trim()) { page.dataset.state = "empty"; return; }
    if (new Blob([text]).size > LARGEST) { view.refuse("The text has more than 1 MiB; paste the config.json alone."); return; }
    const fresh = !["shown", "refused"].includes(page.dataset.state);
    if (fresh) page.dataset.state = "busy";
    const guessed = guess.checked ? "yes" : "";
    const first = original && original !== text ? original : "";
    const detail = fitting();
    const answer = await ask("describe", { text, original: first, theme: theme(), detail, guess: guessed });
    if (again) return;
    if (answer.refused && fresh) view.refuse(answer.refused);
    else if (answer.refused) later(() => view.refuse(answer.refused)); // half a number is no mistake
    else {
      described = text;
      drawn = detail;
      original ||= text; // the first that makes a model: half of one is no original
      view.answer(answer, original);
      later(() => kin(text, guessed));
    }
  };

  const kin = async (text, guessed) => {
    const answer = await ask("relatives", { text, guess: guessed });
    if (!answer) return; // another was asked about meanwhile
    const { relatives = [], among = [], firsts = [] } = answer;
    if (text === editor.value) view.relatives({ relatives, among, firsts });
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

  const start = (text) => {
    original = text;
    editor.value = text;
    describe();
  };

  const view = gallery.shown(root, page, (path, value) => {
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
  }, () => ask("parts", { text: described, guess: guess.checked ? "yes" : "" }));

  // Ways in ------------------------------------------------------------------------------------------
  const opened = async (file) => {
    if (!file) return;
    if (file.size > LARGEST) { view.refuse(`${file.name} has more than 1 MiB; is it the config.json?`); return; }
    let bytes;
    try { bytes = await file.arrayBuffer(); } catch { // a folder, or a file that has gone
      view.refuse(`${file.name} can’t be read; is it a folder? Drop the config.json in it.`);
      return;
    }
    if (!bytes.byteLength) { view.refuse(`${file.name} is empty; get it again.`); return; }
    try { start(new TextDecoder("utf-8", { fatal: true }).decode(bytes)); } catch {
      view.refuse(`${file.name} is no text in UTF-8; is it the config.json?`);
    }
  };
  one("#open-file").addEventListener("click", () => one("#file").click());
  one("#file").addEventListener("change", (event) => opened(event.target.files[0]));
  editor.addEventListener("dragover", (event) => event.preventDefault());
  editor.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    opened(event.dataTransfer.files[0]);
  });
  editor.addEventListener("input", () => {
    if (!editor.value.trim()) original = "";
    view.mark([]);
    describe();
  });
  guess.addEventListener("change", describe);
  one("#save-figure").addEventListener("click", async () => {
    const { figure } = await ask("drawing", { text: described, theme: theme(), guess: guess.checked ? "yes" : "" });
    if (figure) view.save("figure.svg", figure, "image/svg+xml");
  });
  one("#reset").addEventListener("click", () => start(original));

  const models = one("#start");
  const example = async (id) => {
    models.value = id;
    history.replaceState(null, "", `?m=${encodeURIComponent(id)}`);
    const answer = await fetch(`${root}describe/configs/${encodeURIComponent(id)}.json`);
    if (answer.ok) start(await answer.text());
  };
  models.addEventListener("change", () => { if (models.value) example(models.value); });
  for (const button of document.querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => example(button.dataset.example));
  }
  const repaint = () => { if (page.dataset.state === "shown") describe(); };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new ResizeObserver(() => { if (drawn !== fitting()) repaint(); }).observe(one("#stage"));

  const asked = new URLSearchParams(location.search).get("m");
  if (asked && [...models.options].some(({ value }) => value === asked)) example(asked);
})();
