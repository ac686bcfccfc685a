// The comparison of the models that the address names: figures, what changed, aligned facts, caches over one another.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const MOST = 6;
  const LENGTHS = [4096, 32768, 131072, 1048576];
  const root = document.documentElement.dataset.root;
  const known = new Map(all("#add option").filter((option) => option.value).map((option) => [option.value, option.textContent]));
  const letter = (index) => "ABCDEF"[index];
  const title = document.title;

  let ids = [];
  let models = [];
  let level = "phone"; // what has room beside another
  let zooms = [];
  const inspector = gallery.inspector(one("#dock"));

  const make = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const lettered = (index) => make("span", { class: "letter" }, letter(index));

  // Address ------------------------------------------------------------------------------------
  const read = () => [...new Set((new URLSearchParams(location.search).get("m") ?? "").split(","))]
    .filter((id) => known.has(id)).slice(0, MOST);
  const go = (wanted) => {
    const before = ids.join();
    ids = wanted;
    try {
      const address = location.pathname + (ids.length ? `?m=${ids.join(",")}` : "");
      if (before !== ids.join()) history.pushState(null, "", address);
    } catch { /* refused for some files from disk */ }
    return show();
  };

  // Figures ------------------------------------------------------------------------------------
  // What a drawing says, without where it is read from: two configs may state one fact under different keys.
  const said = (element) => element.textContent.replace(/ \([^)]*(?:stated|implied|assumed|derived|published)\)/g, "")
    .split("\n").filter((line, i) => i === 0 || line.includes(": ")).join("\n");
  const sayings = (svg) => all("[data-path]:not(text)", svg).flatMap((block) => {
    const told = one(":scope > title", block);
    return told ? [[block, said(told)]] : [];
  });

  const mark = () => {
    const drawings = all("#figures svg.drawn");
    const first = drawings.length ? new Set(sayings(drawings[0]).map(([, text]) => text)) : new Set();
    drawings.forEach((svg, i) => {
      for (const [element, text] of sayings(svg)) {
        element.classList.toggle("differs", i > 0 && one("#marks").checked && !first.has(text));
      }
    });
  };

  const together = (stages) => { // what is scrolled to in one figure is scrolled to in all
    let leading = null;
    for (const stage of stages) {
      stage.addEventListener("pointerenter", () => { leading = stage; });
      stage.addEventListener("focus", () => { leading = stage; });
      stage.addEventListener("scroll", () => {
        if (leading && leading !== stage) return;
        const [u, v] = [stage.scrollLeft / (stage.scrollWidth - stage.clientWidth || 1), stage.scrollTop / (stage.scrollHeight - stage.clientHeight || 1)];
        for (const other of stages) {
          if (other !== stage) other.scrollTo(u * (other.scrollWidth - other.clientWidth), v * (other.scrollHeight - other.clientHeight));
        }
      });
    }
  };

  const figures = async () => {
    const texts = await Promise.all(models.map(({ id }) => gallery.load(`drawings/${id}-${level}`, `${root}drawings/${id}-${level}.js`)));
    const stages = [];
    inspector.clear();
    one("#figures").replaceChildren(...models.map((model, i) => {
      const stage = make("div", { class: "stage paper", tabindex: "0", role: "group", "aria-label": `Figure of ${model.name}; plus and minus zoom, arrows move, 0 fits` });
      stage.append(gallery.drawing(texts[i]));
      inspector.prepare(one("svg", stage), () => gallery.load(`parts/${model.id}`, `${root}models/${model.id}/parts.js`), model.id, `${letter(i)}, ${model.name}`);
      stages.push(stage);
      const name = make("a", { href: `${root}models/${model.id}/index.html` }, model.name);
      const acts = make("span", { class: "acts" });
      if (i) acts.append(make("button", { type: "button", class: "button plain", "data-first": model.id, "aria-label": `Count against it: ${model.name}` }, "Count against it"));
      acts.append(make("button", { type: "button", class: "button plain", "data-remove": model.id, "aria-label": `Remove ${model.name}` }, "Remove"));
      return make("li", {}, stage, make("p", {}, lettered(i), name, make("time", { class: "n", datetime: model.released }, model.day)), acts);
    }));
    let leading = false;
    const output = one(".zoom output");
    zooms = stages.map((stage) => gallery.zoom(stage, (scale) => {
      output.textContent = `${Math.round(scale * 100)}%`;
      if (leading) return;
      leading = true;
      zooms.forEach((zoom, i) => { if (stages[i] !== stage) zoom.to(scale); });
      leading = false;
    }));
    leading = true;
    zooms.forEach((zoom, i) => zoom.drawing(one("svg", stages[i])));
    leading = false;
    together(stages);
    for (const button of all("[data-level]", one("#tool"))) button.setAttribute("aria-pressed", button.dataset.level === level);
    mark();
  };

  // Words --------------------------------------------------------------------------------------
  // Files say what sets a model apart from each older one, sentences, then themes with their changes:
  // [index of the older, index of the newer, sentences, [title, changes] ...]. Names are put in here (`site/said.py`).
  const between = (i, j) => {
    const at = models[j].said[models[i].id];
    if (at === undefined) return between(j, i);
    const [sentences, ...themes] = models[j].texts[at];
    const named = sentences.map((text) => text.replace("\ue001", () => models[j].name).replace("\ue000", () => models[i].name));
    return [i, j, named, ...themes];
  };
  const changes = () => models.slice(1).map((_, at) => between(0, at + 1));
  const showChanges = () => {
    one("#changes").replaceChildren(...changes().map(([old, fresh, sentences, ...themes]) => make("div", {},
      make("h3", {}, lettered(old), models[old].name, " → ", lettered(fresh), models[fresh].name),
      ...(sentences.length ? sentences : ["Nothing: one architecture, the same in every size."]).map((text) => make("p", {}, text)),
      ...(themes.length ? [make("dl", {}, ...themes.flatMap(([title, words]) => [make("dt", {}, title), ...words.map((text) => make("dd", {}, text))]))] : []))));
  };

  // The difference figure: the site has that of each model and its nearest ancestor, the command line any ---------
  const drawn = one("#drawn");
  const showDrawn = () => {
    const [a, b] = models;
    const child = models.length > 2 ? null : b.from === a.id ? b : a.from === b.id ? a : null;
    const command = `llm-gallery diff ${ids.join(" ")} -o difference.svg`;
    drawn.hidden = !child;
    drawn.open = false;
    for (const place of one(".changed", drawn).children) {
      place.replaceChildren();
      if (child) place.dataset.source = `${root}drawings/${child.id}-from.js`;
    }
    one("#by-hand").hidden = Boolean(child) || models.length > 4;
    one("#by-hand code").textContent = command;
  };
  gallery.fitting(one(".changed", drawn));

  // Code: the printed files are loaded with the first difference that is opened ---------------------
  const source = ({ id }) => gallery.load(`code/${id}`, `${root}models/${id}/code.js`);
  const codeOf = async (fold, old, fresh) => {
    if (fold.childElementCount > 1) return;
    const said = make("p", { class: "note", role: "status" }, "…");
    fold.append(said);
    try {
      const files = await Promise.all([source(old), source(fresh)]);
      const lacking = [old, fresh].filter((_, i) => !files[i].text);
      if (lacking.length) {
        said.textContent = lacking.map((model) => `${model.name}: ${files[[old, fresh].indexOf(model)].not}`).join(" ");
        return;
      }
      const [a, b] = files.map((file) => file.text.trimEnd().split("\n"));
      const count = { same: 0, gone: 0, new: 0 };
      for (const [sort, lines] of gallery.difference(a, b)) count[sort] += lines.length;
      said.textContent = `${count.gone} of ${a.length} lines go, ${count.new} are new, ${count.same} stay.`;
      fold.append(gallery.drawDifference(a, b, `Code of ${old.name} and ${fresh.name}`));
    } catch (error) {
      fold.replaceChildren(fold.firstElementChild); // asked for again when it is opened again
      fold.open = false;
      one("#failed").textContent = `The code could not be loaded: ${error.message}.`;
      one("#failed").hidden = false;
    }
  };
  const showCode = () => {
    one("#codes").replaceChildren(...changes().map(([old, fresh]) => {
      const fold = make("details", { class: "changed-code" },
        make("summary", {}, lettered(old), models[old].name, " → ", lettered(fresh), models[fresh].name));
      const [a, b] = [models[old], models[fresh]];
      fold.addEventListener("toggle", () => { if (fold.open) codeOf(fold, a, b); });
      return fold;
    }));
  };

  // Facts --------------------------------------------------------------------------------------
  const showFacts = (sections) => {
    const columns = models.length + 1;
    const head = make("thead", {}, make("tr", {}, make("td", {}), ...models.map((model, i) => make("th", { scope: "col" }, lettered(i), model.name))));
    const bodies = sections.map((section) => make("tbody", section.rows.every((row) => row.same) ? { class: "same" } : {},
      make("tr", {}, make("th", { scope: "rowgroup", colspan: columns }, section.title)),
      ...section.rows.map((row) => {
        const line = make("tr", row.same ? { class: "same" } : {}, make("th", { scope: "row" }, row.label));
        if (row.same) line.append(make("td", { class: "n all", colspan: models.length }, make("span", {}, row.words[0])));
        else row.words.forEach((word, i) => line.append(make("td", { class: row.values[i] === row.values[0] ? "n" : "n differs" }, word)));
        return line;
      })));
    one("#aligned").replaceChildren(head, ...bodies);
    const rows = sections.flatMap((section) => section.rows);
    one("#differing").textContent = `${rows.filter((row) => !row.same).length} of ${rows.length} differ`;
  };

  // Cache --------------------------------------------------------------------------------------
  const showCache = () => {
    const letters = models.map((_, i) => letter(i));
    const svg = gallery.curves(models, letters);
    one("#chart").replaceChildren(svg ?? "None of them keeps anything that grows.");
    const told = models.slice(1).map((model, i) => {
      const from = gallery.crossing(models[0], model);
      const [own, other] = [gallery.kept(models[0], 2 ** 20), gallery.kept(model, 2 ** 20)];
      if (own === other && from === null) return `${letter(i + 1)} keeps as much as A at every length.`;
      const word = other < own ? "less" : "more";
      if (from !== null) return `${letter(i + 1)} keeps ${word} than A from ${gallery.grouped(from)} tokens on.`;
      const times = Math.max(own, other) / Math.max(1, Math.min(own, other));
      return `${letter(i + 1)} keeps ${word} than A at every length: ${times.toFixed(1)} times at 1M tokens.`;
    });
    one("#cache-says").replaceChildren(...told.map((text) => make("p", {}, text)),
      make("p", {}, "One sequence in bf16. A dot ends each line at the longest context that the model states."));
    one("#lengths").replaceChildren(
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "One sequence, bf16"), ...LENGTHS.map((at) => make("th", { scope: "col", class: "n" }, gallery.grouped(at))))),
      make("tbody", {}, ...models.map((model, i) => make("tr", {}, make("th", { scope: "row" }, lettered(i), model.name),
        ...LENGTHS.map((at) => make("td", { class: "n" }, gallery.binary(BigInt(gallery.kept(model, at)))))))));
  };

  // As Markdown: what `llm-gallery compare --format markdown` writes ---------------------------------
  const escaped = (text) => text.replace(/[\\|*_<>[\]`#]/g, "\\$&");
  const markdown = () => {
    const names = models.map((model) => escaped(model.name));
    const lines = [`# ${names.join(", ")}`, ""];
    for (const [, , sentences, ...themes] of changes()) {
      lines.push(escaped(sentences.join(" ") || "No difference."), "");
      for (const [title, words] of themes) lines.push(`- **${title}:** ${escaped(words.join("; "))}`);
      if (themes.length) lines.push("");
    }
    for (const section of gallery.align(models)) {
      const rows = section.rows.filter((row) => !row.same);
      if (!rows.length) continue;
      lines.push(`## ${escaped(section.title)}`, "", `| | ${names.join(" | ")} |`, `|---|${"---|".repeat(names.length)}`);
      for (const row of rows) lines.push(`| ${escaped(row.label)} | ${row.words.map(escaped).join(" | ")} |`);
      lines.push("");
    }
    return `${lines.join("\n").trimEnd()}\n`;
  };

  // All ----------------------------------------------------------------------------------------
  const show = async () => {
    const wanted = ids;
    const failed = one("#failed");
    failed.hidden = true;
    let loaded;
    try {
      const parts = wanted.map((id) => gallery.load(`compare/${id}`, `${root}compare/${id}.js`));
      // Figures come with them: later they would push down what stands below.
      const drawings = wanted.length > 1 ? wanted.map((id) => gallery.load(`drawings/${id}-${level}`, `${root}drawings/${id}-${level}.js`)) : [];
      loaded = await Promise.all(parts);
      await Promise.all(drawings);
    } catch (error) {
      failed.textContent = `A model could not be loaded: ${error.message}. Reload the page, or choose another.`;
      failed.hidden = false;
      return;
    }
    if (wanted !== ids) return; // chosen anew meanwhile
    models = loaded;
    const enough = models.length > 1;
    one("#result").hidden = !enough;
    one("#suggested").hidden = models.length > 0;
    one("#names").textContent = models.length ? models.map((model) => model.name).join(", ") : "Compare models";
    document.title = models.length ? `${one("#names").textContent} – LLM Architecture Gallery` : title;
    one("#room").textContent = models.length === 1 ? "One more, at least." : models.length === MOST ? "Six is the most." : "";
    one("#add").disabled = models.length === MOST;
    for (const option of all("#add option")) option.disabled = ids.includes(option.value);
    if (!enough) return;
    const sections = gallery.align(models);
    const rows = sections.flatMap((section) => section.rows);
    one("#lead").textContent = `${rows.filter((row) => row.same).length} of ${rows.length} facts are shared by all. Differences are counted against A.`;
    showChanges();
    showDrawn();
    showCode();
    showFacts(sections);
    showCache();
    await figures();
  };

  one("#add").addEventListener("change", (event) => {
    const id = event.target.value;
    event.target.value = "";
    if (known.has(id) && !ids.includes(id) && ids.length < MOST) go([...ids, id]);
  });
  one("#choose").addEventListener("submit", (event) => event.preventDefault());
  one("#figures").addEventListener("click", (event) => {
    const { first, remove } = event.target.dataset;
    if (first) go([first, ...ids.filter((id) => id !== first)]);
    if (remove) go(ids.filter((id) => id !== remove));
    if (first || remove) one("#add").focus();
  });
  for (const button of all("[data-level]", one("#tool"))) {
    button.addEventListener("click", () => { level = button.dataset.level; figures(); });
  }
  one("[data-zoom=in]").addEventListener("click", () => zooms[0]?.by(1.25));
  one("[data-zoom=out]").addEventListener("click", () => zooms[0]?.by(1 / 1.25));
  one("[data-zoom=fit]").addEventListener("click", () => { for (const zoom of zooms) zoom.fit(); });
  one("#marks").addEventListener("change", mark);
  one("#only").addEventListener("change", (event) => one("#aligned").classList.toggle("only", event.target.checked));
  one("#copy-markdown").addEventListener("click", (event) => gallery.copy(event.target, markdown()));
  one("#save-svg").addEventListener("click", async () => {
    const heads = models.map((model, i) => `${letter(i)}  ${model.name}`);
    const { text } = gallery.standalone(all("#figures svg.drawn"), heads, await gallery.faces());
    gallery.save(new Blob([text], { type: "image/svg+xml" }), `${ids.join("-vs-")}.svg`);
  });
  addEventListener("popstate", () => { ids = read(); show(); });
  gallery.markdown = markdown;

  ids = read();
  show();
})();
