// What an engine takes of devices: engines/term.py and engines/placed.py in the page, from the terms that Python wrote.
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
  return { units, bytes, reserved, fullest, spare, longest };
})();
