// The comparison of the models that the address names: who is compared, what changed beside their towers, then all else.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const letter = (index) => "ABCDEF"[index];
  const lettered = (index) => make("span", { class: "letter" }, letter(index));
  gallery.page = { one, all, make, letter, lettered }; // for the scripts behind this one
  const MOST = 6;
  const LISTED = 6; // differences under a tower
  const root = document.documentElement.dataset.root;
  const names = new Map(all("#offered [role=option]").map((option) => [option.dataset.id, option.firstElementChild.textContent]));
  const title = document.title;
  const ready = new Promise((done) => { // the scripts behind this one, of what stands below
    if (document.readyState === "complete") done(); else addEventListener("DOMContentLoaded", done);
  });

  let ids = [];
  let models = [];
  let swapped = null; // the id in whose place the next one is put
  let shown = "both"; // towers of a pair on a narrow window
  let marks = []; // of a pair

  // Address ------------------------------------------------------------------------------------
  const read = () => [...new Set((new URLSearchParams(location.search).get("m") ?? "").split(","))]
    .filter((id) => names.has(id)).slice(0, MOST);
  const go = (wanted) => {
    const before = ids.join();
    ids = wanted;
    try {
      const address = location.pathname + (ids.length ? `?m=${ids.join(",")}` : "");
      if (before !== ids.join()) history.pushState(null, "", address);
    } catch { /* refused for some files from disk */ }
    return show();
  };

  // Who is compared --------------------------------------------------------------------------------
  const chosen = (id) => {
    const wanted = swapped ? ids.map((old) => (old === swapped ? id : old)) : [...ids, id].slice(0, MOST);
    swapped = null;
    go(wanted);
  };
  ready.then(() => gallery.picker(one("#add"), one("#offered"), () => ids, chosen));
  const SIGNS = { swap: "⇄", remove: "×" };
  const act = (name, id, words) => make("button", { type: "button", [`data-${name}`]: id, "aria-label": words, title: words }, SIGNS[name]);
  const chips = () => {
    one("#picked").replaceChildren(...ids.map((id, i) => make("li", {}, lettered(i),
      make("a", { href: `${root}models/${id}/index.html` }, names.get(id)),
      act("swap", id, `Put another model in place of ${names.get(id)}`), act("remove", id, `Remove ${names.get(id)}`))));
    const input = one("#add");
    input.placeholder = swapped ? `Instead of ${names.get(swapped)} …` : ids.length ? "Add a model …" : "Search a model …";
    input.parentElement.hidden = ids.length === MOST && !swapped;
    one("#room").textContent = ids.length === 1 ? "One more, at least." : ids.length === MOST ? "Six is the most." : "";
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
      ...(themes.length ? [make("dl", {}, ...themes.flatMap(([title, words]) => [make("dt", {}, title), ...words.map((text) => make("dd", { "data-theme": title }, text))]))] : []))));
    one("#shared").textContent = gallery.shared(models);
  };

  // Towers -------------------------------------------------------------------------------------
  const against = (list) => {
    const told = list.flatMap((mark) => mark.changes.map((change) => [mark, change]))
      .sort(([, a], [, b]) => Boolean(b.whole) - Boolean(a.whole));
    const more = told.length > LISTED + 1 ? told.splice(LISTED).length : 0;
    return make("ul", { class: "against" }, ...told.map(([mark, { big, noun, whole }]) =>
      make("li", {}, make("b", {}, big), whole ? ` ${noun}` : ` ${noun}, ${mark.title}`)), ...(more ? [make("li", {}, `and ${more} more`)] : []));
  };
  const head = (i, tower) => make("div", { class: "who" },
    make("p", { class: "name" }, lettered(i), make("a", { href: `${root}models/${ids[i]}/index.html` }, models[i].name)),
    make("p", {}, `${models[i].organization}, ${models[i].day}`),
    make("p", {}, `${tower.total}, ${tower.about}`));
  let showPair = null;
  const showTowers = (towers) => {
    const held = models.map((model, i) => ({ model, tower: towers[i] }));
    const place = one("#towers");
    const pair = models.length === 2;
    one("#first").dataset.count = models.length;
    one("#turn").hidden = !pair;
    if (pair) {
      const [old, fresh] = changes()[0];
      const sides = [held[old], held[fresh]];
      marks = gallery.marks(...sides);
      const stage = make("div", { class: "stage paper" });
      place.replaceChildren(head(old, towers[old]), head(fresh, towers[fresh]), stage, against(marks));
      showPair = gallery.towers.pair(stage, sides, marks);
      all("#turn button").forEach((button, i) => { if (i) button.textContent = sides[i - 1].model.name; });
      turn("both");
      link();
      return;
    }
    const every = held.map((one) => gallery.marks(held[0], one));
    const stages = held.map(() => make("div", { class: "stage paper" }));
    place.replaceChildren(...held.map((_, i) => make("div", { class: "alone" }, head(i, towers[i]), stages[i], i ? against(every[i]) : make("p", { class: "note" }, "The others are marked against it."))));
    gallery.towers.row(stages, held, every);
  };
  const turn = (to) => {
    shown = to;
    one("#towers").dataset.shown = to;
    all("#turn button").forEach((button) => button.setAttribute("aria-pressed", button.dataset.turn === to));
    showPair(to);
  };
  gallery.towers.narrow.addEventListener("change", () => { if (models.length === 2) turn(gallery.towers.narrow.matches ? shown : "both"); });

  // Sentences and blocks light each other: what is pointed at, or has the focus.
  const light = (wanted) => {
    one("#first").classList.toggle("lighting", Boolean(wanted?.length));
    for (const element of all("#towers [data-mark]")) element.classList.toggle("lit", Boolean(wanted?.includes(Number(element.dataset.mark))));
    for (const word of all("#changes [data-marks]")) word.classList.toggle("lit", Boolean(wanted?.length) && word.dataset.marks.split(" ").some((at) => wanted.includes(Number(at))));
  };
  const link = () => {
    const words = all("#changes dd");
    for (const word of words) {
      const spoken = gallery.spoken(marks, word.dataset.theme, word.textContent).map((mark) => marks.indexOf(mark));
      if (!spoken.length) continue;
      word.dataset.marks = spoken.join(" ");
      word.tabIndex = -1;
    }
    const first = one("#changes [data-marks]");
    if (first) first.tabIndex = 0;
  };
  const pointed = (target) => {
    const word = target.closest?.("#changes [data-marks]");
    if (word) return word.dataset.marks.split(" ").map(Number);
    const mark = target.closest?.("#towers [data-mark]");
    return mark && marks[mark.dataset.mark]?.changes.length ? [Number(mark.dataset.mark)] : null;
  };
  for (const name of ["pointerover", "focusin"]) one("#first").addEventListener(name, (event) => light(pointed(event.target)));
  for (const name of ["pointerleave", "focusout"]) one("#first").addEventListener(name, () => light(null));
  one("#changes").addEventListener("keydown", (event) => { // one stop of the tab key for all
    const words = all("[data-marks]", event.currentTarget);
    const to = words[words.indexOf(event.target) + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? NaN)];
    if (!to) return;
    event.preventDefault();
    for (const word of words) word.tabIndex = word === to ? 0 : -1;
    to.focus();
  });

  // The library's difference figure: the site has that of each model and its nearest ancestor, the command line any ---
  const drawn = one("#drawn");
  const showDrawn = () => {
    const [a, b] = models;
    const child = models.length > 2 ? null : b.from === a.id ? b : a.from === b.id ? a : null;
    drawn.hidden = !child;
    drawn.open = false;
    for (const place of one(".changed", drawn).children) {
      place.replaceChildren();
      if (child) place.dataset.source = `${root}drawings/${child.id}-from.js`;
    }
    one("#by-hand").hidden = Boolean(child) || models.length > 4;
    one("#by-hand code").textContent = `llm-gallery diff ${ids.join(" ")} -o difference.svg`;
  };
  gallery.fitting(one(".changed", drawn));

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

  // Nothing chosen: pairs to begin with, whose towers are loaded as they come near -----------------
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      const asked = target.dataset.pair.split(",").map((id) => gallery.load(`drawings/${id}-tower`, `${root}drawings/${id}-tower.js`));
      Promise.all(asked).then((towers) => gallery.towers.small(target, towers.map(({ svg }) => svg)));
    }
  }, { rootMargin: "200px" });

  // All ----------------------------------------------------------------------------------------
  const arrived = () => document.documentElement.classList.remove("asked"); // as compare-asked.js says
  const show = async () => {
    const wanted = ids;
    const failed = one("#failed");
    failed.hidden = true;
    one("#intro").dataset.models = ids.length;
    one("#names").textContent = ids.length ? ids.map((id) => names.get(id)).join(", ") : "Compare models";
    document.title = ids.length ? `${one("#names").textContent} – LLM Architecture Gallery` : title;
    one("#choose").hidden = false;
    if (ids.length < 2) arrived();
    one("#suggested").hidden = ids.length > 0;
    chips();
    if (!ids.length) for (const place of all("#suggested [data-pair]:empty")) near.observe(place);
    if (ids.length < 2) { one("#result").hidden = true; models = []; return; }
    let loaded;
    let towers;
    try {
      [loaded, towers] = await Promise.all(["compare/*", "drawings/*-tower"].map((name) =>
        Promise.all(wanted.map((id) => name.replace("*", id)).map((file) => gallery.load(file, `${root}${file}.js`)))));
    } catch (error) {
      failed.textContent = `A model could not be loaded: ${error.message}. Reload the page, or choose another.`;
      failed.hidden = false;
      arrived();
      return;
    }
    if (wanted !== ids) return; // chosen anew meanwhile
    models = loaded;
    arrived();
    one("#result").hidden = false;
    showChanges();
    showTowers(towers);
    showDrawn();
    await ready;
    const below = [() => gallery.codes(models, changes()), () => showFacts(gallery.align(models)), () => gallery.cache(models), () => gallery.figures(models)];
    for (const show of below) { // a task each, so that the page answers meanwhile
      await new Promise((done) => { setTimeout(done); });
      if (wanted !== ids) return;
      await show();
    }
  };

  one("#choose").addEventListener("submit", (event) => event.preventDefault());
  one("#picked").addEventListener("click", (event) => {
    const { swap, remove } = event.target.dataset;
    swapped = swap ?? null;
    if (remove) go(ids.filter((id) => id !== remove));
    if (swap) chips();
    if (swap || remove) one("#add").focus();
  });
  one("#add").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && swapped) { swapped = null; chips(); }
  });
  for (const button of all("#turn button")) button.addEventListener("click", () => turn(button.dataset.turn));
  one("#only").addEventListener("change", (event) => one("#aligned").classList.toggle("only", event.target.checked));
  one("#copy-markdown").addEventListener("click", (event) => gallery.copy(event.target, markdown()));
  one("#save-svg").addEventListener("click", async () => {
    const heads = models.map((model, i) => `${letter(i)}  ${model.name}`);
    const seen = models.length === 2 ? [changes()[0].slice(0, 2).map((i) => heads[i]).join("  →  ")] : heads;
    const { text } = gallery.standalone(all("#towers .stage > svg"), seen, await gallery.faces());
    gallery.save(new Blob([text], { type: "image/svg+xml" }), `${ids.join("-vs-")}.svg`);
  });
  addEventListener("popstate", () => { ids = read(); show(); });
  gallery.markdown = markdown;

  ids = read();
  show();
})();
