// What is left of a score so many tokens apart: in layers that rotate, and in those without positions.
"use strict";

gallery.moving(({ numbers, dial, at, add, read, say }) => {
  const WIDTH = 400, HIGH = 110, END = 131072;
  const { layers, base, rotated } = numbers;
  const every = dial;
  const apart = Math.round(Math.expm1(at.apart / 200 * Math.log1p(END)));
  read("apart", apart.toLocaleString("en-US"));
  let left = 0;
  for (let i = 0; i < rotated / 2; i += 1) left += Math.cos(apart * base ** (-2 * i / rotated)) / (rotated / 2);
  const pitch = WIDTH / layers;
  for (let i = 0; i < layers; i += 1) {
    const free = (i + 1) % every === 0;
    const height = Math.max(1.5, HIGH * (free ? 1 : Math.abs(left)));
    add("rect", free ? "far" : "near", { x: pitch * i, y: HIGH - height, width: 0.75 * pitch, height });
  }
  const free = Math.floor(layers / every);
  say(`${apart.toLocaleString("en-US")} tokens apart, ${layers - free} layers with RoPE have ${Math.round(100 * left)}% of the score left; `
    + `${free} without ${free === 1 ? "has" : "have"} all, near or far.`);
});
