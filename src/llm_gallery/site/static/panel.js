// What a block of a figure says of itself, in a panel that is in view at every size: beside the block on a desktop,
// above or below it where a block may be as wide as the window. Blocks are one stop of the Tab key, with arrows from block to block.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

// `host` is where the panel stands: inside what may fill the screen. `load` gives the parts of a drawing.
gallery.panel = (host) => {
  const root = document.documentElement.dataset.root;
  const narrow = matchMedia("(max-width: 960px)");
  const make = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const panel = make("aside", { class: "panel", role: "dialog", "aria-label": "Part of the figure", tabindex: "-1", hidden: "" });
  const words = make("div");
  const shut = make("button", { type: "button", class: "icon", "aria-label": "Close" }, "×");
  panel.append(shut, words);
  host.append(panel);
  let from = null; // the block that is told

  const close = (back = true) => {
    if (panel.hidden) return;
    panel.hidden = true;
    from.classList.remove("on");
    if (back) from.focus({ preventScroll: true });
  };

  const link = (concepts, id) => make("a", { href: `${root}concepts/${id}/index.html` }, concepts[id][0]);
  const linked = (concepts, ids, before) => (ids.length
    ? [make("p", {}, before, ...ids.flatMap((id, i) => (i ? [", ", link(concepts, id)] : [link(concepts, id)])), ".")] : []);
  // Wiring has no name in the checkpoint: what a path stands in is the nearest above it that says what it is.
  const around = (parts, path) => {
    for (let at = path.lastIndexOf("."); at > 0; at = path.lastIndexOf(".", at - 1)) {
      const part = parts[path.slice(0, at)];
      if (part?.concepts.length) return part;
    }
    return null;
  };

  const tell = (block, { parts, concepts }) => {
    const path = block.dataset.path;
    const part = parts[path];
    const said = (block.querySelector("title")?.textContent ?? "").split("\n");
    const fact = said[0].includes(": ") || / × /.test(said[0]);
    const [main, ...others] = part?.concepts ?? [];
    const title = main && part.name.length < 5 ? concepts[main][0] : part?.name;
    const operation = !fact && said[0] && part && said[0].toLowerCase() !== part.name.toLowerCase();
    words.replaceChildren(make("h3", {}, operation ? said[0][0].toUpperCase() + said[0].slice(1) : title ?? said[0]), make("code", {}, path));
    if (operation) words.append(make("p", { class: "quiet" }, `In: ${title}`));
    if (!part) { words.append(...said.slice(1).map((line) => make("p", {}, line))); return; }
    if (part.text) words.append(make("p", {}, part.text));
    if (main) words.append(make("p", {}, link(concepts, main), `: ${concepts[main][1]}`), ...linked(concepts, others, "Also here: "));
    const outer = main ? null : around(parts, path);
    if (outer) words.append(...linked(concepts, outer.concepts.slice(0, 1), "Part of: "));
    const counts = make("dl");
    const count = (name, value) => counts.append(make("div", {}, make("dt", {}, name), make("dd", { class: "n" }, value)));
    if (part.all !== "0") {
      count("Parameters", part.one);
      if (part.copies !== "1") count(`In all ${part.copies} copies`, part.all);
      count("Share of the total", part.share || "not in the total");
    }
    words.append(counts);
    const table = (title, head, rows) => {
      if (!rows.length) return;
      words.append(make("table", { "aria-label": title }, make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
        make("tbody", {}, ...rows.map(([name, ...cells]) => make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((cell) => make("td", {}, ...[cell].flat())))))));
    };
    table("Facts", ["Fact", "Value", "Config key"], part.facts.map(([name, value, key, how]) =>
      [name, value, key ? [make("code", {}, key), ` ${how}`] : how]));
    table("Shapes", ["Tensor", "Shape", ""], part.shapes);
  };

  // On the side where the block isn't.
  const place = (block) => {
    const box = block.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    panel.dataset.side = x > innerWidth / 2 ? "left" : "right";
    panel.dataset.end = narrow.matches && y > innerHeight / 2 ? "top" : "bottom";
  };

  // A block in the middle of a small window is moved out from under the panel.
  const uncover = (box, over) => {
    const by = panel.dataset.end === "top" ? box.top - over.bottom - 8 : box.bottom - over.top + 8;
    if (panel.dataset.end === "top" ? by < 0 : by > 0) scrollBy({ top: by, behavior: "instant" });
  };

  const open = async (block, load) => {
    const parts = await load();
    from?.classList.remove("on");
    from = block;
    block.classList.add("on");
    block.setAttribute("tabindex", "0");
    tell(block, parts);
    place(block);
    panel.hidden = false;
    panel.scrollTop = 0;
    if (narrow.matches) uncover(block.getBoundingClientRect(), panel.getBoundingClientRect());
    panel.focus({ preventScroll: true });
  };

  shut.addEventListener("click", () => close());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  const prepare = (svg, load) => {
    if (!svg || svg.dataset.ready) return;
    svg.dataset.ready = "";
    const blocks = [...svg.querySelectorAll("[data-path]:not(text)")];
    if (!blocks.length) return;
    svg.setAttribute("role", "group");
    blocks.forEach((block, index) => {
      block.setAttribute("tabindex", index ? "-1" : "0");
      block.setAttribute("role", "button");
      block.setAttribute("aria-label", (block.querySelector("title")?.textContent ?? "").split("\n")[0] || block.dataset.path);
    });
    svg.addEventListener("click", (event) => {
      const block = event.target.closest("[data-path]");
      if (block) open(block, load);
    });
    svg.addEventListener("keydown", (event) => {
      const at = blocks.indexOf(event.target.closest("[data-path]"));
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 }[event.key];
      if (event.key === "Enter" || event.key === " ") open(event.target.closest("[data-path]"), load);
      else if (to !== undefined && at >= 0) blocks[(to + blocks.length) % blocks.length].focus();
      else return;
      event.preventDefault();
    });
  };
  return { prepare, close };
};
