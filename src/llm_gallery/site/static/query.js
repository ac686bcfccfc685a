// What a search means: words that a model must have, and limits such as "under 40b" or "context over 100k".
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const UNITS = { k: 1e3, m: 1e6, b: 1e9, t: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };
  const FIELDS = {
    total: "total", size: "total", params: "total", parameters: "total",
    active: "active", context: "context", cache: "cache", year: "year",
  };
  const BELOW = ["under", "below", "less", "fewer", "smaller", "most", "max", "<", "<=", "before", "shorter", "until"];
  const ABOVE = ["over", "above", "more", "larger", "bigger", "least", "min", ">", ">=", "after", "longer", "since"];
  const FILLERS = ["a", "an", "and", "at", "in", "model", "models", "of", "or", "than", "the", "to", "up", "with", "from", "that"];
  const NOT = ["not", "no", "without"];
  const SAME = { swa: "sliding-window", ssm: "state", rnn: "recurrent", "state-space": "state", "post-norm": "post", "pre-norm": "pre" };
  const NUMBER = /^(\d+(?:\.\d+)?)(kib|mib|gib|[kmbt])?$/;
  const ABOUT = 0.2; // "3b active" is what has within a fifth of it; a context is asked for as the least

  const amount = (word, next) => {
    const found = NUMBER.exec(word ?? "");
    if (!found) return null;
    const unit = found[2] ?? (next in UNITS ? next : "");
    return { value: found[1] * (UNITS[unit] ?? 1), words: found[2] || !unit ? 1 : 2, unit };
  };
  const sideOf = (word) => (BELOW.includes(word) ? "below" : ABOVE.includes(word) ? "above" : null);
  const isYear = (number) => !number.unit && number.value > 1990 && number.value < 2100;

  // "mla moe under 40b" -> { words: [{any: ["mla"], not: false}, ...], limits: [{field: "total", below: 4e10}] }
  // `known` says whether models have a word of two written as one: "open ai", "qwen 3.5".
  const read = (text, known = () => false) => {
    const parts = text.toLowerCase().replace(/([<>]=?)\s*/g, " $1 ").replace(/(\d[kmbt]?)\s*[–-]\s*(?=\d)/g, "$1 to ")
      .split(/[\s,;]+/).filter(Boolean);
    const words = [];
    const limits = [];
    let [field, side, word, not, either] = [null, null, "", false, false];
    const limit = (found, named) => {
      limits.push({ field: field ?? named, ...found });
      [field, side] = [null, null];
    };
    for (let i = 0; i < parts.length; i += 1) {
      word = parts[i];
      const number = amount(word, parts[i + 1]);
      const end = i + (number?.words ?? 0); // of what follows the number
      const range = parts[end] === "to" ? amount(parts[end + 1], parts[end + 2]) : null;
      const orSide = parts[end] === "or" ? sideOf(parts[end + 1]) : null;
      // A field behind its number, unless a limit of its own follows: "under 40b active", "1m context".
      const own = !sideOf(parts[end + 1]) && !amount(parts[end + 1]) ? FIELDS[parts[end]] : undefined;
      const strict = Number(word === String(number?.value) && ["before", "after"].includes(parts[i - 1]));
      if (number && range && (number.unit || range.unit || isYear(number))) {
        const low = number.unit || isYear(number) ? number.value : number.value * UNITS[range.unit];
        limit({ above: low, below: range.value }, isYear(number) ? "year" : "total");
        i = end + range.words;
      } else if (number && (side || orSide)) {
        const sign = side ?? orSide;
        field ??= isYear(number) && !own ? "year" : own;
        limit({ [sign]: number.value + (sign === "below" ? -strict : strict) * (field === "year") }, "total");
        i = end - 1 + (own ? 1 : 0) + (orSide ? 2 : 0);
      } else if (number?.unit && own) {
        const near = own === "context" ? {} : { below: number.value * (1 + ABOUT) };
        field = own;
        limit({ above: own === "context" ? number.value : number.value * (1 - ABOUT), ...near });
        i = end;
      } else if (sideOf(word) || (word === "up" && parts[i + 1] === "to")) side = sideOf(word) ?? "below";
      else if (word in FIELDS && (parts.length > i + 1 || side)) field = FIELDS[word];
      else if (NOT.includes(word)) not = true;
      else if (word === "or") either = words.length > 0;
      else if (!FILLERS.includes(word)) {
        if (parts[i + 1] && known(word + parts[i + 1])) word += parts[i += 1];
        const bare = word.startsWith("-") && word.length > 1 ? word.slice(1) : word;
        const meant = SAME[bare] ?? bare;
        if (either) words.at(-1).any.push(meant);
        else words.push({ any: [meant], not: not || bare !== word });
        [not, either] = [false, false];
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

  // How a word may be meant, the likeliest first: a whole word, with a version too ("mamba" is in "mamba-2"); the
  // beginning of one; anywhere; with a slip.
  const READINGS = [
    (model, word) => model.tokens.has(word) || model.list.some((token) => token.startsWith(word) && /^-?\d/.test(token.slice(word.length)) && !/\d$/.test(word)),
    (model, word) => model.list.some((token) => token.startsWith(word)),
    (model, word) => model.everything.includes(word),
    (model, word) => word.length > 3 && model.list.some((token) => close(token, word)),
  ];

  // Those of `models` that the first reading finds which finds any.
  const having = (models, word) => {
    for (const reading of READINGS) {
      const found = models.filter((model) => reading(model, word));
      if (found.length) return found;
    }
    return [];
  };

  // The models that a search finds, as a set.
  gallery.find = (models, text) => {
    const { words, limits } = read(text, (word) => models.some((model) => model.tokens.has(word)));
    // Numbers last: they are versions and sizes of what the other words name.
    words.sort((a, b) => /^\d/.test(a.any[0]) - /^\d/.test(b.any[0]));
    let found = models;
    for (const { any, not } of words) {
      const holders = new Set(any.flatMap((word) => having(not ? models : found, word)));
      found = found.filter((model) => holders.has(model) !== not);
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
