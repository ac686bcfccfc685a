// The living figure: one chosen part, read by figure, strip, parameter bar, facts, prose and the dock beside them.
// Pointing lights, pressing tells. Lighting is a veil of paper over the figure with holes where the part stands.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

// How a drawing's strip stands: how many layers, px of both tracks, px to the stream.
gallery.strip = (element) => {
  const [depth, token, channel, stream] = element.dataset.strip.split(" ");
  return { depth: Number(depth), token: Number(token), channel: Number(channel), stream: Number(stream) };
};

// From where and how high a part stands in a cell of two tracks; blocks side by side in a layer share their track.
gallery.slot = (row, token, channel, between, gaps) => {
  const whole = token + between + channel;
  if (!row) return [0, whole];
  const [start, high, gap] = row.track === "both" ? [0, whole, gaps[0]] : row.track === 0 ? [0, token, gaps[0]] : [token + between, channel, gaps[1]];
  const each = (high - gap * (row.of - 1)) / row.of;
  return [start + row.index * (each + gap), each];
};

// What a model's file holds, by every address that a part may be asked for.
gallery.parts = (data) => {
  const layer_of = (path) => (data.stack && path.startsWith(`${data.stack}.`) ? /^(\d+)(?:\.(.*))?$/.exec(path.slice(data.stack.length + 1)) : null);
  const above = data.stack.includes(".") ? data.stack.slice(0, data.stack.lastIndexOf(".") + 1) : "";
  const equal = new Map(); // the first of equal parts, by the place in a layer and its layers
  for (const [path, part] of Object.entries(data.parts)) {
    const at = layer_of(path);
    if (at && part.at !== undefined) {
      const key = `${at[2] ?? ""}|${part.at}`;
      if (!equal.has(key)) equal.set(key, path);
    }
  }
  const first = (path) => {
    const at = layer_of(path);
    const part = data.parts[path];
    return at && part?.at !== undefined ? equal.get(`${at[2] ?? ""}|${part.at}`) : path;
  };
  const short = (path) => (above && path.startsWith(above) ? path.slice(above.length) : path);
  const layers = (part) => (part.at === undefined ? null : data.places[part.at]);

  // A part by a path in the checkpoint or what is left of it without the model's name, and its step behind a colon.
  const find = (address) => {
    const [asked, slug] = address.split(":");
    if (!asked) return null;
    for (const path of [asked, above + asked]) {
      let known = path in data.parts ? path : null;
      let layer = null;
      const at = layer_of(path);
      if (at && Number(at[1]) < data.layers.length) {
        const like = data.layers[Number(at[1])];
        if (!known) known = `${data.stack}.${like}${at[2] ? `.${at[2]}` : ""}`;
        if (like !== Number(at[1])) layer = Number(at[1]);
      }
      if (known && data.parts[known]) {
        const step = slug ? data.operations.find((one) => one[1] === slug) : null;
        return chosen(first(known), layer, step);
      }
    }
    return null;
  };

  const names = new Map(); // where a part's parts are
  for (const path of Object.keys(data.parts)) {
    for (let at = path.lastIndexOf("."); at > 0; at = path.lastIndexOf(".", at - 1)) {
      const around = path.slice(0, at);
      if (!data.parts[around]) continue;
      names.set(path, around);
      break;
    }
  }

  const chosen = (path, layer = null, step = null) => {
    const part = data.parts[path];
    const whose = (own) => (layer === null ? own : own.replace(new RegExp(`^(${data.stack.replace(/\./g, "\\.")})\\.\\d+`), `$1.${layer}`));
    const here = whose(path);
    const around = names.get(path);
    const held = around && around !== data.stack && data.parts[around].flow.length && (layer !== null || layer_of(around)?.[2] !== undefined) ? { name: layer !== null && layer_of(around)?.[2] === undefined ? `layer ${layer}` : data.parts[around].name, address: short(whose(around)) } : null;
    const inside = [...names].filter(([, of]) => of === path).map(([inner]) => [data.parts[inner].name, short(whose(inner))]);
    const lone = layer !== null && !layer_of(path)?.[2];
    return {
      path: here, own: path, layer, layers: path === data.stack ? data.layers.map((_, at) => at) : layers(part), above: held, inside,
      part: lone ? { ...part, name: `Layer ${layer}: ${part.name.replace(/ layer$/, "")}` } : part,
      step: step ? { name: step.title ?? step[0], slug: step[1], says: step[2], concept: step[3] } : null,
      address: short(here),
    };
  };
  const whole = { path: "", own: "", layer: null, layers: null, above: null, inside: [], part: data.whole, step: null, address: "" };

  // What a drawing's words for a step mean; the longest beginning holds.
  const step = (words, part) => {
    if (!words || !part || words.toLowerCase() === part.name.toLowerCase()) return null;
    const fits = data.operations.filter(([title]) => words.startsWith(title)).sort((a, b) => b[0].length - a[0].length)[0];
    return fits && part.flow.length > 0 ? Object.assign([...fits], { title: words.replace(/^[a-z]/, (letter) => letter.toUpperCase()) }) : null;
  };
  return { data, find, first, chosen, whole, layers, layer_of, step, above: (path) => names.get(path) };
};

