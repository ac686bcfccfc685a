// What a search was understood as, in words: one for each part of it, and the numbers that models are ordered by.
"use strict";

gallery.take("labels", ({ called, values }, { bare }) => {
  const FIELDS = {
    active: "active", context: "context", cache: "cache per token", year: "released", layers: "layers", experts: "experts",
    used: "experts a token", shared: "shared experts", heads: "heads", kv_heads: "KV heads", head_dim: "head size", width: "width",
    inner: "inner width", kv_rank: "latent size", vocabulary: "vocabulary", window: "window", sparsity: "of weights run",
  };

  const short = (number) => {
    for (const [unit, name] of [[1e12, "T"], [1e9, "B"], [1e6, "M"]]) {
      if (number >= unit * 0.9995) return `${Number((number / unit).toPrecision(3))}${name}`;
    }
    return String(number);
  };
  const tokens = (number) => (number >= 1e6 ? `${Number((number / (number % 1000 ? 2 ** 20 : 1e6)).toPrecision(3))}M`
    : number >= 1000 ? `${Math.round(number / (number % 1000 ? 1024 : 1000))}K` : String(number));
  const amount = (field, value) => {
    if (field === "total" || field === "active") return short(value);
    if (field === "context") return tokens(value);
    if (field === "cache") return value >= 2 ** 20 ? `${Number((value / 2 ** 20).toPrecision(3))} MiB` : `${Number((value / 1024).toPrecision(3))} KiB`;
    if (field === "sparsity") return `${Number((value * 100).toPrecision(2))}%`;
    return field === "year" ? String(value) : value.toLocaleString("en");
  };

  const limit = ({ field, above, below }) => {
    const [low, high] = [above, below].map((value) => (value === undefined ? "" : amount(field, value)));
    if (field === "total") return low && high ? `${low} to ${high}` : low ? `over ${low}` : `under ${high}`;
    const name = FIELDS[field];
    return low && high ? (above === below ? `${name} = ${low}` : `${name} ${low} to ${high}`) : low ? `${name} ≥ ${low}` : `${name} ≤ ${high}`;
  };

  // A word by the name of the concept, maker or kind that people call so.
  const word = (one) => {
    const found = one.name ? one : called.get(bare(one));
    return found && found.facet !== "licence" | Boolean(one.name) ? found.name : one;
  };
  const words = ({ any, not, typed }, meant) => {
    const read = any.map((one) => (word(one) === one ? meant.get(one) ?? (typed || one) : word(one)));
    return `${not ? "not " : ""}${read.join(" or ")}`;
  };
  const order = ({ field, typed }) => (FIELDS[field] && !/est$/.test(typed.replace(/^(small|larg|bigg|few|low|high|great|long|short|tini)est$/, "")) ? `${typed} ${FIELDS[field]}` : typed);

  return {
    // Parts in the order in which they were typed, each with the question that is left without it.
    chips: (asked, meant) => {
      const named = [
        ...asked.words.map((one) => [one, words(one, meant)]), ...asked.limits.map((one) => [one, limit(one)]),
        ...(asked.order ? [[asked.order, order(asked.order)]] : []),
      ].sort(([a], [b]) => a.at[0] - b.at[0]);
      return named.map(([{ at: [from, to], sign }, label]) => ({ label, orders: Boolean(sign), without: asked.parts.filter((_, i) => i < from || i >= to).join(" ") }));
    },
    // The same in one line, the order last.
    all: (chips) => {
      const [others, order] = [false, true].map((is) => chips.filter(({ orders }) => orders === is).map(({ label }) => label).join(" · "));
      return [others, order && `${order} first`].filter(Boolean).join(", ");
    },
    value: (model, { field }) => (field === "date" ? model.date : `${amount(field, Math.max(...values(model, field)))} ${FIELDS[field] ?? ""}`.trim()),
    model: ({ org, total, active, year }) => `${org}, ${short(total)}${active === total ? "" : `, ${short(active)} active`}, ${year}`,
  };
});
