// What an engine takes of devices, and how fast it is at best: engines/term.py, placed.py, reading.py and bound.py in the
// page, from the terms that Python wrote (catalog/run_terms.py).
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

gallery.fit = (() => {
  // A term is [label, layers, unit, step, limit, in flight, beyond, dtype, padding], as `Term` has them.
  const units = ([, , , step, limit, flies, beyond], length, flight) => {
    if (!step) return 1 + beyond;
    const tokens = limit === null ? length : Math.min(length, limit + (flies ? flight : 0));
    return Math.ceil(tokens / step) + beyond;
  };
  const bytes = (term, length, flight) => term[2] * units(term, length, flight);
  const reserved = (terms, length, flight) => terms.reduce((sum, term) => sum + bytes(term, length, flight), 0);

  // A room is { ranks: [{ weights, terms }], usable, flight }: the ranks that differ, and what each device has.
  const taken = ({ weights, terms }, { flight }, length, sequences) => weights + sequences * reserved(terms, length, flight);
  const fullest = (room, length, sequences) => room.ranks.reduce((most, rank) =>
    (taken(rank, room, length, sequences) > taken(most, room, length, sequences) ? rank : most));
  const spare = (room, length, sequences) => room.usable - taken(fullest(room, length, sequences), room, length, sequences);
  const longest = (room, sequences, most) => {
    if (spare(room, most, sequences) >= 0) return most;
    let [fits, fails] = [0, most];
    while (fails - fits > 1) {
      const middle = Math.floor((fits + fails) / 2);
      if (spare(room, middle, sequences) >= 0) fits = middle; else fails = middle;
    }
    return fits;
  };
  // Sequences of a length that every rank holds; null where one takes nothing.
  const sequencesOf = ({ ranks, usable, flight }, length) => ranks.reduce((least, { weights, terms }) => {
    const each = reserved(terms, length, flight);
    if (!each) return weights > usable ? 0 : least;
    const many = Math.max(0, Math.floor((usable - weights) / each));
    return least === null ? many : Math.min(least, many);
  }, null);

  // What a step reads of one sequence: rows are [label, bytes, step, limit, chunk], as `ReadingRow` has them.
  const read = ([, unit, step, limit, chunk], depth) => {
    if (!step) return unit;
    const whole = Math.floor((chunk ? depth % chunk : depth) / step);
    return unit * (limit === null ? whole : Math.min(whole, limit));
  };
  // Operations of a step at a position: between two that are known in proportion.
  const operations = (known, position) => {
    const after = known.findIndex(([at]) => at >= position);
    if (after <= 0) return known.at(after)[1];
    const [[low, least], [high, most]] = [known[after - 1], known[after]];
    return least + ((most - least) * (position - low)) / (high - low);
  };
  // Tokens a second at most, of all sequences together; null where nothing bounds them.
  const speed = ({ model, run, split, weights, cache, length, sequences, device }) => {
    const rows = split.reads?.[cache];
    if (!rows) return null;
    const kept = rows.reduce((sum, at) => sum + read(run.reads[at], length), 0);
    const [chain, mean] = split.read[weights];
    const each = sequences / (split.data * split.layers);
    const peak = device.peaks[run.weights[weights].wide && run.wide[cache] ? 0 : 1];
    const seconds = [
      ...(device.bandwidth ? [Math.max(chain + kept, mean + each * kept) / device.bandwidth] : []),
      ...(peak ? [(sequences * operations(model.operations, length + 1)) / split.devices / peak] : []),
    ];
    return seconds.length ? sequences / Math.max(...seconds) : null;
  };
  return { units, bytes, reserved, fullest, spare, longest, sequencesOf, speed };
})();