// `dock` shows the answer; `page` says that the part that is told stands in the page's address.
gallery.inspector = (dock, { page = false } = {}) => {
  const NS = "http://www.w3.org/2000/svg";
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const narrow = matchMedia("(max-width: 1127px)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const told = one(".told-now", dock);
  const first = [...told.childNodes];
  const figures = new Map(); // what is known of each drawing
  let shown = null; // the figure that is in view
  let state = null; // {figure, chosen} that is told
  let over = null; // {figure, chosen} that is pointed at
  let at = 1; // which length compute is told for
  let answer = null; // what makes the words, loaded with the first parts
  let lead = []; // what stands over the answer
  const changes = [];
  const live = dock.closest(".live, #steps"); // a sheet is there while this is in the middle of the window
  const EDGE = 0.3; // of the window's height, above and below its middle
  const in_middle = ({ top, bottom }) => top < innerHeight * (1 - EDGE) && bottom > innerHeight * EDGE;

  const shape = (name, attributes = {}) => {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // Places ------------------------------------------------------------------------------------------------
  // Every box of a drawing in its own units: blocks with paths, frames round them, the strip, the bars.
  const measured = (figure) => {
    if (figure.boxes) return figure.boxes;
    const { svg } = figure;
    const into = svg.getScreenCTM().inverse();
    const box = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { element, x: left * into.a + into.e, y: top * into.d + into.f, w: width * into.a, h: height * into.d, r: Number(element.getAttribute("rx") ?? 0) };
    };
    const blocks = all("[data-path]:not(text)", svg).map(box);
    const strip = one("[data-strip]", svg);
    const within = (a, b) => b.x >= a.x - 1 && b.y >= a.y - 1 && b.x + b.w <= a.x + a.w + 1 && b.y + b.h <= a.y + a.h + 1;
    const frames = all("rect:not([data-path], [data-strip])", svg).filter((rect) => Number(rect.getAttribute("width")) > 150 && Number(rect.getAttribute("height")) > 60)
      .map(box).map((frame) => ({ ...frame, held: blocks.filter((block) => within(frame, block)) })).filter(({ held }) => held.length);
    const bars = all("rect:not([data-path], [data-strip])", svg).filter((rect) => / of [\d,]+ parameters$/.test(rect.querySelector("title")?.textContent ?? "")).map(box);
    figure.boxes = { blocks, frames, bars, strip: strip ? box(strip) : null };
    return figure.boxes;
  };

  // What a frame is of: the one part that holds all blocks inside it.
  const framed = (figure, frame) => {
    if (frame.part !== undefined) return frame.part;
    const { parts } = figure;
    const lines = frame.held.map(({ element }) => {
      const line = [];
      for (let path = parts.first(element.dataset.path); path && parts.data.parts[path]; path = parts.above(path)) line.push(parts.first(path));
      return line;
    });
    const common = lines[0].find((path) => lines.every((line) => line.includes(path)));
    frame.part = common && common !== parts.data.stack && parts.data.parts[common].flow.length ? common : null;
    return frame.part;
  };

  const step_of = (figure, element) => {
    const words = (one(":scope > title", element)?.textContent ?? "").split("\n")[0];
    return figure.parts.step(words, figure.parts.data.parts[figure.parts.first(element.dataset.path)]);
  };

  // Of the strip the cells of some layers, of both tracks or of one.
  const cells = (strip, layers, row) => {
    const { depth, token, channel } = gallery.strip(strip.element);
    const pitch = strip.w / depth;
    const gap = Math.min(2, pitch / 6);
    const [from, across] = gallery.slot(row, token, channel, 3, [3, 1]);
    return layers.map((layer) => ({ x: strip.x + layer * pitch, y: strip.y + from, w: pitch - gap, h: across, r: 0, small: true }));
  };

  const places = (figure, { own, step, layer, layers, part }) => {
    if (!own) return [];
    const { parts } = figure;
    const { blocks, frames, bars, strip } = measured(figure);
    const found = blocks.filter(({ element }) => {
      const paths = [element.dataset.path, ...(element.dataset.also ?? "").split(" ")];
      if (!paths.some((path) => path && parts.first(path) === own)) return false;
      const said = step_of(figure, element);
      return step ? said?.[1] === step.slug : !said;
    });
    if (!step) found.push(...frames.filter((frame) => framed(figure, frame) === own));
    if (strip && layers) found.push(...cells(strip, layer === null ? layers : [layer], part.row));
    if (layers && parts.layer_of(own) && !parts.layer_of(own)[2]) { // of a layer all that stands in it
      const place = layer ?? layers[0];
      found.push(...blocks.filter(({ element }) => parts.layers(parts.data.parts[parts.first(element.dataset.path)] ?? {})?.includes(place)).map((spot) => ({ ...spot, small: true })));
    }
    if (!step) {
      const pieces = parts.data.pieces.filter(({ paths }) => paths.some((path) => parts.first(path) === own || path.startsWith(`${own}.`))).map(({ shown }) => shown);
      found.push(...bars.filter(({ element }) => pieces.some((name) => one("title", element).textContent.startsWith(`${name}: `))).map((bar) => ({ ...bar, small: true })));
    }
    // A hole in a hole would be a veil again.
    const holds = (a, b) => a !== b && b.x >= a.x && b.y >= a.y && b.x + b.w <= a.x + a.w && b.y + b.h <= a.y + a.h;
    return found.filter((spot, at) => !found.some((other, index) => holds(other, spot) && (index < at || !holds(spot, other))));
  };

  // Lighting ---------------------------------------------------------------------------------------------
  const hole = ({ x, y, w, h, r, small }) => {
    const grow = small ? 1 : 3;
    const q = Math.min(r + grow, (h + 2 * grow) / 2, (w + 2 * grow) / 2);
    const [wide, high] = [w + 2 * grow - 2 * q, h + 2 * grow - 2 * q];
    return `M${x - grow + q} ${y - grow}h${wide}q${q} 0 ${q} ${q}v${high}q0 ${q} ${-q} ${q}h${-wide}q${-q} 0 ${-q} ${-q}v${-high}q0 ${-q} ${q} ${-q}z`;
  };
  const veil = (figure, spots) => {
    const { svg } = figure;
    figure.over ??= svg.appendChild(shape("g", { class: "over", "aria-hidden": "true" }));
    const token = one(".token", figure.over);
    const { x, y, width, height } = svg.viewBox.baseVal;
    const holes = spots.map(hole).join("");
    figure.over.replaceChildren(...(spots.length ? [
      shape("path", { class: "scrim", "fill-rule": "evenodd", d: `M${x} ${y}h${width}v${height}h${-width}z${holes}` }),
      ...spots.filter(({ small }) => !small).map((spot) => shape("path", { class: "ring", d: hole(spot) })),
    ] : []), ...(token ? [token] : []));
  };

  const light = () => {
    const lit = over ?? state;
    for (const figure of figures.values()) {
      if (!figure.svg.isConnected) {
        if (figure.over) figures.delete(figure.svg); // gone from the page: others aren't in it yet
        continue;
      }
      if (!figure.parts) continue;
      let chosen = lit?.chosen ?? null;
      if (chosen && lit.figure !== figure) chosen = twin(figure, lit);
      veil(figure, chosen ? places(figure, chosen) : []);
    }
    for (const change of changes) change(lit?.chosen ?? null, lit?.figure ?? shown);
  };

  // The part of another figure that stands at the same place: of a model beside, or of another level of detail.
  const twin = (figure, { figure: from, chosen }) => {
    if (figure.parts === from.parts) return chosen;
    const name = chosen.own.split(".").at(-1);
    const like = Object.entries(figure.parts.data.parts).find(([path, part]) => path === chosen.own || (path.endsWith(`.${name}`) && part.colour === chosen.part.colour && part.row?.track === chosen.part.row?.track));
    return like ? figure.parts.chosen(figure.parts.first(like[0]), null, null) : null;
  };

  // The answer ---------------------------------------------------------------------------------------------
  const tell = () => {
    dock.classList.toggle("telling", Boolean(state));
    if (!state) { told.replaceChildren(...lead, ...first); return; }
    told.replaceChildren(...lead, ...answer(state.figure.parts.data, state.chosen, {
      model: state.figure.model, whose: state.figure.whose, at, ask: (address) => ask(address, state.figure), retell: (length) => { at = length; tell(); one("select", told)?.focus(); },
    }));
  };

  const bring = (figure, behavior) => { // the part into the window: never so far that the dock leaves
    const spots = places(figure, state.chosen).filter(({ small }) => !small);
    const spot = (spots.length ? spots : places(figure, state.chosen)).sort((a, b) => a.y - b.y)[0];
    if (!spot) return;
    const { svg } = figure;
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    const stage = svg.closest(".stage, .drawn-steps");
    const frame = stage.getBoundingClientRect();
    const left = box.left + (spot.x - svg.viewBox.baseVal.x) * scale;
    if (left < frame.left || left + spot.w * scale > frame.right) stage.scrollLeft += left + (spot.w * scale) / 2 - frame.left - frame.width / 2;
    const high = Math.min(stage.scrollHeight - stage.clientHeight, Math.max(0, box.top + (spot.y - svg.viewBox.baseVal.y) * scale - frame.top + stage.scrollTop - frame.height / 3));
    if (stage.scrollHeight > stage.clientHeight + 1) stage.scrollTop = high;
    const top = svg.getBoundingClientRect().top + (spot.y - svg.viewBox.baseVal.y) * scale;
    const head = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--top")) + 16;
    const low = narrow.matches ? innerHeight - dock.offsetHeight : innerHeight; // where the sheet stands once it has come
    const room = low - head;
    const whole = (dock.closest(".live") ?? stage).getBoundingClientRect();
    const away = narrow.matches && live && !in_middle(live.getBoundingClientRect());
    if (!away && top >= head && top + Math.min(spot.h * scale, room) <= low) return;
    const by = top - head - Math.max(0, (room - spot.h * scale) / 2);
    const most = narrow.matches ? by : whole.bottom - innerHeight;
    scrollBy({ top: Math.max(Math.min(by, most), Math.min(by, whole.top - head)), behavior: behavior ?? (still.matches ? "instant" : "smooth") });
  };

  const choose = (figure, chosen, { from = "", behavior, above = [] } = {}) => {
    over = null;
    lead = above;
    state = chosen?.own ? { figure, chosen } : null;
    tell();
    light();
    told.scrollTop = 0;
    if (page && from !== "load") {
      const part = chosen?.own ? `#${chosen.address}${chosen.step ? `:${chosen.step.slug}` : ""}` : location.pathname + location.search;
      try { history.replaceState(null, "", part); } catch { /* refused for some files from disk */ }
    }
    if (!state) return;
    if (narrow.matches) zoomed?.(figure);
    if (from !== "figure" || narrow.matches) bring(figure, behavior);
  };
  let zoomed = null;

  const clear = () => choose(shown, null);

  const ready = async (figure) => {
    if (!figure.parts) {
      figure.asked ??= figure.load();
      [answer] = await Promise.all([gallery.load("answer", `${document.documentElement.dataset.root}static/answer.js`), figure.asked]);
      const data = await figure.asked;
      if (figure.parts) return figure; // asked for twice meanwhile
      figure.parts = known(data);
      framesToo(figure);
      for (const change of changes) change(state?.chosen ?? null, figure);
      for (const other of figures.values()) if (!other.parts && other.svg.isConnected && other.whose) ready(other).then(light);
    }
    return figure;
  };
  // A frame that is of one part is a stop of the keyboard, too: its block may not be drawn.
  const framesToo = (figure) => {
    const { frames } = measured(figure);
    const shown = new Set(figure.stops?.filter((block) => block.dataset.path && !step_of(figure, block)).map((block) => figure.parts.first(block.dataset.path)));
    for (const frame of frames) {
      const path = framed(figure, frame);
      if (!path || shown.has(path)) continue;
      const { element } = frame;
      element.setAttribute("role", "button");
      element.setAttribute("tabindex", "-1");
      element.setAttribute("aria-label", figure.parts.data.parts[path].name);
      figure.stops = [...figure.stops, element].sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    }
  };
  const read = new Map();
  const known = (data) => {
    if (!read.has(data)) read.set(data, gallery.parts(data));
    return read.get(data);
  };

  // By an address; false where no part has it.
  const ask = async (address, figure = shown, how = {}) => {
    if (!figure) return false;
    await ready(figure);
    const found = figure.parts.find(address);
    if (found) choose(figure, found, how);
    return Boolean(found);
  };

  // Pointing and pressing --------------------------------------------------------------------------------------
  const inside = (box, x, y) => x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;
  const pointed = (figure, event) => {
    const { svg, parts } = figure;
    const block = event.target.closest("[data-path]");
    if (block) {
      const path = parts.first(block.dataset.path);
      if (!parts.data.parts[path]) return null;
      const chosen = parts.chosen(path, null, block.matches("text") ? null : step_of(figure, block));
      const also = (block.dataset.also ?? "").split(" ").filter((other) => parts.data.parts[parts.first(other)]);
      return { ...chosen, also: also.map((other) => parts.chosen(parts.first(other))) };
    }
    if (event.clientX === undefined) { // by keyboard
      const frame = measured(figure).frames.find(({ element }) => element === event.target);
      return frame ? parts.chosen(framed(figure, frame)) : null;
    }
    const into = svg.getScreenCTM().inverse();
    const [x, y] = [event.clientX * into.a + into.e, event.clientY * into.d + into.f];
    const { frames, bars, strip } = measured(figure);
    if (strip && inside(strip, x, y)) {
      const { depth } = gallery.strip(strip.element);
      const layer = Math.min(depth - 1, Math.floor((x - strip.x) / strip.w * depth));
      return at_layer(parts, layer);
    }
    const bar = bars.find((one) => inside(one, x, y));
    if (bar) {
      const piece = parts.data.pieces.find(({ shown }) => one("title", bar.element).textContent.startsWith(`${shown}: `));
      return piece ? parts.chosen(parts.first(piece.paths[0])) : null;
    }
    const frame = frames.filter((one) => inside(one, x, y)).sort((a, b) => a.w * a.h - b.w * b.h)[0];
    const held = frame && framed(figure, frame);
    return held ? parts.chosen(held) : null;
  };

  // A layer, or the chosen part there, where that layer has it.
  const at_layer = (parts, layer) => {
    const { data } = parts;
    const own = state?.chosen.own;
    const part = own && data.parts[own];
    if (part?.at !== undefined && parts.layer_of(own)[2] && data.places[part.at].includes(layer)) return parts.chosen(own, layer, null);
    return parts.chosen(parts.first(`${data.stack}.${data.layers[layer]}`), layer);
  };

  // Makes a drawing of a model live; `load` gives its parts, `whose` is said where several models stand side by side.
  const prepare = (svg, load, model = null, whose = "") => {
    if (!svg || figures.has(svg)) { shown = figures.get(svg) ?? shown; light(); return; }
    const figure = { svg, load, model, whose };
    figures.set(svg, figure);
    shown = figure;
    const blocks = all("[data-path]:not(text)", svg);
    const strip = blocks.length ? null : one("[data-strip]", svg);
    if (!blocks.length && !strip) return;
    figure.stops = strip ? [strip] : blocks;
    svg.classList.add("living");
    svg.setAttribute("role", "group");
    svg.setAttribute("tabindex", "-1"); // one that listens for focus would be a stop of its own
    svg.setAttribute("aria-label", `${one("title", svg)?.textContent ?? "Figure"}; arrows move from part to part, Enter keeps one`);
    blocks.forEach((block, index) => {
      block.setAttribute("tabindex", index ? "-1" : "0");
      block.setAttribute("role", "button");
      block.setAttribute("aria-label", (one("title", block)?.textContent ?? "").split("\n")[0] || block.dataset.path);
    });
    if (strip) layered(figure, strip);
    let asked = null; // where the pointer is while the parts are loaded
    const place = ({ target, clientX, clientY }) => ({ target, clientX, clientY }); // in a shadow tree an event forgets its target
    const point = async (event) => {
      if (event.pointerType === "touch") return;
      const spot = place(event);
      asked = spot;
      await ready(figure);
      if (asked !== spot) return;
      const chosen = pointed(figure, spot);
      if (over?.figure === figure && same(over.chosen, chosen)) return;
      over = chosen ? { figure, chosen } : null;
      light();
    };
    svg.addEventListener("pointermove", point);
    svg.addEventListener("pointerleave", () => { asked = null; if (over) { over = null; light(); } });
    svg.addEventListener("click", async (event) => {
      const spot = place(event);
      await ready(figure);
      shown = figure;
      changes.forEach((change) => change.pressed?.());
      choose(figure, pointed(figure, spot), { from: "figure" });
    });
    svg.addEventListener("focusin", async (event) => {
      const block = event.target;
      if (!figure.stops.includes(block) || !block.matches(":focus-visible")) return;
      for (const other of figure.stops) other.setAttribute("tabindex", other === block ? "0" : "-1");
      await ready(figure);
      if (document.activeElement !== block && !block.getRootNode().host) return;
      over = { figure, chosen: pointed(figure, { target: block }) };
      light();
    });
    svg.addEventListener("focusout", () => { if (over) { over = null; light(); } });
    svg.addEventListener("keydown", async (event) => {
      const block = event.target;
      const { stops } = figure;
      const index = stops.indexOf(block);
      if (index < 0) return;
      const to = { ArrowRight: index + 1, ArrowDown: index + 1, ArrowLeft: index - 1, ArrowUp: index - 1, Home: 0, End: stops.length - 1 }[event.key];
      if (to !== undefined) stops[(to + stops.length) % stops.length].focus();
      else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.stopPropagation();
        await ready(figure);
        shown = figure;
        changes.forEach((change) => change.pressed?.());
        choose(figure, pointed(figure, { target: block }), { from: "figure" });
        return;
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    light();
  };
  // Of a drawing that is a strip and no blocks, arrows go from layer to layer.
  const layered = (figure, strip) => {
    const last = gallery.strip(strip).depth - 1;
    const say = (now, words) => Object.entries({ "aria-valuenow": now, "aria-valuetext": words }).forEach(([name, value]) => strip.setAttribute(name, value));
    for (const [name, value] of Object.entries({ role: "slider", tabindex: "0", "aria-label": "Layer", "aria-valuemin": 0, "aria-valuemax": last })) strip.setAttribute(name, value);
    say(0, "All layers");
    changes.push(() => {
      const layer = state?.figure === figure ? state.chosen.layer : null;
      say(layer ?? 0, layer === null ? "All layers" : state.chosen.part.name);
    });
    strip.addEventListener("keydown", async (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -Infinity, End: Infinity }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await ready(figure);
      const now = state?.figure === figure ? state.chosen.layer : null;
      choose(figure, at_layer(figure.parts, Math.min(last, Math.max(0, (now ?? (by > 0 ? -1 : last + 1)) + by))), { from: "figure" });
    });
  };
  const same = (a, b) => a?.own === b?.own && a?.layer === b?.layer && a?.step?.slug === b?.step?.slug;

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || (!state && !over)) return;
    changes.forEach((change) => change.pressed?.());
    clear();
  });

  // On a phone the sheet comes with the figure and goes with it ----------------------------------------------------
  one(".shut", dock)?.addEventListener("click", () => clear());
  const grip = one(".grip", dock);
  const open = (wide) => { grip?.setAttribute("aria-expanded", wide); dock.classList.toggle("open", wide); };
  grip?.addEventListener("click", () => {
    open(grip.getAttribute("aria-expanded") !== "true");
    if (state) setTimeout(() => bring(state.figure), still.matches ? 0 : 250); // once the sheet stands
  });
  if (live) {
    new IntersectionObserver(([entry]) => {
      dock.classList.toggle("away", !entry.isIntersecting);
      if (!entry.isIntersecting) open(false);
    }, { rootMargin: `${-100 * EDGE}% 0px` }).observe(live);
  }

  return {
    prepare, clear, ask, choose, ready, measured, at_layer,
    point: (figure, chosen) => { over = chosen ? { figure, chosen } : null; light(); },
    changed: (change) => changes.push(change),
    zoomed: (how) => { zoomed = how; },
    get shown() { return shown; },
    get state() { return state; },
  };
};
