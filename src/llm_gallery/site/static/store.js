// Data that pages load as scripts, for nothing can be fetched when a page is opened from disk.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const held = new Map(); // what a file gave, by its name
  const asked = new Map(); // promises, by the file's address

  gallery.take = (name, data) => held.set(name, data);

  // Data as `site/render.py` packs them: JSON, deflated, in base64.
  gallery.packed = (name, text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const opened = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    held.set(name, new Response(opened).json());
  };

  // What the file at `source` gives under `name`; it is loaded once.
  gallery.load = (name, source) => {
    if (!asked.has(source)) {
      asked.set(source, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = source;
        script.addEventListener("load", () => {
          if (held.has(name)) done(held.get(name)); else failed(new Error(`${source} doesn't hold ${name}`));
        });
        script.addEventListener("error", () => failed(new Error(`${source} can't be loaded`)));
        document.head.append(script);
      }));
    }
    return asked.get(source);
  };

  // An SVG kept as text, as an element of this page.
  gallery.drawing = (text) =>
    document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);

  // Fills a place with the drawing that its data-source names, of several the one of its level, once.
  gallery.fill = async (place) => {
    const source = place.dataset.source;
    if (!source || place.querySelector("svg")) return;
    const name = /drawings\/.*(?=\.js$)/.exec(source)[0];
    const drawn = await gallery.load(name, source);
    place.replaceChildren(gallery.drawing(typeof drawn === "string" ? drawn : drawn[place.dataset.level]));
  };

  // Of the places in a box the style sheet shows the one for its room: that one is filled.
  gallery.fitting = (box) => {
    new ResizeObserver(() => {
      const place = [...box.children].find((one) => one.checkVisibility());
      if (place) gallery.fill(place);
    }).observe(box);
  };
})();
