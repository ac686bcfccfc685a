// Which models a search finds, in which order, and what it was read as where it has a slip.
"use strict";

gallery.take("find", (read, { bare, plain }, { held, names }) => {
  const SLIP = 9; // letters from which a name of several words may have one
  const STRONG = ["country", "format", "keeps", "sight"]; // facets whose names mean them, whatever else is called so

  const close = (a, b) => { // at most one letter changed, missing, added or swapped with its neighbour, and no digit
    if (Math.abs(a.length - b.length) > 1 || a.replace(/\D/g, "") !== b.replace(/\D/g, "")) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const rest = (x, y, from, to) => x.slice(from) === y.slice(to);
    return rest(a, b, i + 1, i + 1) || rest(a, b, i + 1, i) || rest(a, b, i, i + 1) ||
      (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(a, b, i + 2, i + 2));
  };
  const slipped = (word) => (token) => word.replace(/\P{L}/gu, "").length > 4 && close(token, word);

  // A name written as one word, from any of its parts on: "llama3", "qwen3next", "gptoss".
  const runs = (name) => {
    const parts = name.split(/[\s/_-]+/);
    return parts.flatMap((_, from) => parts.slice(from + 1).map((_, many) => parts.slice(from, from + many + 2).join("")));
  };

  const models = Object.entries(held).map(([id, one]) => {
    const [own, said] = [plain(one.name), plain(one.words)];
    const inner = one.name.match(/(?<=[a-z])[A-Z][a-z]{4,}/g) ?? []; // the Gemma in DiffusionGemma
    const calls = new Set([...own.split(/[\s/_-]+/), ...own.split(" "), ...runs(own), ...inner.map(plain), id]); // what its name says
    const tokens = new Set([...said.split(" "), ...calls]);
    return { ...one, id, said, calls: [...calls], tokens, list: [...tokens], year: Number(one.date.slice(0, 4)), sparsity: one.active / one.total,
      makers: plain(one.org).split(/[\s.]+/),
      licence: one.facets.licence.join(" ").replaceAll("-", " ") };
  });
  const tokens = new Set(models.flatMap((model) => model.list));
  const starts = [...tokens];

  // What models have by name: countries, formats, concepts, licences, makers.
  const having = names.map(([facet, value, name, also]) =>
    ({ facet, value, name, also, said: [name, ...also].map(bare), holders: new Set(models.filter((model) => model.facets[facet]?.includes(value))) }));
  const called = new Map();
  for (const one of having) for (const said of one.said) if (!called.has(said)) called.set(said, one);
  const licences = having.filter((one) => one.facet === "licence");

  // How a word may be meant, the likeliest first: a name, where no concept is called so; a whole word, with a version too
  // ("mamba" is in "mamba-2", "llama3" in "llama3.1"); the beginning of one; a licence; anywhere; with a slip.
  const version = (word, rest) => (/\d$/.test(word) ? /^\.\d/ : /^-?\d/).test(rest);
  const whole = (list, word) => list.some((token) => token === word || (token.startsWith(word) && version(word, token.slice(word.length))));
  const READINGS = [
    (model, word) => !called.has(word) && (whole(model.calls, word) || model.makers.includes(word)),
    (model, word) => whole(model.list, word),
    (model, word) => model.list.some((token) => token.startsWith(word)),
    (model, word) => model.licence.split(" ").some((part) => part.startsWith(word)),
    (model, word) => /\p{L}{3}/u.test(word) && model.said.includes(word),
  ];

  const lexicon = {
    known: (word) => tokens.has(word),
    begun: (word) => starts.some((token) => token.startsWith(word)),
    // What people call so. One word is a name only where it is no word of a model: "mamba" is in Mamba-2 too. With
    // "license" behind it, a part of a licence's name is enough.
    named: (word, many, licence) => {
      const exact = called.get(word);
      if (many === 1 && ((tokens.has(word) && !STRONG.includes(exact?.facet)) || word.length < 2)) return null;
      const isModel = exact?.facet === "licence" && !licence && models.some(({ name }) => bare(name).startsWith(word)); // Kimi K3's licence
      if (exact && !isModel) return { ...exact, slip: false };
      const said = licence && word.replace(/licen[cs]e[sd]?$/, "");
      if (said) {
        // "mit license" is that one alone; "llama license" is every one that names Llama.
        const begun = licences.filter(({ name }) => bare(name).startsWith(said) && /^licen[cs]e/.test(bare(name).slice(said.length)));
        const found = begun.length ? begun : licences.filter(({ name }) => bare(name).includes(said));
        if (found.length) return { ...found[0], holders: new Set(found.flatMap((one) => [...one.holders])), slip: false };
      }
      if (many === 1 || word.length < SLIP) return null;
      const [, near] = [...called].find(([said]) => said.length >= SLIP && close(said, word)) ?? [];
      return near ? { ...near, slip: true } : null;
    },
  };

  // Those of `some` models that the first reading finds which finds any; a slip is written down.
  const users = (some, word, meant) => {
    if (word.holders) {
      if (word.slip) meant.set(word.typed, word.name);
      return some.filter((model) => word.holders.has(model));
    }
    for (const reading of READINGS) {
      const found = some.filter((model) => reading(model, word));
      if (found.length) return found;
    }
    const near = slipped(word);
    const found = some.filter((model) => model.list.some(near));
    if (found.length) meant.set(word, found[0].list.find(near));
    return found;
  };

  const values = (model, field) => [model[field] ?? model.numbers[field] ?? []].flat();
  // A number of parameters is what a card shows: 999.71B are 1T.
  const shown = (value, field) => (field === "total" || field === "active" ? Number(value.toPrecision(3)) : value);
  const within = (limit) => (model) => values(model, limit.field).map((value) => shown(value, limit.field)).some((value) =>
    value > 0 && (limit.above === undefined || value >= limit.above) && (limit.below === undefined || value <= limit.below));

  const found = ({ words, limits, order }, meant = new Map()) => {
    let left = models;
    // Numbers last: they are versions and sizes of what the other words name.
    const ordered = [...words].sort((a, b) => /^\d/.test(a.any[0]) - /^\d/.test(b.any[0]));
    for (const { any, not } of ordered) {
      const holders = new Set(any.flatMap((word) => users(not ? models : left, word, meant)));
      left = left.filter((model) => holders.has(model) !== not);
    }
    for (const limit of limits) left = left.filter(within(limit));
    if (!order) return left;
    const most = (model) => (order.field === "date" ? model.date : Math.max(...values(model, order.field)));
    const counted = left.filter((model) => order.field === "date" || most(model) > 0);
    return counted.sort((a, b) => (most(a) < most(b) ? -1 : most(a) > most(b) ? 1 : 0) * order.sign);
  };

  // How well a model's name fits, from 0; `meant` is told of a slip.
  const fit = (model, content, core, meant) => {
    const [name, id] = [bare(model.name), bare(model.id)];
    if (core === name || core === id) return 100;
    const share = Math.min(1, core.length / name.length);
    if (name.startsWith(core)) return 60 + 30 * share;
    const maker = model.makers;
    const calls = (word) => whole(model.calls, word) || (word.length > 1 && model.calls.some((call) => call.startsWith(word)));
    if (!content.some(calls) && !content.some((word) => model.calls.some(slipped(word)))) return 0;
    if (content.every((word) => calls(word) || maker.includes(word))) return 50 + 30 * share;
    const slips = content.map((word) => (calls(word) || maker.includes(word) ? word : model.calls.find(slipped(word))));
    if (!slips.every(Boolean)) return 0;
    content.forEach((word, i) => { if (slips[i] !== word) meant?.set(word, slips[i]); });
    return 40 + 30 * share;
  };
  const named = (content, meant) => {
    const core = bare(content.join(""));
    if (!core) return [];
    const best = models.map((model) => [model, fit(model, content, core)]).filter(([, score]) => score)
      .sort(([a, x], [b, y]) => y - x || a.name.length - b.name.length || (a.date < b.date ? 1 : -1));
    if (best.length && best[0][1] < 80) fit(best[0][0], content, core, meant);
    return best;
  };

  return { strong: STRONG, models, tokens, having, called, close, slipped, whole, users, named, found, values, read: (text) => read(text, lexicon) };
});
