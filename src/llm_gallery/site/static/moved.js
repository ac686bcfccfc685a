// The calculator's old addresses lead on with what they ask for: model, context, sequences, device and how many of it.
"use strict";

(() => {
  const link = document.querySelector("#moved");
  const asked = new URLSearchParams(location.search);
  for (const name of [...asked.keys()]) if (!["m", "n", "b", "d", "g"].includes(name)) asked.delete(name);
  const query = asked.toString();
  link.href = `${link.href}${query ? `?${query}` : ""}${location.hash}`;
  location.replace(link.href);
})();
