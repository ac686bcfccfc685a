// Two files as a difference, as difflib finds it (SequenceMatcher without its guess at junk), and as a page shows it.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const AROUND = 3; // equal lines that are shown beside a change

  // The longest run that is equal in a[alo:ahi] and b[blo:bhi]: [start in a, start in b, lines]; of several the first.
  const longest = (a, places, alo, ahi, blo, bhi) => {
    let best = [alo, blo, 0];
    let before = new Map(); // lines of the run that ends at each place of b
    for (let i = alo; i < ahi; i += 1) {
      const now = new Map();
      for (const j of places.get(a[i]) ?? []) {
        if (j < blo) continue;
        if (j >= bhi) break;
        const size = (before.get(j - 1) ?? 0) + 1;
        now.set(j, size);
        if (size > best[2]) best = [i - size + 1, j - size + 1, size];
      }
      before = now;
    }
    return best;
  };

  const matches = (a, b) => {
    const places = new Map();
    b.forEach((line, j) => { if (places.has(line)) places.get(line).push(j); else places.set(line, [j]); });
    const found = [];
    const open = [[0, a.length, 0, b.length]];
    while (open.length) {
      const [alo, ahi, blo, bhi] = open.pop();
      const [i, j, size] = longest(a, places, alo, ahi, blo, bhi);
      if (!size) continue;
      found.push([i, j, size]);
      open.push([alo, i, blo, j], [i + size, ahi, j + size, bhi]);
    }
    return [...found.sort((one, other) => one[0] - other[0]), [a.length, b.length, 0]];
  };

  // [sort, lines, folded] one after the other: "same", "gone" or "new".
  gallery.difference = (a, b) => {
    const runs = []; // [sort, lines], neighbours of one sort joined
    const add = (sort, lines) => {
      if (!lines.length) return;
      const last = runs.at(-1);
      if (last && last[0] === sort) last[1].push(...lines); else runs.push([sort, [...lines]]);
    };
    let [i, j] = [0, 0];
    for (const [at, to, size] of matches(a, b)) {
      add("gone", a.slice(i, at));
      add("new", b.slice(j, to));
      add("same", a.slice(at, at + size));
      [i, j] = [at + size, to + size];
    }
    return runs.flatMap(([sort, lines], at) => {
      const before = at ? AROUND : 0;
      const after = at < runs.length - 1 ? AROUND : 0;
      if (sort !== "same" || lines.length <= before + after + 1) return [[sort, lines, false]];
      const end = lines.length - after;
      return [[sort, lines.slice(0, before), false], [sort, lines.slice(before, end), true], [sort, lines.slice(end), false]]
        .filter(([, held]) => held.length);
    });
  };

  const make = (name, attributes, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const SIGNS = { same: "", gone: "−", new: "+" };
  const TAGS = { same: "span", gone: "del", new: "ins" };

  // As an element: a line each, what is equal and far from a change folded.
  gallery.drawDifference = (a, b, label) => make("div", { class: "diff", tabindex: "0", role: "region", "aria-label": label },
    ...gallery.difference(a, b).flatMap(([sort, lines, folded]) => {
      const drawn = lines.map((line) => make(TAGS[sort], { class: `line ${sort}`, "data-sign": SIGNS[sort] }, line));
      return folded ? [make("details", {}, make("summary", {}, `${lines.length} equal lines`), ...drawn)] : drawn;
    }));

  const root = document.documentElement.dataset.root;
  // Of compared models: their printed files are loaded with the first difference that is opened.
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
      gallery.page.one("#failed").textContent = `The code could not be loaded: ${error.message}.`;
      gallery.page.one("#failed").hidden = false;
    }
  };
  gallery.codes = (models, changes) => {
    gallery.page.one("#codes").replaceChildren(...changes.map(([old, fresh]) => {
      const fold = make("details", { class: "changed-code" },
        make("summary", {}, gallery.page.lettered(old), models[old].name, " → ", gallery.page.lettered(fresh), models[fresh].name));
      const [a, b] = [models[old], models[fresh]];
      fold.addEventListener("toggle", () => { if (fold.open) codeOf(fold, a, b); });
      return fold;
    }));
  };
})();
