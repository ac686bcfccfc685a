// A model page: level of detail, zoom, search among tensors, the citation.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const stage = one("#stage");

  // Zoom ---------------------------------------------------------------------------------------
  const output = one(".zoom output");
  const zoom = gallery.zoom(stage, (scale) => { output.textContent = `${Math.round(scale * 100)}%`; });
  one("[data-zoom=in]").addEventListener("click", () => zoom.by(1.25));
  one("[data-zoom=out]").addEventListener("click", () => zoom.by(1 / 1.25));
  const figure = one("#figure");
  one("[data-zoom=fit]").addEventListener("click", () => { maps.stop(); inspector.clear(); zoom.fit(); figure.scrollIntoView({ block: "start", behavior: "instant" }); });
  const full = one("#full-screen");
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen(); else figure.requestFullscreen();
  });
  document.addEventListener("fullscreenchange", () => {
    full.textContent = document.fullscreenElement ? "Leave full screen" : "Full screen";
    zoom.reset();
    zoom.fit();
  });

  // What parts say of themselves: their file is loaded with the first that is asked for.
  const dock = one("#dock");
  const inspector = gallery.inspector(dock, { page: true });
  const parts = () => gallery.load(`parts/${figure.dataset.model}`, "parts.js");
  inspector.zoomed(() => { if (zoom.small()) zoom.reset(); }); // what is asked for is read at its own size

  // Level of detail ------------------------------------------------------------------------------
  const drawings = all(".drawing", stage);
  let shown = null;
  const show = () => {
    const drawing = drawings.find((one) => one.checkVisibility());
    if (drawing === shown) return;
    shown = drawing;
    for (const button of all("[data-level]", one(".tool"))) {
      button.setAttribute("aria-pressed", button.dataset.level === drawing.dataset.level);
    }
    zoom.drawing(one("svg", drawing));
    inspector.prepare(one("svg", drawing), parts, figure.dataset.model);
  };

  // The style sheet shows the figure that fits; who chooses that one lets it follow the width again.
  const level = async (name) => {
    const drawing = drawings.find((one) => one.dataset.level === name);
    try {
      await gallery.fill(drawing);
    } catch {
      location.href = "figure.svg"; // the file beside the page says most of it
      return;
    }
    delete stage.dataset.level;
    if (!drawing.checkVisibility()) stage.dataset.level = name;
    show();
  };
  for (const button of all("[data-level]", one(".tool"))) {
    button.addEventListener("click", () => level(button.dataset.level));
  }
  const maps = gallery.maps(dock, inspector);
  const asked = () => { const part = decodeURIComponent(location.hash.slice(1)); if (part && !document.getElementById(part)) inspector.ask(part, inspector.shown, { from: "load", behavior: "instant" }); };
  let first = true;
  new ResizeObserver(() => { show(); if (first) asked(); first = false; }).observe(figure); // told the first time as soon as the page is laid out
  addEventListener("hashchange", asked);

  // A block of the tower is asked in the figure; the contents say where the reader is.
  one(".at-a-glance").addEventListener("click", (event) => {
    const path = event.target.closest("[data-path]")?.dataset.path;
    if (path) location.hash = path;
  });
  const contents = new Map(all(".on-page a").map((link) => [document.getElementById(link.hash.slice(1)), link]));
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      contents.get(target).toggleAttribute("data-seen", isIntersecting);
    }
    const current = [...contents.values()].find((link) => "seen" in link.dataset);
    for (const link of contents.values()) {
      if (link === current) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-215px 0px -40% 0px" });
  for (const section of contents.keys()) watch.observe(section);

  // Tensors ---------------------------------------------------------------------------------------
  const rows = all("#tensor-table tbody tr");
  one("#tensor-search").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });

  // What changed since the nearest ancestor: drawn when it is asked for ------------------------------
  const changed = one("#from .changed");
  if (changed) gallery.fitting(changed);

  // Taking away -----------------------------------------------------------------------------------
  const site = new URL(document.documentElement.dataset.root, location.href);
  const line = one("#embed");
  if (site.protocol !== "file:") line.textContent = line.textContent.replace(/src="[^"]*(?=embed\/)/, () => `src="${site.href}`);
  const cited = one("#cite pre");
  if ("placeless" in cited.dataset && site.protocol !== "file:" && !/^(localhost|127\.|\[::1\])/.test(site.host)) {
    cited.textContent = cited.textContent.replace(/(url +)= \{.*\}/, (_, name) => `${name}= {${location.origin}${location.pathname}}`);
  }
  const png = one("#save-png");
  png.addEventListener("click", async () => {
    const made = gallery.standalone([one("svg", shown)], [], await gallery.faces());
    gallery.save(await gallery.png(made, 2), `${location.pathname.split("/").at(-2)}.png`);
  });
  const id = figure.dataset.model;
  const saved = (text, name) => gallery.save(new Blob([text], { type: "image/svg+xml" }), `${id}-${name}.svg`);

  // An image in another theme; without a server the browser shows it.
  const themed = async (link) => {
    const { ofTheme: theme } = link.dataset;
    const file = link.getAttribute("href").split("#")[0];
    try {
      const answer = await fetch(file);
      if (!answer.ok) throw new Error(answer.statusText);
      saved(gallery.inTheme(await answer.text(), theme), `${file.replace(".svg", "")}-${theme}`);
    } catch {
      location.href = link.href;
    }
  };

  // Drawings that pages alone have, as files.
  const taken = {
    full: async () => {
      const drawing = drawings.find((one) => one.dataset.level === "full");
      await gallery.fill(drawing);
      return [one("svg", drawing)];
    },
    steps: async () => {
      const name = `drawings/${id}-steps`;
      const box = document.createElement("div");
      box.hidden = true;
      for (const [panel] of await gallery.load(name, `${document.documentElement.dataset.root}${name}.js`)) box.append(gallery.drawing(panel));
      figure.append(box);
      return all("svg", box);
    },
  };
  one("#downloads").addEventListener("click", async (event) => {
    const link = event.target.closest("[data-of-theme]");
    const made = event.target.closest("[data-made]")?.dataset.made;
    const { lettered: kept, theme } = event.target.closest("[data-lettered]")?.dataset ?? {};
    if (link) {
      event.preventDefault();
      await themed(link);
    }
    if (kept) {
      const { root } = document.documentElement.dataset;
      const image = await (await gallery.load("letters", `${root}static/letters.js`))(root, id, kept);
      saved(theme ? gallery.inTheme(image, theme) : image, theme ? `${kept}-${theme}` : kept);
    }
    if (!made) return;
    const held = await taken[made]();
    const walked = made === "steps"; // whose panels have titles
    const heads = walked ? [] : [one("h1").textContent]; // which a figure in its page leaves out
    saved(gallery.standalone(held, heads, await gallery.faces()).text, walked ? made : `figure-${made}`);
    if (walked) held[0].parentElement.remove();
  });
  const copy = one("#copy");
  copy.addEventListener("click", () => gallery.copy(copy, cited.textContent, cited));
})();
