// The dock's maps, all layers and what runs for a token; the page's rows and links that speak of a part; the walk.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

gallery.maps = (dock, inspector) => {
  const NS = "http://www.w3.org/2000/svg";
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const figure = () => inspector.ready(inspector.shown);
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  // A map is a slider: pointing at a place lights it, pressing chooses it, arrows go from place to place.
  const map = (box, { places, chosen, words, standing }) => {
    const svg = one("svg", box);
    const veil = document.createElementNS(NS, "path");
    veil.setAttribute("class", "scrim");
    svg.append(veil);
    const pointed = async (event) => {
      const { left, width } = box.getBoundingClientRect();
      const at = (event.clientX - left) / width;
      const where = await figure();
      return [where, places(where).findIndex(([, to]) => at < to)];
    };
    let asked = null;
    box.addEventListener("pointermove", async (event) => {
      if (event.pointerType === "touch") return;
      asked = event;
      const [where, index] = await pointed(event);
      if (asked === event && index >= 0) inspector.point(where, chosen(where, index));
    });
    box.addEventListener("pointerleave", () => { asked = null; inspector.point(null, null); });
    const choose = (where, index) => { stop(); inspector.choose(where, chosen(where, index), { from: "dock" }); };
    box.addEventListener("click", async (event) => {
      const [where, index] = await pointed(event);
      if (index >= 0) choose(where, index);
    });
    let last = -1;
    box.addEventListener("keydown", async (event) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -Infinity, End: Infinity }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const where = await figure();
      const count = places(where).length;
      const now = standing(where);
      last = Math.max(0, Math.min(count - 1, (now >= 0 ? now : step > 0 ? -1 : count) + step));
      choose(where, last);
    });
    inspector.changed((lit, where) => {
      const { width, height } = svg.viewBox.baseVal;
      if (!where?.parts) return;
      const spots = places(where);
      const on = lit?.own ? spots.map((_, index) => words.lit(where, lit, index)) : [];
      const some = on.some(Boolean);
      veil.setAttribute("d", some ? spots.flatMap(([from, to], index) => {
        const [x, wide] = [from * width, (to - from) * width];
        const covered = (top, high) => (high > 0 ? [`M${x} ${top}h${wide}v${high}h${-wide}z`] : []);
        if (!on[index]) return covered(0, height);
        const [top, high] = on[index] === true ? [0, height] : on[index];
        return [...covered(0, top), ...covered(top + high, height - top - high)];
      }).join("") : "");
      const now = standing(where);
      box.setAttribute("aria-valuemax", spots.length - 1);
      box.setAttribute("aria-valuenow", Math.max(0, now));
      box.setAttribute("aria-valuetext", now < 0 ? words.none : words.of(where, now));
    });
  };

  const cells = one(".cells", dock);
  map(cells, {
    places: ({ parts }) => parts.data.layers.map((_, layer, every) => [layer / every.length, (layer + 1) / every.length]),
    chosen: ({ parts }, layer) => inspector.at_layer(parts, layer),
    standing: () => inspector.state?.chosen.layer ?? -1,
    words: {
      none: "All layers",
      of: ({ parts }, layer) => `Layer ${layer}: ${parts.data.parts[parts.first(`${parts.data.stack}.${parts.data.layers[layer]}`)].name}`,
      lit: (_, { layer, layers, part }, index) => {
        if (!(layer === null ? layers?.includes(index) : layer === index)) return false;
        return gallery.slot(part.row, 10, 5, 1, [1, 1]); // as the strip is drawn
      },
    },
  });
  const pieces = ({ parts }) => parts.data.pieces.filter(({ active }) => active);
  const own = (parts, piece) => parts.first(piece.paths[0]);
  map(one(".pbar", dock), {
    places: (where) => {
      const found = pieces(where);
      const total = found.reduce((sum, { active }) => sum + active, 0);
      let from = 0;
      return found.map(({ active }) => [from / total, (from += active) / total]);
    },
    chosen: ({ parts }, index) => parts.chosen(own(parts, pieces({ parts })[index])),
    standing: ({ parts }) => pieces({ parts }).findIndex((piece) => piece.paths.some((path) => parts.first(path) === inspector.state?.chosen.own)),
    words: {
      none: "Everything",
      of: (where, index) => `${pieces(where)[index].name}, ${pieces(where)[index].active.toLocaleString("en")} parameters`,
      lit: (where, { own: path }, index) => pieces(where)[index].paths.some((each) => where.parts.first(each) === path || each.startsWith(`${path}.`) || path.startsWith(`${each}.`)) || covers(where.parts, path, pieces(where)[index].paths),
    },
  });
  // A layer or a group is all pieces that it holds.
  const covers = (parts, path, paths) => {
    const layers = parts.data.parts[path]?.at;
    const at = parts.layer_of(path);
    return Boolean(at && !at[2] && layers !== undefined && paths.some((each) => {
      const like = parts.layer_of(each);
      return like && parts.data.places[layers].includes(Number(like[1]));
    }));
  };

  // Rows and links of the page that speak of a part: pointing lights, pressing tells -------------------------------
  const address = (element) => element.dataset.part ?? decodeURIComponent(element.hash.slice(1));
  const spoken = (event) => event.target.closest?.("main [data-part], main a[href^='#']:not(.dock a)");
  const named = async (element) => {
    const first = address(element).split(" ")[0];
    if (!first || (!element.dataset.part && document.getElementById(first))) return null;
    const where = await figure();
    const found = where.parts.find(first);
    return found ? [where, found, first] : null;
  };
  document.addEventListener("pointerover", async (event) => {
    const element = event.pointerType === "touch" ? null : spoken(event);
    if (!element) return;
    const found = await named(element);
    if (!found || !element.matches(":hover")) return;
    inspector.point(found[0], found[1]);
    element.addEventListener("pointerleave", () => inspector.point(null, null), { once: true });
  });
  document.addEventListener("click", async (event) => {
    const element = spoken(event);
    if (!element || (element.dataset.part && event.target.closest("a, summary, button"))) return;
    const to = address(element).split(" ")[0];
    if (!element.dataset.part && (!to || document.getElementById(to))) return;
    event.preventDefault();
    stop();
    await inspector.ask(to);
  });
  inspector.changed((lit, where) => {
    for (const row of all("main [data-part]")) {
      const on = Boolean(lit?.own && where?.parts) && row.dataset.part.split(" ").some((each) => where.parts.first(each) === lit.own || lit.own.startsWith(`${where.parts.first(each)}.`));
      row.classList.toggle("lit", on);
    }
    for (const link of all("main a[href^='#']:not(.dock a)")) {
      const found = lit?.own && where?.parts ? where.parts.find(address(link)) : null;
      link.classList.toggle("lit", found?.own === lit?.own && Boolean(found));
    }
  });

  // Walk a token: the figure's steps, each with the part that it is about ---------------------------------------------
  const walk = one(".walk", dock);
  const [go, back, on, play, end] = ["go", "back", "on", "play", "end"].map((name) => one(`[data-walk=${name}]`, walk));
  const said = one("output", walk);
  let panels = null;
  let step = -1;
  const player = gallery.player(play, { to: (index) => to(index), at: () => step, count: () => panels.length });
  const stop = () => {
    if (step < 0) return;
    player.pause();
    step = -1;
    said.textContent = "";
    go.hidden = false;
    for (const button of [back, on, play, end]) button.hidden = true;
    for (const token of all(".over .token")) token.remove();
  };
  inspector.changed(Object.assign(() => {}, { pressed: stop }));

  // The token stands in the strip at the layer of the step, before it or behind it.
  const stand = (where, chosen, index) => {
    const { strip } = inspector.measured(where);
    const over = one(".over", where.svg);
    if (!strip || !over) return;
    const { depth, token, channel, stream } = gallery.strip(strip.element);
    const layer = chosen?.layer ?? chosen?.layers?.[0] ?? (index === 0 ? -0.7 : index === panels.length - 1 ? depth - 0.3 : depth / 2);
    const [x, y] = [strip.x + (layer + 0.5) * strip.w / depth, strip.y + token + 3 + channel + stream];
    let dot = one(".token", over);
    if (!dot) {
      dot = document.createElementNS(NS, "circle");
      dot.setAttribute("class", "token");
      dot.setAttribute("r", "6.5");
      over.append(dot);
    }
    dot.style.transform = `translate(${x}px, ${y}px)`;
    if (still.matches) dot.style.transition = "none";
  };
  const to = async (index) => {
    const where = await figure();
    panels ??= await gallery.load(/drawings\/.*(?=\.js$)/.exec(walk.dataset.source)[0], walk.dataset.source);
    step = Math.max(0, Math.min(panels.length - 1, index));
    const [text, path] = panels[step];
    const drawn = gallery.drawing(text);
    drawn.classList.add("step");
    drawn.setAttribute("aria-hidden", "true");
    const words = document.createElement("p");
    words.className = "lead-step";
    const title = document.createElement("b");
    title.textContent = `${one("title", drawn).textContent.replace(/^.*?: /, "")}. `;
    words.append(title, one("desc", drawn).textContent);
    const chosen = path ? where.parts.find(path) : null;
    inspector.choose(where, chosen, { above: [words, drawn], from: "walk" });
    stand(where, chosen, step);
    said.textContent = `${step + 1} of ${panels.length}`;
    go.hidden = true;
    for (const button of [back, on, end]) button.hidden = false;
    player.offer();
    back.setAttribute("aria-disabled", step === 0);
    on.setAttribute("aria-disabled", step === panels.length - 1);
  };
  go.addEventListener("click", async () => { await to(0); on.focus({ preventScroll: true }); });
  const go_by = (by) => { player.pause(); to(step + by); };
  on.addEventListener("click", () => go_by(1));
  back.addEventListener("click", () => go_by(-1));
  end.addEventListener("click", () => { stop(); inspector.clear(); go.focus({ preventScroll: true }); });
  dock.addEventListener("keydown", (event) => {
    if (step < 0 || event.target.closest("select, .map")) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    go_by(by);
  });
  return { stop };
};
