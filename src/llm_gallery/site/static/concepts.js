// The index of concepts: only those that hold every word that is typed.
"use strict";

(() => {
  const seek = document.querySelector("#seek");
  const said = document.querySelector("#sought");
  const areas = [...document.querySelectorAll(".area")].map((area) => ({
    area,
    rows: [...area.querySelectorAll("tbody tr")].map((row) => ({
      row,
      text: `${row.dataset.also} ${row.textContent}`.toLowerCase(),
    })),
  }));
  const find = () => {
    const words = seek.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { area, rows } of areas) {
      let here = 0;
      for (const { row, text } of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        here += !row.hidden;
      }
      area.hidden = here === 0;
      count += here;
    }
    said.textContent = words.length ? (count === 1 ? "1 concept" : `${count || "No"} concepts`) : "";
    const address = new URL(location.href);
    if (words.length) address.searchParams.set("q", seek.value); else address.searchParams.delete("q");
    if (address.href !== location.href) history.replaceState(null, "", address);
  };
  seek.value = new URLSearchParams(location.search).get("q") ?? "";
  seek.addEventListener("input", find);
  if (seek.value) find();
})();
