// The figures of compared models in detail: side by side, zoomed and scrolled together, what differs from the first marked.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const { one, all, make, lettered, letter } = gallery.page;
  const root = document.documentElement.dataset.root;
  let shown = [];
  let level = "phone"; // what has room beside another
  let zooms = [];
  const inspector = gallery.inspector(one("#dock"));

  // What a drawing says, without where it is read from: two configs may state one fact under different keys.
  const said = (element) => element.textContent.replace(/ \([^)]*(?:stated|implied|assumed|derived|published)\)/g, "")
    .split("\n").filter((line, i) => i === 0 || line.includes(": ")).join("\n");
  const sayings = (svg) => all("[data-path]:not(text)", svg).flatMap((block) => {
    const told = one(":scope > title", block);
    return told ? [[block, said(told)]] : [];
  });

  const mark = () => {
    const drawings = all("#figures svg.drawn");
    const first = drawings.length ? new Set(sayings(drawings[0]).map(([, text]) => text)) : new Set();
    drawings.forEach((svg, i) => {
      for (const [element, text] of sayings(svg)) {
        element.classList.toggle("differs", i > 0 && one("#marks").checked && !first.has(text));
      }
    });
  };

  const together = (stages) => { // what is scrolled to in one figure is scrolled to in all
    let leading = null;
    for (const stage of stages) {
      stage.addEventListener("pointerenter", () => { leading = stage; });
      stage.addEventListener("focus", () => { leading = stage; });
      stage.addEventListener("scroll", () => {
        if (leading && leading !== stage) return;
        const [u, v] = [stage.scrollLeft / (stage.scrollWidth - stage.clientWidth || 1), stage.scrollTop / (stage.scrollHeight - stage.clientHeight || 1)];
        for (const other of stages) {
          if (other !== stage) other.scrollTo(u * (other.scrollWidth - other.clientWidth), v * (other.scrollHeight - other.clientHeight));
        }
      });
    }
  };

  const figures = async () => {
    const models = shown;
    const texts = await Promise.all(models.map(({ id }) => gallery.load(`drawings/${id}-${level}`, `${root}drawings/${id}-${level}.js`)));
    const stages = [];
    if (models !== shown) return; // chosen anew meanwhile
    inspector.clear();
    one("#figures").replaceChildren(...models.map((model, i) => {
      const stage = make("div", { class: "stage paper", tabindex: "0", role: "group", "aria-label": `Figure of ${model.name}; plus and minus zoom, arrows move, 0 fits` });
      stage.append(gallery.drawing(texts[i]));
      inspector.prepare(one("svg", stage), () => gallery.load(`parts/${model.id}`, `${root}models/${model.id}/parts.js`), model.id, `${letter(i)}, ${model.name}`);
      stages.push(stage);
      const name = make("a", { href: `${root}models/${model.id}/index.html` }, model.name);
      return make("li", {}, make("p", {}, lettered(i), name, make("time", { class: "n", datetime: model.released }, model.day)), stage);
    }));
    let leading = false;
    const output = one(".zoom output");
    zooms = stages.map((stage) => gallery.zoom(stage, (scale) => {
      output.textContent = `${Math.round(scale * 100)}%`;
      if (leading) return;
      leading = true;
      zooms.forEach((zoom, i) => { if (stages[i] !== stage) zoom.to(scale); });
      leading = false;
    }));
    leading = true;
    zooms.forEach((zoom, i) => zoom.drawing(one("svg", stages[i])));
    leading = false;
    together(stages);
    for (const button of all("[data-level]", one("#tool"))) button.setAttribute("aria-pressed", button.dataset.level === level);
    mark();
  };

  for (const button of all("[data-level]", one("#tool"))) {
    button.addEventListener("click", () => { level = button.dataset.level; figures(); });
  }
  one("[data-zoom=in]").addEventListener("click", () => zooms[0]?.by(1.25));
  one("[data-zoom=out]").addEventListener("click", () => zooms[0]?.by(1 / 1.25));
  one("[data-zoom=fit]").addEventListener("click", () => { for (const zoom of zooms) zoom.fit(); });
  one("#marks").addEventListener("change", mark);

  // They are loaded when one comes near, or prints.
  const near = new IntersectionObserver((seen) => { if (seen.at(-1).isIntersecting) draw(); }, { rootMargin: "400px" });
  const draw = () => {
    near.disconnect();
    return figures();
  };
  gallery.figures = (models) => {
    shown = models;
    one("#figures").replaceChildren();
    near.disconnect();
    near.observe(one("#figures"));
  };
  addEventListener("beforeprint", () => { if (shown.length && !one("#figures svg")) draw(); });
})();
