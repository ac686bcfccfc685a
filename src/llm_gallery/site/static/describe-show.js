// Describe your own, what is shown: an answer becomes figure, numbers, fields, facts and relatives; all of it text.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

gallery.shown = (root, page, { changed, parts, entry, typed }) => {
  const one = (selector, within = document) => within.querySelector(selector);
  const editor = one("#config");
  const marks = one("#marks");

  const made = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const save = (name, text, type) => {
    const link = made("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  };

  // The text again behind the editor, with the keys that nobody read marked.
  const mark = (unread) => {
    const keys = unread.map((key) => `"${key.split(".").at(-1)}":`);
    marks.replaceChildren(...editor.value.split("\n").map((line) =>
      made(keys.some((key) => line.includes(key)) ? "mark" : "span", `${line}\n`)));
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
    if (assumed.length) list.append(keys("Not stated; the reference’s defaults stand in:", assumed));
    one("#open").hidden = !list.children.length;
  };

  // A drawing of its own tree: the page's policy allows no style element, so its rules become a sheet.
  const drawn = (host, text, more = "") => {
    const sheet = new CSSStyleSheet();
    const bare = text.replace(/<style>([^<]*)<\/style>/, (_, rules) => {
      sheet.replaceSync(`svg{display:block;max-width:100%;height:auto}${more}${rules}`);
      return "";
    });
    const parsed = new DOMParser().parseFromString(bare, "image/svg+xml").documentElement;
    const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.replaceChildren(document.importNode(parsed, true));
    return shadow.querySelector("svg");
  };
  const words = gallery.words(root, page, made, { entry, typed });
  const inspector = gallery.inspector(one("#dock"));
  const LIVING = "[data-path],[data-strip]{cursor:pointer}[data-path]:not(text),[data-strip]{pointer-events:all}text:not([data-path]),.living path:not([data-path]),.living circle:not([data-path]),.over{pointer-events:none}"
    + ".scrim{fill:var(--drawn-paper);opacity:.62}.ring{fill:none;stroke:var(--ink);stroke-width:2}[role=button]:focus-visible{outline:0}";
  const draw = (text) => {
    const figure = drawn(one("#figure-host"), text, LIVING);
    inspector.clear();
    inspector.prepare(figure, parts);
    zoom.drawing(figure);
  };

  const numbers = (rows, before) => {
    one("#numbers").replaceChildren(...rows.map(({ label, value }) => {
      const row = made("div");
      const held = made("dd", value, "n");
      const old = before?.find((other) => other.label === label)?.value;
      if (old !== undefined && old !== value) held.append(made("span", `was ${old}`, "was"));
      row.append(made("dt", label), held);
      return row;
    }));
  };

  // One field a value; typing in it changes the text, and the text is what is described.
  const fields = new Map(); // by path
  const key = (path) => JSON.stringify(path);
  const field = ({ path, value }) => {
    const label = made("label");
    const input = made("input");
    input.type = typeof value === "boolean" ? "checkbox" : "number";
    if (input.type === "number") input.step = Number.isInteger(value) ? 1 : "any";
    input.addEventListener("input", () => {
      if (input.type === "checkbox") changed(path, input.checked);
      else if (input.value !== "") changed(path, Number(input.value));
    });
    const was = made("span", "", "was");
    const name = made("span", path.join("."), "mono");
    name.append(was);
    label.append(name, input);
    return { label, input, was };
  };
  const knobs = (settings, original) => {
    if (settings.length !== fields.size || settings.some(({ path }) => !fields.has(key(path)))) {
      fields.clear();
      for (const setting of settings) fields.set(key(setting.path), field(setting));
      one("#settings").replaceChildren(...[...fields.values()].map(({ label }) => label));
    }
    const first = original ? JSON.parse(original) : undefined;
    for (const { path, value } of settings) {
      const { input, was } = fields.get(key(path));
      if (input.type === "checkbox") input.checked = value;
      else if (Number(input.value) !== value || input.value === "") input.value = value;
      const before = path.reduce((held, name) => held?.[name], first);
      was.textContent = first && before !== value ? `was ${before ?? "not there"}` : "";
    }
  };

  const facts = (sections) => {
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

  // Of what leads from a relative, the weightiest; all of it on demand.
  const FEW = 4;
  const leads = (changes) => {
    if (changes.length <= FEW) return made("p", `${changes.join(", ")}.`);
    const fold = made("details");
    const list = made("ul", undefined, "plain");
    list.append(...changes.map((text) => made("li", text)));
    fold.append(made("summary", `${changes.slice(0, FEW).join(", ")} and ${changes.length - FEW} more`), list);
    return fold;
  };

  // Where its sizes stand among models of its kind, and what no design of the catalog has.
  const standing = (among, firsts) => {
    const list = (title, rows) => {
      const rest = made("ul", undefined, "plain");
      rest.append(...rows.map((text) => made("li", text)));
      return [made("h3", title), rest];
    };
    one("#standing").replaceChildren(
      ...among.flatMap(({ kind, ranks }) => list(`Among ${kind}`, ranks)),
      ...(firsts.length ? list("What no design of the gallery has", firsts) : []),
    );
  };

  const relatives = ({ words: near, relatives: found, among, firsts }) => {
    words.kin(near, found);
    standing(among, firsts);
    one("#relatives").replaceChildren(...found.map(({ id, name, copies, changes, sentence }) => {
      const item = made("li");
      const link = made("a", name);
      link.href = `${root}models/${encodeURIComponent(id)}/index.html`;
      const far = changes.length ? `${changes.length} ${changes.length === 1 ? "change" : "changes"}` : "the same";
      item.append(link, " ", made("span", far, "quiet n"));
      if (copies.length) item.append(made("p", `The same as ${copies.join(", ")}.`, "note"));
      if (changes.length) item.append(leads(changes));
      item.append(made("p", sentence));
      return item;
    }));
    page.dataset.kin = "shown";
  };

  const answer = ({ facts: said, prose, headline, sheet, settings, figure, changed: against }, original) => {
    page.dataset.state = "shown";
    words.sentences(prose, said);
    mark(said.unread);
    leftOpen(said);
    numbers(headline, against?.headline);
    knobs(settings, against && original);
    one("#changes").hidden = !against;
    one("#changes p").textContent = against?.sentences.join(" ") ?? "";
    one("#pattern").textContent = said.layers.pattern;
    draw(figure);
    facts(sheet);
    one("#read").textContent = `${said.unread.length || "No"} ${said.unread.length === 1 ? "key" : "keys"} unread, ${said.assumed.length} assumed`;
    one("#save-facts").onclick = () => save("facts.json", JSON.stringify(said, null, 1), "application/json");
  };

  // What was there stays, and is said to be older.
  const refuse = (text, unknown) => {
    words.refused(text, unknown);
    if (page.dataset.state !== "refused") page.toggleAttribute("data-older", page.dataset.state === "shown");
    page.dataset.state = "refused";
    one("#read").textContent = "";
    mark([]);
  };

  const output = one(".zoom output");
  const zoom = gallery.zoom(one("#stage"), (scale) => { output.textContent = `${Math.round(scale * 100)}%`; });
  one("[data-zoom=in]").addEventListener("click", () => zoom.by(1.25));
  one("[data-zoom=out]").addEventListener("click", () => zoom.by(1 / 1.25));
  one("[data-zoom=fit]").addEventListener("click", () => zoom.fit());
  one("#save-config").addEventListener("click", () => save("config.json", editor.value, "application/json"));
  editor.addEventListener("scroll", () => { marks.scrollTop = editor.scrollTop; marks.scrollLeft = editor.scrollLeft; });

  const card = (text) => drawn(one("#card"), text);
  return { answer, card, linked: words.linked, relatives, refuse, mark, save };
};
