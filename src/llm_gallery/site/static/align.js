// The facts of several models in aligned rows: what comparison/table.py does, from files that hold one model each.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const ROLES = ["token_mixer", "channel_mixer"];

  // Reach tells parts of one mechanism apart more than positions do; the rest is order only.
  const likeness = (a, b) => 2 * (a.reach === b.reach) + (a.rotated === b.rotated);
  const only = (part, parts) => parts.every((other) => other === part || other.kind !== part.kind);
  const order = (a, b) => [a.key, b.key].sort().join("\u0000");

  // Parts of one role side by side, those of one mechanism joined, the nearest first: [older or null, newer or null].
  // What differs in reach and in positions is joined only where neither model has other such parts.
  const pairs = (old, fresh) => {
    const candidates = old.flatMap((a, i) => fresh.flatMap((b, j) =>
      (a.kind === b.kind && (likeness(a, b) || (only(a, old) && only(b, fresh))) ? [{ i, j, near: likeness(a, b), order: order(a, b) }] : [])));
    candidates.sort((x, y) => y.near - x.near || (x.order < y.order ? -1 : x.order > y.order ? 1 : 0));
    const partner = new Map();
    const taken = new Set();
    for (const { i, j } of candidates) {
      if (partner.has(i) || taken.has(j)) continue;
      partner.set(i, j);
      taken.add(j);
    }
    return [
      ...old.map((part, i) => [part, partner.has(i) ? fresh[partner.get(i)] : null]),
      ...fresh.filter((_, j) => !taken.has(j)).map((part) => [null, part]),
    ];
  };

  // A row of parts that answer to each other: to those of the first model, else of the first that has one.
  const partRows = (models, role) => {
    const rows = [];
    models.forEach((model, index) => {
      const known = rows.map((row) => row.find((part) => part !== null));
      const own = model.parts.filter((part) => part.role === role);
      for (const [old, fresh] of pairs(known, own)) {
        if (old === null) rows.push([...Array(index).fill(null), fresh]);
        else rows[known.indexOf(old)].push(fresh);
      }
    });
    return rows;
  };

  const section = (title, kind, held) => {
    const names = new Map(held.flat().map(([name, label]) => [name, label]));
    const rows = [...names].map(([name, label]) => {
      const facts = held.map((one) => one.find(([known]) => known === name));
      const values = facts.map((fact) => JSON.stringify(fact ? fact[3] : null));
      return { name, label, words: facts.map((fact) => (fact ? fact[2] : "–")), values, same: new Set(values).size === 1 };
    });
    return { title, kind, rows };
  };

  // Parts that answer to each other: a row each, null for a model that has none.
  gallery.partRows = (models) => ROLES.flatMap((role) => partRows(models, role))
    .map((row) => models.map((_, i) => row[i] ?? null));

  gallery.align = (models) => [
    section("Model", "", models.map((model) => model.traits)),
    ...gallery.partRows(models).map((row) => {
      const parts = row.filter((part) => part !== null);
      const title = [...new Set(parts.map((part) => part.title))].join(" / ");
      return section(title, parts[0].kind, row.map((part) => (part ? part.facts : [])));
    }),
    section("What follows", "consequences", models.map((model) => model.follows)),
  ];
})();
