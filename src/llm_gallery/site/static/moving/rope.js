// Clocks of the pairs of one head: how far each has turned, which angles it has met, where it would be unscaled.
"use strict";

gallery.moving(({ numbers, dial, at, add, read, say }) => {
  const WIDTH = 400, STEPS = 200, TURN = 2 * Math.PI;
  const { rotated, head, trained } = numbers;
  const base = numbers.dial === "base" && dial ? dial : numbers.base;
  const factor = numbers.dial === "factor" ? dial : 1;
  const count = rotated / 2;
  const plain = Array.from({ length: count }, (_, i) => base ** (-2 * i / rotated));

  // YaRN, as mechanisms/forward/rotation.py has it: which share of a pair's speed is slowed.
  const pair = (turns) => rotated * Math.log(trained / (turns * TURN)) / (2 * Math.log(base));
  const within = numbers.truncate ? [Math.floor(pair(numbers.fast)), Math.ceil(pair(numbers.slow))] : [pair(numbers.fast), pair(numbers.slow)];
  const from = Math.max(within[0], 0);
  let to = Math.min(within[1], rotated - 1);
  if (from === to) to += 0.001;
  const slowed = plain.map((_, i) => (numbers.dial === "factor" ? Math.min(1, Math.max(0, (i - from) / (to - from))) : 0));
  const speeds = plain.map((speed, i) => speed * (1 - slowed[i]) + speed / factor * slowed[i]);

  const end = Math.round(trained * factor);
  const token = Math.round(Math.expm1(at.position / STEPS * Math.log1p(end)));
  read("position", token.toLocaleString("en-US"));

  const all = head / 2;
  const columns = all <= 32 ? 8 : 16;
  const cell = WIDTH / columns, r = 0.42 * cell;
  let [unslowed, outside] = [0, 0]; // pairs at angles that weren't met: as they were, and as they turn
  for (let i = 0; i < all; i += 1) {
    const x = cell * (i % columns + 0.5), y = cell * (Math.floor(i / columns) + 0.5);
    if (i >= count) { add("circle", "unturned", { cx: x, cy: y, r: 2 }); continue; }
    const tip = (angle, long = r) => ({ x: x + long * Math.sin(angle), y: y - long * Math.cos(angle) });
    const met = plain[i] * trained;
    add("circle", "disc", { cx: x, cy: y, r });
    if (met >= TURN) {
      add("circle", "met", { cx: x, cy: y, r });
    } else {
      const edge = tip(met);
      add("path", "met", { d: `M${x} ${y}V${y - r}A${r} ${r} 0 ${Number(met > Math.PI)} 1 ${edge.x.toFixed(2)} ${edge.y.toFixed(2)}z` });
    }
    const hand = (look, angle) => {
      const { x: x2, y: y2 } = tip(angle);
      add("line", look, { x1: x, y1: y, x2, y2, "data-angle": `${angle}` });
    };
    if (slowed[i] > 0 && token) hand("ghost", token * plain[i]);
    const strays = (speed) => met < TURN && token * speed > met * (1 + 1e-6);
    hand(strays(speeds[i]) ? "hand out" : "hand", token * speeds[i]);
    unslowed += Number(strays(plain[i]));
    outside += Number(strays(speeds[i]));
  }

  const whole = plain.filter((speed) => speed * trained >= TURN).length;
  const turned = (speed) => {
    const times = token * speed / TURN;
    return token && times < 0.01 ? "less than 0.01" : times.toLocaleString("en-US", { maximumSignificantDigits: 3 });
  };
  if (numbers.dial === "factor") {
    const [kept, mixed] = [slowed.filter((share) => share === 0).length, slowed.filter((share) => share > 0 && share < 1).length];
    say(`${kept} of ${count} pairs turn as before, ${count - kept - mixed} are slowed ${factor} times, ${mixed} lie between. `
      + `At token ${token.toLocaleString("en-US")}, ${unslowed} would stand at angles never met (pale hands); slowed, ${outside || "none"} ${outside > 1 ? "do" : "does"}.`);
  } else {
    say(`Within ${trained.toLocaleString("en-US")} tokens ${whole} of ${count} pairs turn fully: a full disc. At token ${token.toLocaleString("en-US")} `
      + `the first pair has turned ${turned(plain[0])} times, the last ${turned(plain[count - 1])} times.${all > count ? ` ${all - count} pairs never turn: dots.` : ""}`);
  }
});
