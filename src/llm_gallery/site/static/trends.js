// Trends: charts of one maker or one size, and each chart as a file. The choice is in the address.
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const [maker, size] = ["maker", "size"].map((id) => document.getElementById(id));
  const chosen = document.getElementById("chosen");
  const points = [...document.querySelectorAll(".sizes svg a")];
  const idOf = (point) => /models\/([^/]+)\//.exec(point.getAttribute("href"))[1];
  const bars = [...document.querySelectorAll(".small-bars figure")].map((figure) => {
    const columns = [...figure.querySelectorAll("svg rect")];
    const counts = [...figure.querySelectorAll("svg text")].slice(-columns.length); // over the columns
    const said = figure.querySelector("figcaption .n");
    return { figure, columns, counts, said, words: said.textContent };
  }).filter(({ columns }) => columns.length);

  const put = (svg, name, attributes, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (name === "text") made.textContent = text; else made.append(Object.assign(document.createElementNS(SVG, "title"), { textContent: text }));
    made.dataset.chosen = "";
    svg.append(made);
  };

  // The columns of a concept, counted again among the designs that are meant.
  const redraw = ({ figure, columns, counts, said, words }, data, among) => {
    const svg = figure.querySelector("svg");
    for (const old of svg.querySelectorAll("[data-chosen]")) old.remove();
    for (const part of [...columns, ...counts]) part.style.display = among ? "none" : "";
    said.textContent = words;
    if (!among) return;
    const has = data.having[figure.dataset.name];
    const [left, top, right, bottom] = data.frame;
    const step = (right - left) / data.columns;
    const first = data.columns - data.quarters.length;
    said.textContent = `${among.filter((index) => has[index]).length} of ${among.length}`;
    data.quarters.forEach((quarter, at) => {
      const inside = among.filter((index) => data.designs[index][0] === at);
      const having = inside.filter((index) => has[index]).length;
      if (!having) return;
      const high = (bottom - top) * having / inside.length;
      const x = left + (first + at) * step;
      put(svg, "rect", { class: columns[0].getAttribute("class"), x: x + 1.5, y: bottom - high, width: step - 3, height: high, rx: 1.5 },
        `${having} of ${inside.length} designs in ${quarter}`);
      put(svg, "text", { class: counts[0].getAttribute("class"), x: x + step / 2, y: bottom - high - 5 }, having);
    });
  };

  const show = async () => {
    const wanted = [maker.value, size.value];
    const query = new URLSearchParams(Object.entries({ maker: wanted[0], size: wanted[1] }).filter(([, value]) => value));
    try { history.replaceState(null, "", query.size ? `?${query}` : location.pathname); } catch { /* refused for some files from disk */ }
    const any = wanted.some(Boolean);
    if (!any && !chosen.textContent) return;
    const data = await gallery.load("choice", `${document.documentElement.dataset.root}trends/choice.js`);
    const meant = (own) => wanted.every((value, at) => !value || own[at] === value);
    for (const point of points) {
      const out = !meant(data.models[idOf(point)]);
      point.classList.toggle("out", out);
      if (out) point.setAttribute("tabindex", "-1"); else point.removeAttribute("tabindex");
    }
    const among = any && [...data.designs.keys()].filter((index) => meant(data.designs[index].slice(1)));
    for (const one of bars) redraw(one, data, among);
    const count = Object.values(data.models).filter(meant).length;
    chosen.textContent = any ? `${count} model${count === 1 ? "" : "s"}; pale points and the median are of all` : "";
  };
  const fields = maker ? [maker, size] : []; // a catalog of one design has nothing to choose from
  for (const field of fields) field.addEventListener("change", show);

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".takes button");
    if (!button) return;
    const figure = button.closest("figure");
    const heads = [figure.querySelector("figcaption b, figcaption a").textContent];
    await gallery.load("save", `${document.documentElement.dataset.root}static/save.js`);
    const { text } = gallery.standalone([figure.querySelector("svg")], heads, await gallery.faces());
    gallery.save(new Blob([text], { type: "image/svg+xml" }), `${figure.dataset.name}.svg`);
  });

  const asked = new URLSearchParams(location.search);
  for (const field of fields) {
    const value = asked.get(field.id) ?? "";
    if ([...field.options].some((option) => option.value === value)) field.value = value;
  }
  if (maker) show();
})();
