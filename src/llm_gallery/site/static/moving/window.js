// What a layer sees of a text, to scale, and what all layers keep of it: window, ratio and text turn.
"use strict";

gallery.moving(({ numbers, dial, at, add, read, say }) => {
  const SIDE = 150, LEFT = 330, WIDE = 66;
  const { layers, chunked } = numbers;
  const words = (count) => count.toLocaleString("en-US");
  const window = numbers.dial === "window" ? dial : 2 ** at.window;
  const ratio = numbers.dial === "ratio" ? dial : at.ratio;
  const text = 2 ** at.context;
  if (at.window) read("window", words(window));
  if (at.ratio) read("ratio", words(ratio));
  read("context", words(text));

  const mask = (x, share) => {
    const w = Math.min(1, share) * SIDE;
    add("path", "unseen-part", { d: `M${x} 0L${x + SIDE} ${SIDE}H${x}z` });
    let d = `M${x} 0L${x + SIDE} ${SIDE}H${x + SIDE - w}L${x} ${w}z`;
    if (chunked && share < 1) {
      d = "";
      for (let a = 0; a < SIDE; a += w) {
        const b = Math.min(SIDE, a + w);
        d += `M${x + a} ${a}L${x + b} ${b}H${x + a}z`;
      }
    }
    add("path", "seen", { d });
  };
  mask(0, window / text);
  mask(165, 1);
  add("text", "said", { x: 0, y: SIDE + 14 }, chunked ? "A layer with a chunk" : "A layer with a window");
  add("text", "said", { x: 165, y: SIDE + 14 }, "A global layer");
  add("text", "said", { x: LEFT, y: SIDE + 14 }, `All ${layers} layers`);

  const pitch = SIDE / layers;
  for (let i = 0; i < layers; i += 1) {
    const far = (i + 1) % ratio === 0;
    const width = far ? WIDE : Math.max(1.5, WIDE * Math.min(1, window / text));
    add("rect", far ? "far" : "near", { x: LEFT, y: SIDE - pitch * (i + 1), width, height: 0.75 * pitch });
  }

  const globals = Math.floor(layers / ratio), near = layers - globals;
  const kept = near * numbers.near * Math.min(window, text) + globals * numbers.far * text;
  const seen = Math.min(window, text);
  const pairs = chunked ? Math.floor(text / seen) * seen * (seen + 1) / 2 : seen * text - seen * (seen - 1) / 2;
  const size = (bytes) => {
    const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
    return `${Number((bytes / 1024 ** power).toPrecision(3))} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}`;
  };
  const share = 100 * pairs / (text * (text + 1) / 2);
  say(`Of ${words(text)} tokens ${near} layers keep ${words(seen)} each, ${globals} keep all: ${size(kept)}. `
    + `If all layers kept all: ${size(layers * numbers.far * text)}. A layer ${chunked ? "with a chunk" : "with a window"} compares ${Number(share.toPrecision(2))}% of the pairs.`);
});
