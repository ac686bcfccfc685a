// A state of four by four numbers: it fades, is asked, is corrected, by the rule of the mechanism.
"use strict";

gallery.moving(({ numbers, at, add, read, say }) => {
  const CELL = 40, LEFT = 70, TOP = 22, KEYS = LEFT - CELL - 12;
  const { rates, phases, tokens } = numbers;
  const decay = at.decay / 100, beta = "beta" in at ? at.beta / 100 : 1;
  const step = at.step - 1;
  const [name, key, value] = tokens[Math.floor(step / phases.length)];
  const phase = phases[step % phases.length];
  const asked = (state, by) => state[0].map((_, c) => state.reduce((sum, row, r) => sum + by[r] * row[c], 0));

  let state = key.map(() => value.map(() => 0));
  let before = state;
  for (let i = 0; i <= step; i += 1) {
    const [, k, v] = tokens[Math.floor(i / phases.length)];
    const doing = phases[i % phases.length];
    before = state;
    if (doing === "Fade") state = state.map((row, r) => row.map((x) => x * decay ** rates[r]));
    if (doing === "Correct" || doing === "Add") {
      const error = doing === "Add" ? v : asked(state, k).map((x, c) => beta * (v[c] - x));
      state = state.map((row, r) => row.map((x, c) => x + k[r] * error[c]));
    }
  }
  read("step", `${name}, ${phase.toLowerCase()}`);
  read("decay", `${decay}`);
  if ("beta" in at) read("beta", `${beta}`);

  const said = (x) => (Math.abs(x) < 0.05 ? "0.0" : x.toFixed(1).replace("-", "−"));
  const cell = (x, y, number, look, changed) => {
    const size = CELL - 2;
    add("rect", changed ? "ground changed" : "ground", { x, y, width: size, height: size });
    add("rect", look, { x, y, width: size, height: size, "fill-opacity": 0.6 * Math.min(1, Math.abs(number) / 3) });
    add("text", "number", { x: x + size / 2, y: y + size / 2 + 4 }, said(number));
  };
  add("text", "said", { x: KEYS, y: TOP - 8 }, `key ${name}`);
  add("text", "said", { x: LEFT, y: TOP - 8 }, "state");
  const answer = asked(state, key);
  state.forEach((row, r) => {
    cell(KEYS, TOP + CELL * r, key[r], "given");
    row.forEach((x, c) => cell(LEFT + CELL * c, TOP + CELL * r, x, "held", Math.abs(x - before[r][c]) > 0.005));
  });
  const foot = TOP + 4 * CELL + 12;
  add("text", "said", { x: LEFT - 8, y: foot + 24, "text-anchor": "end" }, "answer");
  answer.forEach((x, c) => cell(LEFT + CELL * c, foot, x, "answered"));
  // What it was told of each key: the last value, and what it answers now.
  const RIGHT = LEFT + 4 * CELL + 24;
  add("text", "said", { x: RIGHT, y: TOP - 8 }, "told last → answers now");
  const last = new Map(tokens.slice(0, Math.floor(step / phases.length) + 1).map((one) => [one[0], one]));
  [...last.values()].forEach(([who, by, told], i) => {
    const look = who === name ? "told strong" : "told";
    add("text", look, { x: RIGHT, y: TOP + 14 + 38 * i }, `${who} ${told.map((x) => said(x)).join(" ")}`);
    add("text", look, { x: RIGHT, y: TOP + 29 + 38 * i }, `→ ${asked(state, by).map(said).join(" ")}`);
  });

  const off = Math.max(...value.map((x, c) => Math.abs(x - answer[c])));
  const list = (row) => row.map(said).join(", ");
  say({
    Fade: `The state keeps ${decay === 1 ? "all" : `${Math.round(100 * decay)}%`} of itself${new Set(rates).size > 1 ? ", to another power in each row" : ""}, before token ${name}.`,
    Ask: `Asked for ${name}, the state answers ${list(answer)}; it should answer ${value.join(", ")}. The difference will be written.`,
    Correct: `${beta === 1 ? "The difference is" : `${Math.round(100 * beta)}% of the difference is`} written: asked for ${name}, the state ${off < 0.05 ? "now gives exactly its value" : `is still off by ${said(off)}`}.`,
    Add: `${name}’s value is added: asked for ${name}, the state answers ${list(answer)}${off < 0.05 ? "." : `, for ${value.join(", ")}: what stood there is still in it.`}`,
  }[phase]);
});
