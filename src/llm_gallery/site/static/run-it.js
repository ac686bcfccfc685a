// Run it: reads the sentence of controls, and says whether it fits, how far, and how fast at best; the address repeats it.
"use strict";

(async () => {
  const page = document.querySelector("#run-it");
  const form = page.querySelector("form");
  const field = form.elements;
  const root = document.documentElement.dataset.root;
  const { engines, devices, bands, first } = JSON.parse(page.dataset.known);
  const { fit } = gallery;
  const show = gallery.runShown(page);
  const COUNTS = [...field.g.options].map(({ value }) => Number(value));
  const UNSAID = 131_072; // tokens, where a model states no longest context
  const LONGEST = 2 ** 24;
  const held = new Map(); // models, by id
  let asked = {}; // what the address and the reader say; all else follows from the model

  const engineOf = (name) => engines.find((engine) => engine.name === name);
  const runOf = (model, { name }) => model.engines.find((run) => run.name === name);
  const refusedBy = (run, device) => run.refused ?? (typeof device.engines[run.name] === "string" ? device.engines[run.name] : "");
  const deviceOf = (id) => devices.find((device) => device.id === id);
  const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const named = (text) => deviceOf(text) ?? devices.find(({ id, name }) => [id, slug(name)].includes(slug(text)));

  const load = async (id) => {
    if (!held.has(id)) held.set(id, await gallery.load(`run/${id}`, `${root}data/run/${id}.js`));
    return held.get(id);
  };

  // What is chosen ---------------------------------------------------------------------------------
  // A room for weights, a type of cache and a split, on a device.
  const roomOf = (run, split, weights, cache, device) => {
    const [usable, flight] = device.engines[run.name];
    const left = split.left?.[devices.indexOf(device)] ?? 0; // beside, for this model and its ranks
    const terms = split.terms[cache];
    return { usable: usable - left, flight, ranks: split.weights[weights].map((bytes, rank) => ({ weights: bytes, terms: terms[rank].map((at) => run.terms[at]) })) };
  };
  const splitsOf = (run, count) => run.splits.filter(({ devices: many }) => many === count);
  const columnsOf = (model, length) => {
    const most = Math.min(model.context ?? UNSAID, LONGEST);
    const all = [16, 8, 4, 2].map((part) => Math.max(1, Math.floor(most / part))).concat(Math.floor((3 * most) / 4), most, length ?? []);
    return [...new Set(all)].sort((a, b) => a - b);
  };
  // What a split holds of a sequence count: each rank's.
  const each = (split, sequences) => Math.ceil(sequences / split.data);

  const choose = (model) => {
    const count = COUNTS.includes(asked.g) ? asked.g : 1;
    const device = deviceOf(asked.d) ?? deviceOf(first.device);
    // One device is llama.cpp's, several are vLLM's, unless that refuses the model.
    const usual = count > 1 ? [...engines].sort((a, b) => a.mixes - b.mixes) : engines;
    const name = engineOf(asked.e) ? asked.e : (usual.find((engine) => !refusedBy(runOf(model, engine), device)) ?? usual[0]).name;
    const run = runOf(model, { name });
    const sequences = asked.b ?? 1;
    const chosen = { model, count, device, engine: engineOf(name), run, sequences, length: asked.n };
    const refusal = refusedBy(run, device);
    if (refusal) return { ...chosen, refused: refusal };
    const cache = run.caches.includes(asked.c) ? asked.c : run.caches[0];
    const splits = splitsOf(run, count);
    const split = splits.find(({ key }) => key === asked.s) ?? splits.find((one) => !one.refused) ?? splits[0];
    if (!split) return { ...chosen, cache, splits, refused: `${engineOf(name).title} can’t spread ${model.name} over ${count} devices as this page knows it.` };
    if (split.refused) return { ...chosen, cache, splits, split, refused: split.refused };
    const at = run.caches.indexOf(cache);
    const room = (weights, which = at, on = device) => roomOf(run, split, weights, which, on);
    const many = each(split, sequences);
    const rows = run.weights.map((weights, index) => ({ ...weights, index, room: room(index) }));
    const holds = (row, length) => fit.spare(row.room, length, many) >= 0;
    // Without a context of the reader's: the longest column that the common mix holds, else any.
    const columns = columnsOf(model, asked.n);
    const common = first.mixes.map((mix) => rows.find((row) => row.name === mix)).find(Boolean) ?? rows[0];
    const length = asked.n ?? columns.findLast((tokens) => holds(common, tokens))
      ?? columns.findLast((tokens) => rows.some((row) => holds(row, tokens))) ?? columns.at(-1);
    const row = rows.find((one) => one.name === asked.q)
      ?? (asked.n === undefined && holds(common, length) ? common : rows.find((one) => holds(one, length)) ?? rows.at(-1));
    return { ...chosen, cache, at, splits, split, rows, row, many, columns, length, roomOf: room, most: Math.max(model.context ?? LONGEST, length) };
  };

  // The address ------------------------------------------------------------------------------------
  const NUMBERS = { b: 4096, n: LONGEST };
  const read = () => {
    const said = new URLSearchParams(location.search);
    const known = {};
    for (const [name, most] of Object.entries(NUMBERS)) {
      const value = Number(said.get(name));
      if (Number.isInteger(value) && value >= 1 && value <= most) known[name] = value;
    }
    known.g = COUNTS.find((count) => count >= Number(said.get("g"))) ?? COUNTS.at(-1);
    if (said.get("d")) known.d = named(said.get("d"))?.id;
    for (const name of ["m", "e", "c", "q", "s"]) if (said.get(name)) known[name] = said.get(name);
    return known;
  };
  const write = ({ model, count, device, engine, sequences, cache, length, row, split }) => {
    const all = { m: model.id, g: count, d: device.id, e: engine.name, b: sequences, n: length, c: cache, q: row?.name, s: split?.key };
    const params = new URLSearchParams(Object.entries(all).filter(([, value]) => value !== undefined && value !== ""));
    try { history.replaceState(null, "", `${location.pathname}?${params}${model.fragment ?? ""}`); } catch { /* refused for some files from disk */ }
  };

  // The page ---------------------------------------------------------------------------------------
  let latest = 0;
  let current = null; // what is shown
  const update = async ({ quiet = false } = {}) => {
    const turn = latest += 1;
    let model;
    try { model = await load(asked.m); } catch (error) { show.failed(error.message); return; }
    if (turn !== latest) return;
    const chosen = current = choose(model);
    show.all({ ...chosen, first, engines, devices, bands, engineOf, splitsOf, roomIn: roomOf, each, press: (change) => { Object.assign(asked, change); update(); } });
    if (!quiet) write(chosen);
  };

  form.addEventListener("change", ({ target }) => {
    if (!target.name || !target.checkValidity()) return;
    const value = ["g", "b", "n"].includes(target.name) ? Number(target.value) : target.value;
    if (target.name === "m") asked = { ...asked, n: undefined, q: undefined, s: undefined };
    if (target.name === "g") asked = { ...asked, s: undefined };
    asked[target.name] = value;
    update();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const [name, more] of [["engine", { c: undefined, q: undefined, s: undefined }], ["cache", {}]]) {
    page.querySelector(`[data-choice="${name}"]`).addEventListener("click", ({ target }) => {
      if (!target.value) return;
      Object.assign(asked, more, { [target.parentElement.dataset.key]: target.value });
      update();
    });
  }
  page.querySelector("[data-do=copy]").addEventListener("click", ({ target }) => {
    if (current) write(current); // as the page opens, its address says nothing yet
    gallery.copy(target, location.href);
  });
  page.querySelector("[data-do=copy-command]").addEventListener("click", ({ target }) => {
    const line = page.querySelector("[data-command]");
    gallery.copy(target, line.textContent, line);
  });

  // A model from outside the catalog stands first in the list; the fragment that carries its config stays in the address.
  let kept = false; // what the address says beside a config that it carries
  const own = (model, fragment) => {
    held.set(model.id, { ...model, fragment });
    field.m.querySelector(`option[value="${model.id}"]`)?.remove();
    field.m.prepend(new Option(model.name, model.id));
    asked = kept ? { ...asked, m: model.id } : { ...asked, m: model.id, n: undefined, q: undefined, s: undefined };
    kept = false;
    update();
  };
  const { linked } = gallery.ownModels(page, own);

  asked = read();
  const waits = new URLSearchParams(location.hash.slice(1)).has("config") && [undefined, "linked"].includes(asked.m);
  kept = waits;
  if (![...field.m.options].some(({ value }) => value === asked.m)) asked.m = first.model;
  await update({ quiet: waits || !location.search });
  if (waits) linked();
})();
