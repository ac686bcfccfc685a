// What each layer keeps, and which read what another has kept.
"use strict";

gallery.moving(({ numbers, dial, at, add, read, say }) => {
  const WIDTH = 400, HIGH = 110, ARCS = 70;
  const { whole, near, far, window } = numbers;
  const depth = whole.length, own = depth - dial, text = 2 ** at.context;
  const pitch = WIDTH / depth;
  read("context", text.toLocaleString("en-US"));
  let kept = 0;
  whole.forEach((all, i) => {
    if (i < own) {
      const tokens = all ? text : Math.min(window, text);
      kept += tokens * (all ? far : near);
      const height = Math.max(1.5, HIGH * tokens / text);
      add("rect", all ? "far" : "near", { x: pitch * i, y: ARCS + HIGH - height, width: 0.75 * pitch, height });
      return;
    }
    const source = whole.lastIndexOf(all, own - 1);
    const [x1, x2, y] = [pitch * (source + 0.375), pitch * (i + 0.375), ARCS + HIGH];
    const high = Math.min(ARCS - 4, 8 + 0.25 * (x2 - x1)) + (all ? HIGH : HIGH / 2);
    const point = (x, up) => `${x.toFixed(2)} ${(y - up).toFixed(2)}`;
    add("path", all ? "arc whole" : "arc", { d: `M${point(x1, 0)}C${point(x1, high)} ${point(x2, high)} ${point(x2, 0)}` });
  });
  const power = Math.floor(Math.log2(kept) / 10);
  say(`Of ${text.toLocaleString("en-US")} tokens ${own} layers keep ${Number((kept / 1024 ** power).toPrecision(3))} ${["B", "KiB", "MiB", "GiB"][power]}; `
    + `${dial ? `${dial} read what they keep.` : "none reads another’s."}`);
});
