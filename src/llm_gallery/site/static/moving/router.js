// Eight tokens before a router: who wakes whom; the scores are made up, the same for everyone.
"use strict";

gallery.moving(({ numbers, dial, at, add, read, say }) => {
  const WIDTH = 400, LEFT = 44, ROW = 15, SCORES = 44, LOAD = 36;
  const { text } = numbers;
  const shared = numbers.dial === "shared" ? dial : numbers.shared;
  const experts = numbers.dial === "experts" ? dial : at.experts ? 2 ** at.experts : numbers.experts;
  const used = Math.min(experts, numbers.dial === "used" ? dial : numbers.used);
  const token = at.token - 1;
  read("token", text[token]);
  if (at.experts) read("experts", `${experts}`);

  const score = (t, e) => {
    let h = (Math.imul(t, 73856093) ^ Math.imul(e, 19349663) ^ 0x9E3779B9) >>> 0;
    h = Math.imul(h ^ h >>> 15, 2246822519) >>> 0;
    h = Math.imul(h ^ h >>> 13, 3266489917) >>> 0;
    return ((h ^ h >>> 16) >>> 0) / 2 ** 32;
  };
  const chosen = (t) => [...Array(experts).keys()].sort((a, b) => score(t, b) - score(t, a)).slice(0, used).sort((a, b) => a - b);
  const awake = text.map((_, t) => new Set(chosen(t)));
  const load = Array.from({ length: experts }, (_, e) => awake.filter((some) => some.has(e)).length);

  const room = LEFT + 14 * shared + (shared ? 6 : 0);
  const pitch = (WIDTH - room) / experts;
  const width = Math.max(1.6, 0.8 * pitch), height = 0.7 * ROW, foot = SCORES + ROW * text.length;
  add("rect", "current", { x: 0, y: SCORES + ROW * token, width: WIDTH, height: ROW });
  for (let e = 0; e < experts; e += 1) {
    const x = room + pitch * e, high = (SCORES - 8) * score(token, e);
    add("rect", awake[token].has(e) ? "lit" : "score", { x, y: SCORES - 4 - high, width, height: high });
    add("rect", "load", { x, y: foot + 4, width, height: (LOAD - 4) * load[e] / text.length });
  }
  text.forEach((word, t) => {
    const y = SCORES + ROW * t;
    add("text", "said", { x: 2, y: y + 11 }, word);
    add("rect", "rail", { x: room, y: y + 2, width: WIDTH - room, height });
    for (const e of awake[t]) add("rect", "lit", { x: room + pitch * e, y: y + 2, width, height });
    for (let i = 0; i < shared; i += 1) add("rect", "always", { x: LEFT + 14 * i, y: y + 2, width: 11, height });
  });

  const beside = shared ? ` and ${shared} shared` : "";
  const names = [...awake[token]].map((e) => e + 1).join(", ");
  say(`“${text[token]}” wakes ${used} of ${experts} experts${beside}: ${names}. All ${text.length} tokens read `
    + `${load.filter(Boolean).length} experts${beside}; the busiest gets ${Math.max(...load)} tokens.`);
});
