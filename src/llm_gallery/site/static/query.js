// What a search means: words and names that a model must have, limits such as "under 40b" or "256 experts", and an
// order such as "smallest cache".
"use strict";

gallery.take("query", ({ fillers, ends, said, bare }) => {
  const UNITS = { k: 1e3, m: 1e6, b: 1e9, t: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };
  // What is asked with a number, as people and configs name it, without separators and plural.
  const NAMES = {
    total: "total size param parameter totalparam totalparameter", active: "active activeparam activeparameter",
    context: "context contextlength contextwindow", cache: "cache kvcache cachesize kvcachesize cachepertoken kvcachepertoken", year: "year",
    layers: "layer depth numhiddenlayer", experts: "expert routedexpert numexpert nroutedexpert numlocalexpert",
    used: "activeexpert expertactive expertpertoken activatedexpert chosenexpert numexpertspertok", shared: "sharedexpert nsharedexpert",
    heads: "head queryhead attentionhead qhead numattentionhead", kv_heads: "kvhead keyvaluehead numkeyvaluehead",
    head_dim: "headdim headsize headdimension", width: "width hiddensize dmodel modeldim hiddendim",
    inner: "inner innerwidth intermediatesize ffnsize moeintermediatesize", kv_rank: "kvrank kvlatent kvlorarank",
    vocabulary: "vocab vocabulary vocabsize vocabularysize", window: "window slidingwindow windowsize tokenwindow",
  };
  const FIELDS = new Map(Object.entries(NAMES).flatMap(([field, names]) => names.split(" ").map((name) => [name, field])));
  const SUMS = ["total", "active", "context", "cache", "year"]; // asked with limits; all others are counted
  const BELOW = ["under", "below", "less", "fewer", "smaller", "most", "max", "<", "<=", "before", "shorter", "until"];
  const ABOVE = ["over", "above", "more", "larger", "bigger", "least", "min", ">", ">=", "after", "longer", "since"];
  const NOT = ["not", "no", "without"];
  const LICENCE = ["license", "licence", "licensed", "licenced", "licenses", "licences"];
  const SAME = { swa: "sliding-window", ssm: "state", rnn: "recurrent", "state-space": "state", "post-norm": "post", "pre-norm": "pre" };
  const NUMBER = /^(\d+(?:\.\d+)?)(kib|mib|gib|[kmbt])?$/;
  const ABOUT = 0.2; // "3b active" is what has within a fifth of it; a context is asked for as the least
  const ROUNDED = 0.05; // "128k vocabulary"
  const LONGEST = 6; // words of a name

  const amount = (word, next) => {
    const found = NUMBER.exec(word ?? "");
    if (!found) return null;
    const unit = found[2] ?? (next in UNITS ? next : "");
    return { value: found[1] * (UNITS[unit] ?? 1), words: found[2] || !unit ? 1 : 2, unit };
  };
  const sideOf = (word) => (BELOW.includes(word) ? "below" : ABOVE.includes(word) ? "above" : null);
  const isYear = (number) => !number.unit && number.value > 1990 && number.value < 2100;

  // "mla moe under 40b" -> { words: [{any: ["mla"], not: false}, ...], limits: [{field: "total", below: 4e10}], order: null }
  // Each says by `at` between which of the `parts` it stands; `content` are the parts that mean something.
  // `lexicon` knows what the models have: words, joined ones too ("open ai", "llama 3"), and names of several words,
  // which stand among the words as { name, holders }.
  const read = (text, lexicon) => {
    const parts = said(text).split(/[\s,;:?!"()]+/).filter(Boolean);
    const [words, limits] = [[], []];
    let [order, from, newest] = [null, 0, null]; // what was read last, which all parts since the one before belong to
    let [field, side, word, not, either] = [null, null, "", false, false];
    const limit = (found, named, typed) => {
      newest = { field: field ?? named, typed, ...found };
      limits.push(newest);
      [field, side] = [null, null];
    };
    const fieldAt = (at) => {
      for (let many = 3; many; many -= 1) {
        const found = /\p{L}/u.test(parts[at + many - 1]) && FIELDS.get(bare(parts.slice(at, at + many).join("")).replace(/s$/, ""));
        if (found) return { name: found, words: many, counted: !SUMS.includes(found) };
      }
      return null;
    };
    const nameAt = (at) => {
      for (let many = Math.min(LONGEST, parts.length - at); many; many -= 1) {
        const typed = parts.slice(at, at + many);
        const found = lexicon.named(bare(typed.join("")), many, LICENCE.includes(typed.at(-1)));
        if (found) return { ...found, words: many, typed: typed.join(" ") };
      }
      return null;
    };
    // By what a superlative orders: what is named behind it, or what it says by itself.
    const orderAt = (at) => {
      const end = Object.hasOwn(ends, parts[at]) && parts[at - 1] !== "at" && !amount(parts[at + 1]) && parts[at + 1] !== "than" && !nameAt(at) && ends[parts[at]];
      if (!end) return null;
      const skip = [1, 2].find((many) => fieldAt(at + many) && (many === 1 || fillers.has(parts[at + 1])));
      const named = end[0] !== "date" && skip ? fieldAt(at + skip) : null;
      return { field: named?.name ?? end[0], sign: end[1], typed: parts[at], words: named ? skip + named.words : 1 };
    };
    const isSize = (at) => /[bt]/.test((sideOf(parts[at]) ? amount(parts[at + 1]) : amount(parts[at]))?.unit ?? ""); // of no window
    for (let i = 0; i < parts.length; i += 1) {
      const begun = i;
      word = parts[i];
      const ordered = order ? null : orderAt(i);
      const number = amount(word, parts[i + 1]);
      const end = i + (number?.words ?? 0); // of what follows the number
      const range = parts[end] === "to" ? amount(parts[end + 1], parts[end + 2]) : null;
      const orSide = parts[end] === "or" ? sideOf(parts[end + 1]) : null;
      // A field behind its number, unless a limit of its own follows: "under 40b active", "1m context", "256 experts".
      const after = number && !field ? fieldAt(end) : null;
      const next = parts[end + (after?.words ?? 0)];
      const own = after && !sideOf(next) && (after.counted || !amount(next)) ? after : null;
      const counts = own?.counted || (field && !SUMS.includes(field));
      const here = number ? null : fieldAt(i);
      const strict = Number(word === String(number?.value) && ["before", "after"].includes(parts[i - 1]));
      const typed = parts.slice(i, end + (own?.words ?? 0)).join(" ");
      if (ordered) {
        order = newest = ordered;
        i += order.words - 1;
      } else if (number && range && (number.unit || range.unit || isYear(number) || field)) {
        const low = number.unit || isYear(number) || !range.unit ? number.value : number.value * UNITS[range.unit];
        limit({ above: low, below: range.value }, isYear(number) ? "year" : "total", typed);
        i = end + range.words;
      } else if (number && (side || orSide)) {
        const sign = side ?? orSide;
        field ??= isYear(number) && !own ? "year" : own?.name;
        limit({ [sign]: number.value + (sign === "below" ? -strict : strict) * (field === "year") }, "total", typed);
        i = end - 1 + (own?.words ?? 0) + (orSide ? 2 : 0);
      } else if (number && counts) {
        const near = number.unit ? ROUNDED : 0;
        limit({ above: number.value * (1 - near), below: number.value * (1 + near) }, own?.name, typed);
        i = end - 1 + (own?.words ?? 0);
      } else if (number && own?.name === "active" && !number.unit) { // experts: no model has so few parameters
        limit({ above: number.value, below: number.value }, "used", typed);
        i = end - 1 + own.words;
      } else if (number?.unit && own) {
        const near = own.name === "context" ? {} : { below: number.value * (1 + ABOUT) };
        limit({ above: own.name === "context" ? number.value : number.value * (1 - ABOUT), ...near }, own.name, typed);
        i = end - 1 + own.words;
      } else if (sideOf(word) || (word === "up" && parts[i + 1] === "to")) side = sideOf(word) ?? "below";
      else if (here && !(here.counted && isSize(i + here.words)) && (here.counted ? amount(parts[i + here.words]) || sideOf(parts[i + here.words]) || side
        : parts.length > i + here.words || side)) {
        field = here.name;
        i += here.words - 1;
      } else if (NOT.includes(word) && !nameAt(i)) not = true; // "no positions" is a name
      else if (word === "or") either = words.length > 0;
      else if (!fillers.has(word) || nameAt(i)?.slip === false) {
        if (/^-./.test(word)) [not, word] = [true, word.slice(1)];
        parts[i] = word;
        const name = nameAt(i);
        if (name) i += name.words - 1;
        else while (parts[i + 1] && !(amount(parts[i + 1]) && fieldAt(i + 2)?.counted) && lexicon.known(word + parts[i + 1])) word += parts[i += 1];
        const meant = name ?? SAME[word] ?? word;
        if (here && !name && parts.length > here.words) i = begun + here.words - 1; // "how many layers does ... have"
        else if (number && "bt".includes(number.unit || "-") && !name && !lexicon.begun(word)) { // a size that no model is called by
          limit({ above: number.value * (1 - ABOUT), below: number.value * (1 + ABOUT) }, "total", word);
        } else if (either) {
          newest = words.at(-1);
          newest.any.push(meant);
          newest.typed = "";
        } else if (!LICENCE.includes(word)) {
          newest = { any: [meant], not, typed: parts.slice(begun, i + 1).join(" ") };
          words.push(newest);
        }
        [not, either, side] = [false, false, null];
      }
      if (newest) {
        newest.at = [newest.at?.[0] ?? from, i + 1];
        [newest, from] = [null, i + 1];
      }
    }
    return { words, limits, order, parts, content: parts.filter((part) => !fillers.has(part) && !Object.hasOwn(ends, part)) };
  };

  return read;
});
