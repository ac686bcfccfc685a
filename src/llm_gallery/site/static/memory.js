// Bytes of weights and of what sequences keep: the formulas of analysis/footprint.py, in whole numbers of any size.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const up = (a, b) => (a + b - 1n) / b;

  // `format` is [name, bits, numbers in a block, bits of its scale].
  const bytes = (count, [, bits, block, scale]) =>
    up(count * BigInt(bits), 8n) + (block ? up(up(count, BigInt(block)) * BigInt(scale), 8n) : 0n);

  const PARTS = ["model", "lookup", "multi_token_prediction", "other_modalities"];

  // [part, bytes] of what is stored; parts of which there is nothing are left out.
  gallery.weights = (model, format) => PARTS
    .map((name, i) => [name, bytes(BigInt(model.numbers[i]), format)])
    .filter((_, i) => model.numbers[i]);

  // [row, bytes] of what `count` sequences of `length` tokens keep; a state has a row of its own.
  gallery.sequences = (model, format, length, count) => model.rows.flatMap(([kind, layers, elements, window, state]) => {
    const held = window ? Math.min(length, window) : length;
    const times = BigInt(count) * BigInt(layers);
    return [
      ...(elements ? [[kind, times * bytes(BigInt(elements) * BigInt(held), format)]] : []),
      ...(state ? [[`${kind}, state`, times * BigInt(state)]] : []),
    ];
  });

  gallery.sum = (rows) => rows.reduce((total, [, held]) => total + held, 0n);

  // As analysis/units.py writes them: one decimal where it isn't whole.
  gallery.binary = (count) => {
    const whole = BigInt(count);
    for (const [power, unit] of [[40n, "TiB"], [30n, "GiB"], [20n, "MiB"], [10n, "KiB"]]) {
      const size = 1n << power;
      if (whole < size) continue;
      let tenths = (whole * 10n) / size;
      const rest = 2n * ((whole * 10n) % size);
      if (rest > size || (rest === size && tenths % 2n)) tenths += 1n; // a half to the even one, as Python does
      return `${tenths / 10n}${tenths % 10n ? `.${tenths % 10n}` : ""} ${unit}`;
    }
    return `${whole} B`;
  };
  gallery.grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
})();
