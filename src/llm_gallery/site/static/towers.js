// The models as towers: a pair faces each other with what differs between them, more stand in a row against the first.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const [WIDE, HIGH, GAP, NEAR] = [320, 480, 180, 24]; // as figure/tower/bare.py draws them, and what is between two
  const [BIG, SMALL] = [16, 14]; // px of a label's lines
  const [LONG, LONGEST] = [18, 23]; // signs from which a line is smaller, and from which it is two
  const OPENING = 410; // where lines of names for the first layers stand
  const OTHER = { start: "end", end: "start" };
  const narrow = matchMedia("(max-width: 720px)");

  const svg = (name, attributes = {}, ...inside) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };

  // Mirrored, so that two towers face each other; words stay readable.
  const mirror = (drawn, on) => {
    const inner = drawn.querySelector("g.way");
    const texts = [...inner.querySelectorAll("text")];
    for (const text of texts) text.style.textAnchor = "";
    const anchors = texts.map((text) => OTHER[getComputedStyle(text).textAnchor] ?? "");
    inner.setAttribute("transform", on ? `translate(${WIDE}) scale(-1 1)` : "");
    texts.forEach((text, i) => {
      text.style.textAnchor = on ? anchors[i] : "";
      if (on) text.setAttribute("transform", `translate(${2 * Number(text.getAttribute("x"))}) scale(-1 1)`);
      else text.removeAttribute("transform");
    });
  };

  const tower = ({ tower: held }) => {
    const drawn = gallery.drawing(held.svg);
    const inner = svg("g", { class: "way" });
    inner.append(...[...drawn.childNodes].filter((node) => !["title", "desc"].includes(node.nodeName)));
    drawn.append(inner);
    return drawn;
  };

  const block = (drawn, path) => drawn.querySelector(`rect[data-path="${CSS.escape(path)}"]`);
  const box = (rect) => Object.fromEntries(["x", "y", "width", "height", "rx"].map((name) => [name, Number(rect.getAttribute(name))]));

  // Rings around what differs, a veil over what is the same; `side` is which of a mark's paths are this tower's.
  const ring = (drawn, marks, side) => {
    const layer = svg("g", { class: "marks" });
    marks.forEach((mark, at) => {
      for (const path of mark.paths[side]) {
        const rect = block(drawn, path);
        if (!rect) continue;
        rect.dataset.mark = at;
        const { x, y, width, height, rx } = box(rect);
        const out = mark.changes.length ? 1.8 : 0;
        layer.append(svg("rect", { class: mark.changes.length ? "ring" : "veil", "data-mark": at, x: x - out, y: y - out, width: width + 2 * out, height: height + 2 * out, rx: rx + out }));
      }
    });
    drawn.querySelector("g.way").append(layer);
  };

  // Where lines to a mark's blocks may begin: at the right edge, or below where another block stands at the right.
  const starts = (drawn, mark, side) => {
    const every = [...drawn.querySelectorAll("rect[data-mark][data-path]")].map(box);
    return mark.paths[side].map((path) => block(drawn, path)).filter(Boolean).map((rect) => {
      const { x, y, width, height } = box(rect);
      const low = y + height;
      const hidden = every.some((other) => other.x > x + width && other.y < low - 4 && other.y + other.height > y + 4);
      return hidden ? { x: x + width * 0.8 - WIDE, y: low + 11, from: low + 1 } : { x: x + width - WIDE, y: y + height / 2 };
    });
  };
  // Of several blocks those that stand nearest to each other.
  const nearest = ([left, right]) => {
    if (!left.length || !right.length) return [left[0] ?? null, right[0] ?? null];
    const pairs = left.flatMap((a) => right.map((b) => [a, b]));
    return pairs.reduce((best, pair) => (Math.abs(pair[0].y - pair[1].y) < Math.abs(best[0].y - best[1].y) ? pair : best));
  };

  // A change in lines that have room between the towers.
  const lines = ({ big, noun }) => {
    const parts = big.length > LONGEST ? big.split(/ (?=→ )/) : [big];
    return [...parts.map((text) => [text, text.length > LONG || parts.length > 1 ? "big long" : "big", BIG]), ...(noun ? [[noun, "noun", SMALL]] : [])];
  };

  // Labels of what differs between the towers, each as near to its blocks as it goes, and lines to them.
  const between = (drawn, marks) => {
    const layer = svg("g", { class: "between", "aria-hidden": "true" });
    const ends = marks.map((mark) => nearest([0, 1].map((side) => starts(drawn[side], mark, side))));
    const placed = marks.map((mark, at) => ({ at, mark, ys: ends[at].filter(Boolean).map(({ y }) => y) }))
      .filter(({ mark, ys }) => ys.length || mark.changes.length)
      .map((one) => ({ ...one, y: one.ys.length ? one.ys.reduce((sum, y) => sum + y, 0) / one.ys.length : OPENING }));
    const labelled = placed.filter(({ mark }) => mark.changes.length).sort((a, b) => a.y - b.y);
    for (const most of [2, 1]) {
      for (const one of labelled) {
        const { changes } = one.mark;
        const told = changes.slice(0, changes.length === most + 1 && most > 1 ? most + 1 : most);
        const more = changes.length - told.length;
        one.lines = told.flatMap(lines);
        if (more) one.lines.push([`and ${more} more`, "noun", SMALL]);
        one.high = one.lines.reduce((sum, [, , size]) => sum + size, 8);
      }
      if (labelled.reduce((sum, { high }) => sum + high, 0) <= HIGH) break;
    }
    let top = 2;
    for (const one of labelled) top = (one.top = Math.max(one.y - one.high / 2, top)) + one.high;
    let low = HIGH - 2;
    for (const one of [...labelled].reverse()) low = one.top = Math.min(one.top, low - one.high);
    const lead = (at, side, x, y, name) => {
      const end = ends[at][side];
      if (!end) return;
      const from = side ? GAP - end.x : end.x;
      const out = side ? GAP + 4 : -4;
      layer.append(svg("path", { class: name, "data-mark": at, d: `M${from} ${end.from ?? end.y}V${end.y}H${out}L${x} ${y}` }));
    };
    for (const { at, mark, y } of placed) { // what is equal is told where no label stands
      if (mark.changes.length || mark.role === "norm" || !ends[at].every(Boolean)) continue;
      if (labelled.some((one) => one.top < y + 12 && one.top + one.high > y - 8)) continue;
      for (const side of [0, 1]) lead(at, side, side ? GAP / 2 + 9 : GAP / 2 - 9, y, "same");
      layer.append(svg("text", { class: "same", x: GAP / 2, y: y + 4, "data-mark": at }, "="));
    }
    for (const { at, top: start, lines: told, high } of labelled) {
      const group = svg("g", { "data-mark": at, class: "label" });
      let y = start;
      for (const [text, name, size] of told) group.append(svg("text", { class: name, x: GAP / 2, y: (y += size) - 3 }, text));
      layer.append(group);
      const widest = Math.min(GAP - 24, Math.max(...told.map(([text, name]) => text.length * (name === "noun" ? 6 : 8.2))));
      for (const side of [0, 1]) lead(at, side, GAP / 2 + (side ? 1 : -1) * (widest / 2 + 5), start + high / 2 - 1, "lead");
    }
    return layer;
  };

  const nested = (drawn, x) => {
    for (const [key, value] of Object.entries({ x, width: WIDE, height: HIGH, overflow: "visible" })) drawn.setAttribute(key, value);
    return drawn;
  };

  // Two towers as one drawing: facing each other, or one of them alone ("both", "0", "1").
  const pair = (place, held, marks) => {
    const drawn = held.map(tower);
    drawn.forEach((one, side) => ring(one, marks, side));
    const labels = between(drawn, marks);
    labels.setAttribute("transform", `translate(${WIDE})`);
    const whole = svg("svg", { class: "drawn pair", fill: "none", role: "group", "font-family": drawn[0].getAttribute("font-family"), "aria-label": `Towers of ${held.map(({ model }) => model.name).join(" and ")}` }, ...drawn, labels);
    place.replaceChildren(whole);
    const show = (shown) => {
      const apart = narrow.matches ? NEAR : GAP;
      const wide = shown === "both" ? 2 * WIDE + apart : WIDE;
      for (const [side, one] of drawn.entries()) {
        one.toggleAttribute("hidden", shown !== "both" && shown !== String(side));
        nested(one, shown === "both" && side ? WIDE + apart : 0);
      }
      labels.toggleAttribute("hidden", shown !== "both" || narrow.matches);
      for (const [key, value] of Object.entries({ viewBox: `0 0 ${wide} ${HIGH}`, width: wide, height: HIGH })) whole.setAttribute(key, value);
      mirror(drawn[1], shown === "both");
    };
    return show;
  };

  const row = (places, held, marksOf) => places.forEach((place, i) => {
    const drawn = tower(held[i]);
    if (i) ring(drawn, marksOf[i], 1);
    place.replaceChildren(drawn);
  });

  // Of a pair a function that shows "both", "0" or "1"; of others nothing.
  gallery.towers = { pair, row, narrow, small: (place, held) => place.append(...held.map((text) => gallery.drawing(text))) };
})();
