// Other questions than one that finds nothing: with a word or number corrected, or with a part left out.
"use strict";

gallery.take("instead", ({ bare }, { models, tokens, called, users, found, read }) => {
  const OFFERS = 4;
  const EXAMPLES = ["mla moe under 40b active", "256 experts", "apache license", "sliding window attention"];

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

  // The nearest that some model has instead of what none has: a word, or a number of layers, heads, experts.
  const nearest = (word) => {
    let [best, least] = [null, Math.max(1, Math.floor(word.length / 3)) + 1];
    const offer = (said, shown) => {
      if (Math.abs(said.length - word.length) >= least) return;
      const far = distance(bare(word), said) + (said[0] !== word[0]); // few slip at the first letter
      if (far < least) [best, least] = [shown, far];
    };
    for (const token of tokens) if (token.length > 2 && /^\p{L}/u.test(token)) offer(bare(token), token);
    for (const [said, one] of called) offer(said, one.name.toLowerCase());
    return best;
  };
  const number = ({ field, above, below, typed }) => {
    if (above === undefined || above !== below) return null;
    const values = models.flatMap((model) => model.numbers[field] ?? []);
    const best = values.reduce((a, b) => (Math.abs(b - above) < Math.abs(a - above) ? b : a), Infinity);
    return best === Infinity || best === above ? null : typed.replace(/\d+/, best);
  };

  // Each as [words, query, how many it finds]; where there is none, what can be asked at all.
  const instead = (text) => {
    const asked = read(text);
    const offers = new Map();
    const offer = (query) => {
      const plain = query.replace(/\s+/g, " ").trim();
      const many = plain && plain !== text.trim() ? found(read(plain)).length : 0;
      if (many && many < models.length && offers.size < OFFERS) offers.set(plain, many);
    };
    const lower = asked.parts.join(" ");
    const without = ({ at: [from, to] }) => asked.parts.filter((_, i) => i < from || i >= to).join(" ");
    const typed = (word) => word.typed ?? word;
    const unknown = asked.words.flatMap(({ any }) => any).filter((word) => !users(models, word, new Map()).length);
    let corrected = lower;
    for (const word of unknown) corrected = corrected.replace(typed(word), nearest(typed(word)) ?? "");
    offer(corrected);
    const whole = nearest(bare(lower));
    if (unknown.length && whole) offer(whole);
    for (const limit of asked.limits) offer(lower.replace(limit.typed, number(limit) ?? limit.typed));
    if (asked.words.length + asked.limits.length > 1) for (const part of [...asked.words, ...asked.limits]) offer(without(part));
    if (!offers.size) for (const word of asked.words.flatMap(({ any }) => any)) offer(typed(word));
    const said = [...offers].map(([query, many]) => [`Did you mean “${query}”`, query, many]);
    return said.length ? said : EXAMPLES.map((query) => [`Try “${query}”`, query, found(read(query)).length]).filter(([, , many]) => many);
  };

  // Those of some words that are like a word, the likest first.
  const alike = (word, words) => words.map((one) => [one, distance(bare(word), bare(one))])
    .filter(([, far]) => far <= Math.max(1, word.length / 4)).sort(([, a], [, b]) => a - b).map(([one]) => one);

  return { nearest, instead, alike };
});
