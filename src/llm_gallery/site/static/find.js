// Which models a search finds, what it was read as where it has a slip, and what to ask instead where it finds none.
"use strict";

(() => {
  const SLIP = 9; // letters from which a name of several words may have one
  const OFFERS = 4;

  const close = (a, b) => { // at most one letter changed, missing, added or swapped with its neighbour
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const rest = (x, y, from, to) => x.slice(from) === y.slice(to);
    return rest(a, b, i + 1, i + 1) || rest(a, b, i + 1, i) || rest(a, b, i, i + 1) ||
      (a[i] === b[i + 1] && a[i + 1] === b[i] && rest(a, b, i + 2, i + 2));
  };

  const distance = (a, b) => { // letters to change, add, leave out or swap
    let [before, last, row] = [[], [], Array.from({ length: b.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= a.length; i += 1) {
      [before, last, row] = [last, row, [i]];
      for (let j = 1; j <= b.length; j += 1) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    return row[b.length];
  };

  // A name written as one word, from any of its parts on: "llama3", "qwen3next", "gptoss".
  const runs = (name) => {
    const parts = name.split(/[\s/_-]+/);
    return parts.flatMap((_, from) => parts.slice(from + 1).map((_, many) => parts.slice(from, from + many + 2).join("")));
  };

  // How a word may be meant, the likeliest first: a whole word, with a version too ("mamba" is in "mamba-2", "llama3" in
  // "llama3.1"); the beginning of one; a licence; anywhere; with a slip.
  const version = (word, rest) => (/\d$/.test(word) ? /^\.\d/ : /^-?\d/).test(rest);
  const READINGS = [
    (model, word) => model.tokens.has(word) || model.list.some((token) => token.startsWith(word) && version(word, token.slice(word.length))),
    (model, word) => model.list.some((token) => token.startsWith(word)),
    (model, word) => model.licence.split(" ").some((part) => part.startsWith(word)),
    (model, word) => model.everything.includes(word),
  ];
  const slipped = (word) => (token) => word.length > 3 && close(token, word);

  // Concepts and licences are found by their whole names and by all that people call them.
  const naming = (models, boxes, aliases) => boxes.filter((box) => box.name === "concept" || box.name === "licence").map((box) => {
    const name = box.nextSibling.textContent.trim();
    const licence = box.name === "licence";
    const also = licence
      ? [name.replace(/ licen[cs]e/i, ""), name.replace(/ licen[cs]e|\.0/gi, "")]
      : aliases[box.value] ?? [];
    const holders = new Set(models.filter((model) => model.facets[box.name].includes(box.value)));
    return { name, licence, holders, said: [name, ...also] };
  });

  // Offers as a list of buttons: what they say, the question that each asks, how many models that finds.
  const buttons = (offers, act) => offers.map(([words, query, count]) => {
    const [item, button] = ["li", "button"].map((tag) => document.createElement(tag));
    button.type = "button";
    button.className = "button plain";
    button.textContent = `${words}: ${count} ${count === 1 ? "model" : "models"}`;
    button.addEventListener("click", () => act(query));
    item.append(button);
    return item;
  });
  const EXAMPLES = ["mla moe under 40b active", "256 experts", "apache license", "sliding window attention"];

  const finder = ({ read, bare }, models, boxes, { held, aliases }) => {
    for (const model of models) Object.assign(model, held[model.id], { year: Number(model.date.slice(0, 4)) });
    const named = naming(models, boxes, aliases);
    const tokens = new Set();
    const names = new Map(); // of concepts and licences, without separators
    for (const model of models) {
      model.everything = `${model.words} ${model.card.querySelector(".line").textContent.toLowerCase()}`;
      model.licence = model.facets.licence.join(" ").replaceAll("-", " ");
      model.tokens = new Set([...model.words.split(" "), ...runs(model.name)]);
      model.list = [...model.tokens];
      for (const token of model.tokens) tokens.add(token);
    }
    for (const one of named) {
      for (const said of one.said) if (!names.has(bare(said))) names.set(bare(said), one);
    }

    const lexicon = {
      known: (word) => tokens.has(word),
      // The concept or licence that people call so. One word is a name only where it is no word of a model: "mamba"
      // is in Mamba-2 too. With "license" behind it, a part of a licence's name is enough.
      named: (word, many, licence) => {
        if (many === 1 && (tokens.has(word) || word.length < 2)) return null;
        const exact = names.get(word);
        if (exact) return { name: exact.name, holders: exact.holders, slip: false };
        const said = licence && word.replace(/licen[cs]e[sd]?$/, "");
        if (said) {
          // "mit license" is that one alone; "llama license" is every one that names Llama.
          const licences = named.filter((one) => one.licence);
          const begun = licences.filter((one) => /^licen[cs]e/.test(bare(one.name).slice(said.length)) && bare(one.name).startsWith(said));
          const found = begun.length ? begun : licences.filter((one) => bare(one.name).includes(said));
          if (found.length) return { name: found[0].name, holders: new Set(found.flatMap((one) => [...one.holders])), slip: false };
        }
        if (many === 1 || word.length < SLIP) return null;
        const [, near] = [...names].find(([said]) => said.length >= SLIP && close(said, word)) ?? [];
        return near ? { name: near.name, holders: near.holders, slip: true } : null;
      },
    };

    // Those of `some` models that the first reading finds which finds any; a slip is written down.
    const having = (some, word, meant) => {
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

    const within = (limit) => (model) => [model[limit.field] ?? model.numbers[limit.field] ?? []].flat().some((value) =>
      value > 0 && (limit.above === undefined || value >= limit.above) && (limit.below === undefined || value <= limit.below));

    const found = ({ words, limits }, meant = new Map()) => {
      let left = models;
      // Numbers last: they are versions and sizes of what the other words name.
      const ordered = [...words].sort((a, b) => /^\d/.test(a.any[0]) - /^\d/.test(b.any[0]));
      for (const { any, not } of ordered) {
        const holders = new Set(any.flatMap((word) => having(not ? models : left, word, meant)));
        left = left.filter((model) => holders.has(model) !== not);
      }
      for (const limit of limits) left = left.filter(within(limit));
      return left;
    };

    // The nearest that some model has instead of what none has: a word, or a number of layers, heads, experts.
    const nearest = (word) => {
      let [best, least] = [null, Math.max(1, Math.floor(word.length / 3)) + 1];
      const offer = (said, shown) => {
        if (Math.abs(said.length - word.length) >= least) return;
        const far = distance(bare(word), said) + (said[0] !== word[0]); // few slip at the first letter
        if (far < least) [best, least] = [shown, far];
      };
      for (const token of tokens) if (token.length > 2 && /^\p{L}/u.test(token)) offer(bare(token), token);
      for (const [said, one] of names) offer(said, one.name.toLowerCase());
      return best;
    };
    const number = ({ field, above, below, typed }) => {
      if (above === undefined || above !== below) return null;
      const values = models.flatMap((model) => model.numbers[field] ?? []);
      const best = values.reduce((a, b) => (Math.abs(b - above) < Math.abs(a - above) ? b : a), Infinity);
      return best === Infinity || best === above ? null : typed.replace(/\d+/, best);
    };

    // Other questions that find something: with a word or number corrected, or with a part left out.
    // Each as [words, query, how many it finds]; where there is none, what can be asked at all.
    const instead = (text) => {
      const asked = read(text, lexicon);
      const offers = new Map();
      const offer = (query) => {
        const plain = query.replace(/\s+/g, " ").trim();
        const many = plain && plain !== text.trim() ? found(read(plain, lexicon)).length : 0;
        if (many && offers.size < OFFERS) offers.set(plain, many);
      };
      const lower = text.toLowerCase();
      const typed = (word) => word.typed ?? word;
      const unknown = asked.words.flatMap(({ any }) => any).filter((word) => !having(models, word, new Map()).length);
      let corrected = lower;
      for (const word of unknown) corrected = corrected.replace(typed(word), nearest(typed(word)) ?? "");
      offer(corrected);
      const whole = nearest(bare(lower));
      if (unknown.length && whole) offer(whole);
      for (const limit of asked.limits) offer(lower.replace(limit.typed, number(limit) ?? limit.typed));
      if (asked.words.length + asked.limits.length > 1) {
        for (const word of asked.words.flatMap(({ any }) => any)) offer(corrected.replace(typed(word), ""));
        for (const limit of asked.limits) offer(corrected.replace(new RegExp(`(under|over|below|above|at least|at most|less than|more than)?\\s*${limit.typed.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`), ""));
      }
      if (!offers.size) for (const word of asked.words.flatMap(({ any }) => any)) offer(typed(word));
      const said = [...offers].map(([query, many]) => [`Did you mean “${query}”`, query, many]);
      return said.length ? said : EXAMPLES.map((query) => [`Try “${query}”`, query, found(read(query, lexicon)).length]).filter(([, , many]) => many);
    };

    return {
      // The models, as a set, and what was read otherwise than it was typed: [[typed, meant], ...].
      find: (text) => {
        const meant = new Map();
        return { found: new Set(found(read(text, lexicon), meant)), meant: [...meant] };
      },
      offers: (text, more, act) => buttons([...more, ...instead(text)], act),
    };
  };

  gallery.take("find", finder);
})();
