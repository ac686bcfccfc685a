// A sheet with many models: zoom, find a model by its name, and a press on a name opens its page.
"use strict";

(() => {
  const stage = document.getElementById("stage");
  const find = document.getElementById("find");
  const links = new Map([...document.querySelectorAll("#named a")].map((link) => [link.textContent, link]));
  const names = [...document.querySelectorAll(".drawing-sheet text[data-name]")];

  const drawing = document.querySelector(".drawing-sheet > .drawn");
  const dates = document.querySelector(".axis.dates"); // above the timeline, as wide as it is
  const [TYPE, LEAST] = [11.5, 6]; // px of a name's type on the timeline, and of what of it can be read

  const zoom = gallery.zoom(stage, (scale) => {
    document.querySelector(".zoom output").textContent = `${Math.round(scale * 100)}%`;
    if (dates) dates.style.width = scale === 1 ? "" : `${drawing.getBoundingClientRect().width}px`;
    stage.classList.toggle("near", (TYPE * drawing.getBoundingClientRect().width) / drawing.viewBox.baseVal.width >= LEAST);
  });
  zoom.drawing(drawing);
  document.querySelector(".sheet-bar .zoom").addEventListener("click", (event) => {
    const wanted = event.target.dataset.zoom;
    if (wanted === "fit") zoom.fit(); else if (wanted) zoom.by(wanted === "in" ? 1.5 : 1 / 1.5);
  });

  stage.addEventListener("click", (event) => {
    const name = event.target.closest("[data-name]")?.dataset.name;
    if (links.has(name)) location.assign(links.get(name).href);
  });

  // Enough larger that the name can be read, and in the middle of the box.
  const READABLE = 12;
  find.addEventListener("input", () => {
    for (const name of names) name.classList.remove("on");
    const wanted = find.value.trim().toLowerCase();
    const called = (test) => names.find((name) => test(name.dataset.name.toLowerCase()));
    const found = wanted && (called((name) => name === wanted) ?? called((name) => name.includes(wanted)));
    if (!found) return;
    found.classList.add("on");
    const height = found.getBoundingClientRect().height;
    if (height < READABLE) zoom.by((1.4 * READABLE) / height);
    const [box, place] = [stage.getBoundingClientRect(), found.getBoundingClientRect()];
    stage.scrollLeft += place.left + place.width / 2 - box.left - box.width / 2;
    stage.scrollTop += place.top - box.top - box.height / 3;
  });
})();
