// What a search means: words that a model must have, and limits such as "under 40b" or "context over 100k".
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const UNITS = { k: 1e3, m: 1e6, b: 1e9, t: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };
  const FIELDS = {
    total: "total", size: "total", params: "total", parameters: "total",
    active: "active", context: "context", cache: "cache", year: "year",
  };
  const BELOW = ["under", "below", "less", "smaller", "most", "max", "<", "<=", "before", "shorter"];
  const ABOVE = ["over", "above", "more", "larger", "least", "min", ">", ">=", "after", "longer"];
  const FILLERS = ["a", "an", "and", "at", "in", "model", "models", "of", "or", "than", "the", "to", "up", "with", "to"];
  const NOT = ["not", "no", "without"];
  const SAME = { swa: "sliding-window", ssm: "state", rnn: "recurrent", "state-space": "state", "post-norm": "post", "pre-norm": "pre" };
  const NUMBER = /^(\d+(?:\.\d+)?)(kib|mib|gib|[kmbt])?$/;

  const amount = (word, next) => {
    const found = NUMBER.exec(word);
    if (!found) return null;
    const unit = found[2] ?? (next in UNITS ? next : "");
    return { value: found[1] * (UNITS[unit] ?? 1), words: found[2] || !unit ? 1 : 2, unit };
  };

  // "mla moe under 40b" -> { words: [{text: "mla", not: false}, ...], limits: [{field: "total", below: 4e10}] }
  const read = (text) => {
    const parts = text.toLowerCase().replace(/([<>]=?)\s*/g, " $1 ").replace(/(\d[kmbt]?)\s*[–-]\s*(?=\d)/g, "$1 to ")
      .split(/[\s,;]+/).filter(Boolean);
    const words = [];
    const limits = [];
    let field = null;
    let side = null;
    let not = false;
    for (let i = 0; i < parts.length; i += 1) {
      const word = parts[i];
      const number = amount(word, parts[i + 1]);
      const upTo = word === "up" && parts[i + 1] === "to";
      const other = parts[i + 1] === "to" ? amount(parts[i + 2] ?? "", parts[i + 3]) : null;
      if (number && other && (number.unit || other.unit)) {
        const low = number.unit ? number.value : number.value * UNITS[other.unit];
        limits.push({ field: field ?? "total", above: low, below: other.value });
        i += 1 + other.words;
        [field, side] = [null, null];
      } else if (number && side) {
        const named = field ?? (!number.unit && number.value > 1990 && number.value < 2100 ? "year" : "total");
        limits.push({ field: named, [side]: number.value });
        i += number.words - 1;
        [field, side] = [null, null];
      } else if (BELOW.includes(word) || upTo) side = "below";
      else if (ABOVE.includes(word)) side = "above";
      else if (word in FIELDS && (parts.length > i + 1 || side)) field = FIELDS[word];
      else if (NOT.includes(word)) not = true;
      else if (!FILLERS.includes(word)) {
        const bare = word.startsWith("-") && word.length > 1 ? word.slice(1) : word;
        words.push({ text: SAME[bare] ?? bare, not: not || bare !== word });
        not = false;
      }
    }
    return { words, limits };
  };

  const close = (a, b) => { // at most one letter changed, missing, added or swapped with its neighbour
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const rest = (x, y, from, to) => x.slice(from) === y.slice(to);
    return rest(a, b, i + 1, i + 1) || rest(a, b, i + 1, i) || rest(a, b, i, i + 1) ||
      (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(a, b, i + 2, i + 2));
  };

  // The first reading of a word that any model answers to: whole, beginning, anywhere, with a slip.
  const READINGS = [
    (model, word) => model.tokens.has(word),
    (model, word) => model.list.some((token) => token.startsWith(word)),
    (model, word) => model.everything.includes(word),
    (model, word) => word.length > 3 && model.list.some((token) => close(token, word)),
  ];

  const having = (models, word) => {
    for (const reading of READINGS) {
      const found = models.filter((model) => reading(model, word));
      if (found.length) return new Set(found);
    }
    return new Set();
  };

  // The models that a search finds, as a set.
  gallery.find = (models, text) => {
    const { words, limits } = read(text);
    let found = models;
    for (const word of words) {
      const holders = having(models, word.text);
      found = found.filter((model) => holders.has(model) !== word.not);
    }
    for (const limit of limits) {
      found = found.filter((model) =>
        (limit.above === undefined || model[limit.field] >= limit.above) &&
        (limit.below === undefined || model[limit.field] <= limit.below) && model[limit.field] > 0);
    }
    return new Set(found);
  };
  gallery.read = read;
})();
