// Describe your own: a pasted config is described by the server where there is one, else by Python in the page.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const root = document.documentElement.dataset.root;
  const page = one("#describe");
  const editor = one("#config");
  const marks = one("#marks");
  const LARGEST = 2 ** 20;

  const made = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  // Who answers -----------------------------------------------------------------------------------
  let worker = null;
  let questions = 0;
  const waiting = new Map();

  const progress = (share) => {
    one("#loading").hidden = share === 1;
    one("#loading progress").value = share;
    one("#loading output").textContent = `${Math.round(share * 100)}%`;
  };

  const inPage = (name, asked) => new Promise((resolve, reject) => {
    if (!worker) {
      one("#loading").hidden = false;
      worker = new Worker(`${root}static/describe-worker.js`, { type: "module" });
      worker.onmessage = ({ data }) => {
        if (data.progress !== undefined) { progress(data.progress); return; }
        const { resolve: done, reject: failed } = waiting.get(data.id) ?? {};
        waiting.delete(data.id);
        if (data.failed) failed?.(new Error(data.failed)); else done?.(data.answer);
      };
      worker.onerror = () => {
        for (const { reject: failed } of waiting.values()) failed(new Error("Python could not start in this page"));
        waiting.clear();
        worker = null;
      };
    }
    questions += 1;
    waiting.set(questions, { resolve, reject });
    worker.postMessage({ id: questions, name, asked: JSON.stringify(asked), parts: JSON.parse(page.dataset.parts) });
  });

  // llm-gallery serve says in a header that it answers; any other host only holds files.
  const served = performance.getEntriesByType("navigation")[0]?.serverTiming.some(({ name }) => name === "describes");
  const ask = async (name, asked) => {
    if (!served) return inPage(name, asked);
    const answer = await fetch(`${root}api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked),
    });
    return answer.json();
  };

  // What is asked ----------------------------------------------------------------------------------
  let original = "";
  let shown = 0;
  const theme = () => {
    const set = document.documentElement.dataset.theme;
    if (set === "dark" || set === "light") return set;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  };

  const describe = async () => {
    const text = editor.value;
    const turn = ++shown;
    if (!text.trim()) { page.dataset.state = "empty"; return; }
    if (new Blob([text]).size > LARGEST) { refuse("The text has more than 1 MiB; paste the config.json alone."); return; }
    page.dataset.state = page.dataset.state === "shown" ? "shown" : "busy";
    try {
      const changed = original && original !== text;
      const answer = await ask("describe", { text, original: changed ? original : "", theme: theme() });
      if (turn !== shown) return;
      if (answer.refused) { refuse(answer.refused); return; }
      show(answer);
      kin(await ask("relatives", { text }), turn);
    } catch (error) {
      if (turn === shown) refuse(location.protocol === "file:"
        ? "A page opened from disk can't start Python. Serve the folder: llm-gallery serve, or python -m http.server."
        : `No answer: ${error.message}. Reload the page, or run llm-gallery serve on your machine.`);
    }
  };

  let pause = 0;
  const soon = () => { clearTimeout(pause); pause = setTimeout(describe, 200); };

  const start = (text) => {
    original = text;
    editor.value = text;
    describe();
  };

  // What is shown ------------------------------------------------------------------------------------
  const refuse = (text) => {
    one("#refused").textContent = text;
    page.dataset.state = "refused";
    mark([]);
  };

  // The text again behind the editor, with the keys that nobody read marked.
  const mark = (unread) => {
    const keys = unread.map((key) => `"${key.split(".").at(-1)}"`);
    marks.replaceChildren(...editor.value.split("\n").map((line) => {
      const key = keys.find((name) => line.trimStart().startsWith(`${name}:`) || line.includes(`${name}:`));
      return made(key ? "mark" : "span", `${line}\n`);
    }));
  };

  const show = ({ facts, headline, sheet, settings, figure, changed }) => {
    page.dataset.state = "shown";
    mark(facts.unread);
    leftOpen(facts);
    draw(figure);
    numbers(headline, changed?.headline);
    knobs(settings);
    table(sheet);
    one("#pattern").textContent = facts.layers.pattern;
    one("#changes").hidden = !changed;
    one("#changes ul").replaceChildren(...(changed?.sentences ?? []).map((text) => made("li", text)));
    one("#read").textContent = `${facts.unread.length || "No"} ${facts.unread.length === 1 ? "key" : "keys"} unread, ${facts.assumed.length} assumed`;
    one("#save-facts").onclick = () => save("facts.json", JSON.stringify(facts, null, 1), "application/json");
    one("#save-figure").onclick = () => save("figure.svg", figure, "image/svg+xml");
  };

  // Unread keys come first: they may change the architecture.
  const leftOpen = ({ model_type: family, unread, assumed, warnings }) => {
    const list = one("#open ul");
    const keys = (text, names) => {
      const item = made("li", text);
      for (const name of names) item.append(" ", made("code", name));
      return item;
    };
    list.replaceChildren(...warnings.map((text) => made("li", text)));
    if (unread.length) list.prepend(keys(`Not read by the family ${family}; the figure may leave something out:`, unread));
    if (assumed.length) list.append(keys("Not stated; the reference's defaults stand in:", assumed));
    one("#open").hidden = !list.children.length;
  };

  const draw = (text) => {
    const stage = one("#figure-host");
    // The page's policy allows no style element: its rules become a sheet of the drawing's own tree.
    const sheet = new CSSStyleSheet();
    const bare = text.replace(/<style>([^<]*)<\/style>/, (_, rules) => {
      sheet.replaceSync(`svg{display:block;max-width:100%;height:auto}${rules}`);
      return "";
    });
    const parsed = new DOMParser().parseFromString(bare, "image/svg+xml").documentElement;
    const shadow = stage.shadowRoot ?? stage.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.replaceChildren(document.importNode(parsed, true));
    zoom.drawing(shadow.querySelector("svg"));
  };

  const numbers = (rows, before) => {
    one("#numbers tbody").replaceChildren(...rows.map(({ label, value }) => {
      const row = made("tr");
      const head = made("th", label);
      head.scope = "row";
      const cell = made("td", value, "n");
      const old = before?.find((other) => other.label === label)?.value;
      if (old !== undefined && old !== value) cell.prepend(made("span", `${old} → `, "was"));
      row.append(head, cell);
      return row;
    }));
  };

  // One field a value; typing changes the text, and the text is what is described.
  const knobs = (settings) => {
    const list = one("#settings");
    if (list.contains(document.activeElement)) return; // the reader is typing there
    list.replaceChildren(...settings.map(({ path, value }) => {
      const label = made("label");
      const field = made("input");
      field.type = typeof value === "boolean" ? "checkbox" : "number";
      if (field.type === "checkbox") field.checked = value;
      else { field.value = value; field.step = Number.isInteger(value) ? 1 : "any"; }
      field.addEventListener("input", () => set(path, field));
      label.append(made("span", path.join("."), "mono"), field);
      return label;
    }));
  };

  const set = (path, field) => {
    if (field.type === "number" && field.value === "") return;
    const config = JSON.parse(editor.value);
    const inner = path.slice(0, -1).reduce((held, key) => held[key], config);
    inner[path.at(-1)] = field.type === "checkbox" ? field.checked : Number(field.value);
    editor.value = JSON.stringify(config, null, 2);
    soon();
  };

  const table = (sections) => {
    one("#sheet").replaceChildren(...sections.map(({ title, mechanism, layers, rows }) => {
      const body = made("tbody");
      const head = made("th");
      head.colSpan = 3;
      head.scope = "rowgroup";
      if (mechanism) head.append(made("span", undefined, `swatch ${mechanism}`));
      head.append(layers ? `${title}, ${layers} ${layers === 1 ? "layer" : "layers"}` : title);
      const first = made("tr");
      first.append(head);
      body.append(first, ...rows.map(({ label, value, evidence, source }) => {
        const row = made("tr");
        const name = made("th", label);
        name.scope = "row";
        const how = made("td", `${evidence} `, "how");
        if (source) how.append(made("code", source));
        row.append(name, made("td", value, "n"), how);
        return row;
      }));
      return body;
    }));
  };

  const kin = ({ relatives = [] }, turn) => {
    if (turn !== shown) return;
    one("#relatives").replaceChildren(...relatives.map(({ id, name, copies, changes, sentences }) => {
      const item = made("li");
      const link = made("a", name);
      link.href = `${root}models/${encodeURIComponent(id)}/index.html`;
      item.append(link, " ", made("span", changes === 0 ? "the same" : `${changes} ${changes === 1 ? "change" : "changes"}`, "quiet n"));
      if (copies.length) item.append(made("p", `The same as ${copies.join(", ")}.`, "note"));
      item.append(...sentences.map((text) => made("p", text)));
      return item;
    }));
    page.dataset.kin = "shown";
  };

  const save = (name, text, type) => {
    const link = made("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  };

  // Ways in ------------------------------------------------------------------------------------------
  const output = one(".zoom output");
  const zoom = gallery.zoom(one("#stage"), (scale) => { output.textContent = `${Math.round(scale * 100)}%`; });
  one("[data-zoom=in]").addEventListener("click", () => zoom.by(1.25));
  one("[data-zoom=out]").addEventListener("click", () => zoom.by(1 / 1.25));
  one("[data-zoom=fit]").addEventListener("click", () => zoom.fit());

  const opened = async (file) => {
    if (!file) return;
    if (file.size > LARGEST) { refuse(`${file.name} has more than 1 MiB; is it the config.json?`); return; }
    start(await file.text());
  };
  one("#open-file").addEventListener("click", () => one("#file").click());
  one("#file").addEventListener("change", (event) => opened(event.target.files[0]));
  editor.addEventListener("dragover", (event) => event.preventDefault());
  editor.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    opened(event.dataTransfer.files[0]);
  });
  editor.addEventListener("paste", () => { if (!editor.value.trim()) setTimeout(() => start(editor.value)); });
  editor.addEventListener("input", () => { if (!original) original = editor.value; mark([]); soon(); });
  editor.addEventListener("scroll", () => { marks.scrollTop = editor.scrollTop; marks.scrollLeft = editor.scrollLeft; });
  one("#reset").addEventListener("click", () => start(original));
  one("#save-config").addEventListener("click", () => save("config.json", editor.value, "application/json"));

  const example = async (id) => {
    const answer = await fetch(`${root}describe/configs/${encodeURIComponent(id)}.json`);
    if (answer.ok) start(await answer.text());
  };
  const models = one("#start");
  models.addEventListener("change", () => { if (models.value) example(models.value); });
  const repaint = () => { if (page.dataset.state === "shown") describe(); };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

  const asked = new URLSearchParams(location.search).get("m");
  if (asked && [...models.options].some(({ value }) => value === asked)) {
    models.value = asked;
    example(asked);
  }
})();
