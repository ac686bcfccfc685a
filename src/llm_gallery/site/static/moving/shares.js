// How a softmax deals out its shares, twice: with a sink or without, with a norm or without.
"use strict";

gallery.moving(({ numbers, at, add, read, say }) => {
  const HIGH = 64, PITCH = 44, LEFT = 100;
  const { scores, sink, names } = numbers;
  const dealt = (some) => {
    const top = some.map((score) => Math.exp(score - Math.max(...some)));
    const sum = top.reduce((a, b) => a + b);
    return top.map((one) => one / sum);
  };
  const percent = (share) => `${Math.round(100 * share)}%`;
  const strength = at.strength;
  read("strength", `${strength}`.replace("-", "−"));
  const bars = (shares, y, name) => {
    add("text", "said", { x: 0, y: y + HIGH }, name);
    shares.forEach((share, i) => {
      const x = LEFT + PITCH * i, height = HIGH * share;
      add("rect", i === scores.length ? "lost" : "share", { x, y: y + 12 + HIGH - height, width: PITCH - 12, height });
      add("text", "number", { x: x + (PITCH - 12) / 2, y: y + HIGH + 26 }, percent(share));
    });
  };
  const plain = dealt(sink ? scores : scores.map((score) => strength ** 2 * score));
  const changed = dealt(sink ? [...scores, strength] : scores);
  bars(plain, 0, names[0]);
  bars(changed, HIGH + 34, names[1]);
  if (sink) {
    const lost = changed[scores.length];
    say(`The sink takes ${percent(lost)}; the tokens share ${percent(1 - lost)}. ${lost > 0.9 ? "The head adds almost nothing to the stream." : lost < 0.1 ? "The head works as if there were none." : ""}`);
  } else {
    say(`Query and key ${strength} times as long make scores ${strength ** 2} times as large. Without the norm the best token takes ${percent(Math.max(...plain))}, with it ${percent(Math.max(...changed))}.`);
  }
});
