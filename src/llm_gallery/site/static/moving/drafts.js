// How often each token of a pass is kept, and how many a pass writes on average.
"use strict";

gallery.moving(({ dial, at, add, read, say }) => {
  const HIGH = 90, PITCH = 72;
  const right = at.right / 100;
  read("right", `${at.right}`);
  let tokens = 0;
  for (let i = 0; i <= dial; i += 1) {
    const share = right ** i;
    tokens += share;
    add("rect", i ? "far" : "near", { x: PITCH * i, y: HIGH * (1 - share), width: PITCH - 14, height: HIGH * share });
    add("text", "number", { x: PITCH * i + (PITCH - 14) / 2, y: HIGH + 15 }, `${Math.round(100 * share)}%`);
    add("text", "said", { x: PITCH * i, y: HIGH + 30 }, i ? `draft ${i}` : "its own");
  }
  say(`A pass writes ${tokens.toFixed(2)} tokens on average. ${dial ? "All of them were run; those after a wrong draft are thrown away." : "Without a module it writes one at a time."}`);
});
