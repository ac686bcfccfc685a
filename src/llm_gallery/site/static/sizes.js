// A model in all charts at once: pointed at, or found by its name.
"use strict";

(() => {
  const charts = document.getElementById("sizes");
  const picked = document.getElementById("picked");
  const field = document.getElementById("pick");
  const unpicked = picked.textContent;
  const points = [...charts.querySelectorAll("svg a")];
  // "Kimi K2, 2025-07-11: 8 of 384": its name, and what is said of it.
  const parts = (point) => point.querySelector("title").textContent.split(/, \d{4}-\d\d-\d\d: /);
  const name = (point) => parts(point)[0];
  const names = [...new Set(points.map(name))].sort((one, two) => one.localeCompare(two));
  document.getElementById("names").append(...names.map((known) => new Option("", known)));

  // All points of one model, by their address; what each chart says of it, in a line.
  const show = (address) => {
    const own = points.filter((point) => point.getAttribute("href") === address);
    for (const point of points) point.classList.toggle("on", own.includes(point));
    charts.toggleAttribute("data-picked", own.length > 0);
    if (!own.length) { picked.textContent = unpicked; return; }
    const link = document.createElement("a");
    link.href = address;
    link.textContent = name(own[0]);
    const said = own.map((point) => {
      const heading = point.closest("figure").querySelector("b").textContent.toLowerCase();
      return `${heading} ${parts(point)[1]}`;
    });
    picked.replaceChildren(link, `: ${said.join("; ")}`);
  };

  charts.addEventListener("pointerover", (event) => {
    const point = event.target.closest("svg a");
    if (point) show(point.getAttribute("href"));
  });
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    const exact = points.find((point) => name(point).toLowerCase() === wanted);
    const near = wanted && points.find((point) => name(point).toLowerCase().includes(wanted));
    show((exact ?? near)?.getAttribute?.("href"));
  });
})();
