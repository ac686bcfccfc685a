// The calculator: reads its form, adds up the rows, and says how many of each accelerator hold the sum.
"use strict";

(() => {
  const form = document.querySelector("#calculator");
  const one = (selector, within = form) => within.querySelector(selector);
  const field = form.elements;
  const root = document.documentElement.dataset.root;
  const own = form.dataset.model ? JSON.parse(form.dataset.model) : null;
  const formats = JSON.parse(form.dataset.formats);
  const OPTIONAL = ["lookup", "multi_token_prediction", "other_modalities"];
  const NAMES = {
    model: "Language model", lookup: "Lookup tables",
    multi_token_prediction: "Multi-token prediction", other_modalities: "Other modalities",
  };
  const COLOURS = { model: "embedding", lookup: "norm", multi_token_prediction: "position", other_modalities: "mlp" };
  const BOXES = 18;
  let models = own ? [own] : [];

  const chosen = (list, name) => list.find(([known]) => known === name);
  const grouped = gallery.grouped;
  const element = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const cell = (text, name = "td", kind = "") => {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    if (name === "th") made.scope = "row";
    return made;
  };
  const scales = ([, , block, scale]) => (block ? ` + ${scale} bits for each ${grouped(block)}` : "");

  // How each row of the sum is counted, in the order of the rows.
  const told = (model, weight, cache, length, count) => [
    ...["model", ...OPTIONAL].flatMap((name, i) => (model.numbers[i]
      ? [`${grouped(model.numbers[i])} × ${weight[1]} bits${scales(weight)}`] : [])),
    ...model.rows.flatMap(([, layers, elements, window, state]) => {
      const times = count > 1 ? `${grouped(count)} × ` : "";
      const tokens = window && window < length ? `${grouped(window)} (window)` : grouped(length);
      return [
        ...(elements ? [`${times}${layers} layers × ${grouped(elements)} × ${tokens} tokens × ${cache[1]} bits${scales(cache)}`] : []),
        ...(state ? [`${times}${layers} layers × ${grouped(state)} B, at any length`] : []),
      ];
    }),
  ];

  const gigabytes = (bytes) => {
    const tenths = (bytes + 50_000_000n) / 100_000_000n;
    return `${grouped(tenths / 10n)}${tenths % 10n ? `.${tenths % 10n}` : ""} GB`;
  };
  const many = (count, noun) => `${count === 1 ? "one" : grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

  // What was asked: whether so many of that accelerator hold it.
  const answer = (model, total, length, count) => {
    const device = [...form.querySelectorAll(".devices li")].find(({ dataset }) => dataset.name === field.d.value);
    const [asked, usable] = [BigInt(field.g.value), BigInt(device.dataset.usable)];
    const needed = (total + usable - 1n) / usable;
    const enough = needed === asked ? "" : needed < asked ? `, ${grouped(needed)} ${needed === 1n ? "is" : "are"} enough` : `, ${grouped(needed)} needed`;
    one("[data-verdict]").textContent =
      `${grouped(asked)} × ${field.d.value} (${device.dataset.memory} GB): ${needed > asked ? "no" : "yes"}${enough}.`;
    one("[data-because]").textContent =
      `${model.name} in ${field.w.value} with ${many(count, "sequence")} of ${many(length, "token")} takes ${gigabytes(total)}; ` +
      `${grouped(asked)} × ${device.dataset.memory} GB leave ${gigabytes(asked * usable)} for it.`;
    one("[data-release]").textContent = model.format
      ? `Its config says that the release is stored ${model.format === field.w.value ? "so" : `in ${model.format}`}.`
      : "Its config at hand doesn’t say how the release is stored.";
  };

  // The release's own format, until another is chosen.
  let formatted = false;
  const release = () => {
    const model = models.find((held) => held.id === field.m.value);
    if (model && !formatted) field.w.value = model.format ?? form.dataset.unsaid;
  };

  const devices = (total) => {
    for (const item of form.querySelectorAll(".devices li")) {
      const usable = BigInt(item.dataset.usable);
      const count = (total + usable - 1n) / usable;
      one("[data-count]", item).textContent = `${grouped(count)} ×`;
      const last = Number(total - (count - 1n) * usable) / Number(usable);
      const shown = count > BOXES ? 0 : Number(count);
      const boxes = Array.from({ length: shown }, (_, i) => [
        element("rect", { class: "device", x: i * 16 + 0.5, y: 0.5, width: 13, height: 11 }),
        element("rect", { class: "filled", x: i * 16 + 0.5, y: 0.5, width: 13 * (i === shown - 1 ? last : 1), height: 11 }),
      ]);
      one(".boxes", item).replaceChildren(...boxes.flat());
    }
  };

  const optional = (model) => {
    OPTIONAL.forEach((name, i) => { field[name].parentElement.hidden = !model.numbers[i + 1]; });
    one("[data-optional]").hidden = !model.numbers.slice(1).some(Boolean);
  };

  const show = () => {
    const model = own ?? models.find((held) => held.id === field.m.value);
    if (!model || !form.checkValidity()) return;
    const [length, count] = [Number(field.n.value), Number(field.b.value)];
    const weight = chosen(formats.weights, field.w.value);
    const cache = chosen(formats.cache, field.c.value);
    for (const note of form.querySelectorAll("[data-format]")) {
      note.hidden = note.dataset.format !== field[note.parentElement.dataset.note].value;
    }
    optional(model);
    const weights = gallery.weights(model, weight);
    const how = told(model, weight, cache, length, count);
    const colours = [
      ...weights.map(([name]) => COLOURS[name]),
      ...model.rows.flatMap(([, , elements, , state, colour]) => [...(elements ? [colour] : []), ...(state ? [colour] : [])]),
    ];
    const all = [...weights, ...gallery.sequences(model, cache, length, count)].map(([name, held], i) => ({
      name: NAMES[name] ?? name[0].toUpperCase() + name.slice(1), held, how: how[i],
      colour: colours[i],
      left: OPTIONAL.includes(name) && !field[name].checked,
    }));
    const rows = all.filter((row) => !row.left);
    const total = rows.reduce((sum, row) => sum + row.held, 0n);
    field.total.value = gallery.binary(total);
    one("[data-exact]").textContent = `${grouped(total)} B`;
    let x = 0;
    one("[data-bar]").replaceChildren(...rows.map((row) => {
      const width = 1000 * Number(row.held) / Number(total);
      x += width;
      return element("rect", { class: `solid ${row.colour}`, x: x - width, y: 0, width, height: 10 });
    }));
    one("[data-rows]").replaceChildren(...rows.map((row) => {
      const line = document.createElement("tr");
      const head = cell("", "th");
      const swatch = document.createElement("span");
      swatch.className = `swatch ${row.colour}`;
      head.append(swatch, row.name);
      line.append(head, cell(row.how, "td", "n how"), cell(grouped(row.held), "td", "n"), cell(gallery.binary(row.held), "td", "n"));
      return line;
    }));
    devices(total);
    answer(model, total, length, count);
    if (!own) address();
  };

  const NAMED = ["m", "w", "c", "n", "b", "d", "g"];
  const address = () => {
    const params = new URLSearchParams(NAMED.map((name) => [name, field[name].value]));
    for (const name of OPTIONAL) if (field[name].checked !== field[name].defaultChecked) params.set(name, Number(field[name].checked));
    try { history.replaceState(null, "", `${location.pathname}?${params}${location.hash}`); } catch { /* refused for some files from disk */ }
  };
  const restore = () => {
    const params = new URLSearchParams(location.search);
    for (const name of NAMED) {
      const before = field[name].value;
      if (params.has(name)) field[name].value = params.get(name);
      if (!field[name].checkValidity() || field[name].value === "") field[name].value = before;
      else if (name === "w") formatted = params.has("w");
    }
    release();
    for (const name of OPTIONAL) if (params.has(name)) field[name].checked = params.get(name) === "1";
  };

  const slide = () => { field.power.value = Math.log2(Math.max(1, Number(field.n.value))); };
  form.addEventListener("input", (event) => {
    if (event.target === field.power) field.n.value = 2 ** Number(field.power.value);
    else if (event.target === field.n) slide();
    else if (event.target === field.w) formatted = true;
    else if (event.target === field.m) release();
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  // A model from outside the catalog stands first in the list, and is chosen unless the address names another.
  const linked = async (asked) => {
    const model = await gallery.linkedModel();
    if (!model) return;
    models = [model, ...models];
    field.m.prepend(new Option(model.name, model.id));
    if (asked === null || asked === model.id) field.m.value = model.id;
    release();
    show();
  };

  const start = async () => {
    const asked = new URLSearchParams(location.search).get("m");
    if (!own) {
      models = await gallery.load("memory", `${root}data/memory.js`);
      restore();
    }
    slide();
    show();
    if (!own) linked(asked);
  };
  start();
})();
