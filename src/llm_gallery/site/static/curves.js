// Cache and state over context for models chosen in the page: the same chart as site/chart.py draws when it builds.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [860, 400, 72, 16, 640, 352];
  const [SHORTEST, LONGEST, STEPS] = [10, 20, 8];
  const DASHES = ["", "7 3", "2 3", "9 3 2 3", "4 2", "1 3"];
  const [NAMES, SIZE, LINE, GAP] = [RIGHT + 28, 12, 15, 36];
  const BF16 = ["bf16", 16, 0, 0];

  gallery.kept = (model, length) => Number(gallery.sum(gallery.sequences(model, BF16, Math.floor(length), 1)));

  // The length from which on `a` and `b` keep their last order, or null where it never changes.
  gallery.crossing = (a, b) => {
    const sign = (at) => Math.sign(gallery.kept(a, at) - gallery.kept(b, at));
    let found = null;
    let last = 0;
    let start = 1;
    for (let exponent = 0; exponent <= LONGEST; exponent += 1) {
      const now = sign(2 ** exponent);
      if (now && last && now !== last) {
        let [low, high] = [start, 2 ** exponent];
        while (high - low > 1) {
          const middle = Math.floor((low + high) / 2);
          if (sign(middle) === now) high = middle; else low = middle;
        }
        found = high;
      }
      if (now) [last, start] = [now, 2 ** exponent];
    }
    return found;
  };

  // A name in lines that fit beside the chart.
  const ruler = document.createElement("canvas").getContext("2d");
  const wrap = (name, weight) => {
    ruler.font = `${weight} ${SIZE}px ${getComputedStyle(document.body).fontFamily}`;
    const lines = [];
    for (const word of name.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && ruler.measureText(longer).width <= WIDTH - NAMES) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };

  gallery.curves = (models, letters) => {
    const lengths = Array.from({ length: (LONGEST - SHORTEST) * STEPS + 1 }, (_, i) => 2 ** (SHORTEST + i / STEPS));
    const groups = new Map(); // models whose curves coincide share a line
    models.forEach((model, i) => {
      const key = lengths.map((length) => gallery.kept(model, length)).join();
      groups.set(key, [...(groups.get(key) ?? []), i]);
    });
    const drawn = [...groups.values()].filter(([first]) => gallery.kept(models[first], 2 ** LONGEST));
    if (!drawn.length) return null;
    const ends = drawn.flatMap(([i]) => [2 ** SHORTEST, 2 ** LONGEST].map((at) => Math.log2(Math.max(1, gallery.kept(models[i], at)))));
    const low = Math.floor(Math.min(...ends));
    const high = Math.max(Math.ceil(Math.max(...ends)), low + 1);
    const round = (value) => Math.round(value * 10) / 10;
    const x = (length) => round(LEFT + ((Math.log2(length) - SHORTEST) / (LONGEST - SHORTEST)) * (RIGHT - LEFT));
    const y = (held) => round(BOTTOM - ((Math.log2(Math.max(1, held)) - low) / (high - low)) * (BOTTOM - TOP));

    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const put = (name, attributes, text = "", into = svg) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      if (text) made.textContent = text;
      into.append(made);
      return made;
    };
    const names = models.map((model) => model.name).join(", ");
    for (const [key, value] of Object.entries({ class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
      "aria-label": `Cache and state of ${names} from 1K to 1M tokens; table below` })) svg.setAttribute(key, value);
    for (let e = SHORTEST; e <= LONGEST; e += 2) {
      put("path", { class: "hair", d: `M${x(2 ** e)} ${TOP}V${BOTTOM}` });
      put("text", { class: "tick", x: x(2 ** e), y: BOTTOM + 18, "text-anchor": "middle" }, e < 20 ? `${2 ** (e - 10)}K` : "1M");
    }
    for (let e = low; e <= high; e += Math.max(1, Math.ceil((high - low) / 5))) {
      put("path", { class: "hair", d: `M${LEFT} ${y(2 ** e)}H${RIGHT}` });
      put("text", { class: "tick", x: LEFT - 8, y: y(2 ** e) + 4, "text-anchor": "end" }, gallery.binary(BigInt(2 ** e)));
    }
    put("text", { class: "axis", x: RIGHT, y: HEIGHT - 8, "text-anchor": "end" }, "context, tokens");
    drawn.forEach((group, index) => {
      const model = models[group[0]];
      const end = Math.min(2 ** LONGEST, Math.max(2 ** SHORTEST, model.context ?? 2 ** LONGEST));
      const path = (some) => `M${some.map((at) => `${x(at)} ${y(gallery.kept(model, at))}`).join("L")}`;
      const largest = [...model.rows].sort((a, b) => b[2] * b[1] - a[2] * a[1])[0];
      const line = put("g", { class: `curve ${largest?.[5] ?? "full"}${index ? "" : " own"}` });
      put("path", { d: path([...lengths.filter((at) => at < end), end]), ...(DASHES[index] ? { "stroke-dasharray": DASHES[index] } : {}) }, "", line);
      put("path", { class: "beyond", d: path([end, ...lengths.filter((at) => at > end)]) }, "", line);
      put("circle", { cx: x(end), cy: y(gallery.kept(model, end)), r: index ? 3 : 4 }, "", line);
    });
    const named = (i, own) => wrap(`${letters[i]} ${models[i].name}`, own ? 600 : 400).map((text) => ({ text, own }));
    const labels = drawn.map((group, index) => ({
      end: y(gallery.kept(models[group[0]], 2 ** LONGEST)),
      lines: group.flatMap((i, at) => named(i, !index && !at)),
      held: `${gallery.binary(BigInt(gallery.kept(models[group[0]], 2 ** LONGEST)))} at 1M`,
    })).sort((a, b) => a.end - b.end);
    const more = ({ lines }) => LINE * (lines.length - 1);
    let least = TOP + 4;
    for (const label of labels) least = (label.at = Math.max(label.end, least)) + GAP + more(label);
    let limit = BOTTOM - 14;
    for (const label of [...labels].reverse()) limit = (label.at = Math.min(label.at, limit - more(label))) - GAP;
    for (const { end, at, lines, held } of labels) {
      put("path", { class: "lead", d: `M${RIGHT} ${end}H${RIGHT + 6}L${RIGHT + 16} ${at}H${RIGHT + 22}` });
      lines.forEach(({ text, own }, i) => put("text", { class: own ? "name own" : "name", x: NAMES, y: at - 1 + LINE * i }, text));
      put("text", { class: "tick", x: NAMES, y: at - 1 + LINE * lines.length }, held);
    }
    return svg;
  };

  // Under the curves what they say, and a table of four lengths.
  const LENGTHS = [4096, 32768, 131072, 1048576];
  gallery.cache = (models) => {
    const { one, make, letter, lettered } = gallery.page;
    const letters = models.map((_, i) => letter(i));
    const svg = gallery.curves(models, letters);
    one("#chart").replaceChildren(svg ?? "None of them keeps anything that grows.");
    const told = models.slice(1).map((model, i) => {
      const from = gallery.crossing(models[0], model);
      const [own, other] = [gallery.kept(models[0], 2 ** 20), gallery.kept(model, 2 ** 20)];
      if (own === other && from === null) return `${letter(i + 1)} keeps as much as A at every length.`;
      const word = other < own ? "less" : "more";
      if (from !== null) return `${letter(i + 1)} keeps ${word} than A from ${gallery.grouped(from)} tokens on.`;
      const times = Math.max(own, other) / Math.max(1, Math.min(own, other));
      return `${letter(i + 1)} keeps ${word} than A at every length: ${times.toFixed(1)} times at 1M tokens.`;
    });
    one("#cache-says").replaceChildren(...told.map((text) => make("p", {}, text)),
      make("p", {}, "One sequence in bf16. A dot ends each line at the longest context that the model states."));
    one("#lengths").replaceChildren(
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "One sequence, bf16"), ...LENGTHS.map((at) => make("th", { scope: "col", class: "n" }, gallery.grouped(at))))),
      make("tbody", {}, ...models.map((model, i) => make("tr", {}, make("th", { scope: "row" }, lettered(i), model.name),
        ...LENGTHS.map((at) => make("td", { class: "n" }, gallery.binary(BigInt(gallery.kept(model, at)))))))));
  };
})();
