// Run it, as it is shown: the verdict, the field, the card to scale, who keeps what, and what else holds it.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

gallery.runShown = (page) => {
  const { fit, grouped } = gallery;
  const form = page.querySelector("form");
  const field = form.elements;
  const one = (name) => page.querySelector(`[data-${name}]`);
  const FEW = 8; // other devices before the fold

  const made = (tag, given = {}, ...inside) => {
    const { dataset, ...rest } = given;
    const element = Object.assign(document.createElement(tag), rest);
    Object.assign(element.dataset, dataset);
    element.append(...inside);
    return element;
  };
  const drawn = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const gib = (bytes, digits = 1) => (Math.abs(bytes) / 2 ** 30).toFixed(digits);
  const mib = (bytes) => grouped(Math.round(bytes / 2 ** 20));
  const sign = (bytes) => (bytes < 0 ? `−${gib(bytes)}` : gib(bytes));
  // As catalog/fit_report.py writes it.
  const quick = (speed) => (speed === null ? "–" : speed >= 10 ? grouped(Math.round(speed)) : speed.toFixed(1));
  const speedOf = ({ model, run, split, at, sequences, device }, row, length) =>
    fit.speed({ model, run, split, weights: row.index, cache: at, length, sequences, device });
  const gibs = ({ memory }) => `${grouped(Math.round(memory / 2 ** 30))} GiB`;
  const said = ({ engine, device }) => device.engines[engine.name][2].map((at) => engine.said[at]);
  const many = (count, noun) => `${count === 1 ? "one" : grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

  // The sentence of controls -------------------------------------------------------------------------
  const segments = (name, options, now) => {
    const group = page.querySelector(`[data-choice="${name}"]`);
    const before = group.contains(document.activeElement) ? document.activeElement.value : null;
    group.replaceChildren(...options.map(({ value, title }) => {
      const button = made("button", { type: "button", value, textContent: title });
      button.setAttribute("aria-pressed", value === now);
      return button;
    }));
    if (before) [...group.children].find(({ value }) => value === before)?.focus();
  };
  const controls = ({ model, count, device, engine, engines, run, sequences, cache, length, splits = [], split }) => {
    Object.assign(field.m, { value: model.id });
    field.g.value = count;
    field.d.value = device.id;
    field.b.value = sequences;
    if (length) field.n.value = length;
    segments("engine", engines.map(({ name, title }) => ({ value: name, title })), engine.name);
    const caches = run.caches ?? [];
    segments("cache", caches.map((value) => ({ value, title: value })), cache);
    one("caches").hidden = caches.length < 2;
    field.s.replaceChildren(...splits.map(({ key, says }) => new Option(says, key)));
    field.s.value = split?.key ?? "";
    one("splits").hidden = splits.length < 2;
    one("noun").textContent = sequences === 1 ? "sequence of" : "sequences of";
  };

  const named = ({ name }) => (name === "file" ? "The file" : name);

  // The answer -----------------------------------------------------------------------------------------
  const holding = ({ sequences, length }) => `${sequences > 1 ? `${grouped(sequences)} sequences of ` : ""}${grouped(length)} tokens`;
  const verdict = (chosen, found) => {
    const { rows, row, run, roomIn, roomOf, splits, split, sequences, many: each, length, most, model, cache, count, device } = chosen;
    const spare = fit.spare(row.room, length, each);
    const reach = fit.longest(row.room, each, most);
    const where = count > 1 ? ` on each of ${count}` : "";
    one("verdict").textContent = spare >= 0
      ? `${named(row)} holds ${holding(chosen)} with ${gib(spare)} GiB to spare${where}.`
      : `${named(row)} with ${holding(chosen)} lacks ${gib(-spare)} GiB${where}.`;
    const whole = model.context;
    const others = run.caches.filter((name) => name !== cache);
    const other = (tokens) => others.find((name) => fit.spare(roomOf(row.index, run.caches.indexOf(name)), tokens, each) >= 0);
    const said = [reach === 0 ? "No context fits" : reach >= (whole ?? most) ? (whole ? "It reaches the model’s whole context" : "It reaches any context") : `It reaches ${grouped(reach)}`];
    if (spare < 0) {
      const smaller = rows.find((held) => fit.spare(held.room, length, each) >= 0);
      const cheaper = other(length);
      if (cheaper) said.push(`with the cache in ${cheaper} these ${holding(chosen)} fit`);
      else if (smaller) said.push(`${smaller.name} holds these ${holding(chosen)}`);
      const shared = splits.find((other) => other !== split && !other.refused
        && fit.spare(roomIn(run, other, row.index, run.caches.indexOf(cache), device), length, chosen.each(other, sequences)) >= 0);
      if (shared) said.push(`split ${shared.says} it holds them`);
      const more = found.find(({ other }) => other === device);
      if (more && more.count !== count) said.push(`${more.count} × ${device.name} hold it`);
    } else if (whole && reach < whole) {
      const cheaper = other(whole);
      if (cheaper) said.push(`the model’s whole ${grouped(whole)} with the cache in ${cheaper}`);
    }
    const at = fit.sequencesOf(row.room, length) * split.data;
    one("because").textContent = `${said.join("; ")}.${spare >= 0 && at > 1 ? ` At most ${grouped(at)} such sequences at once.` : ""}`;
    const used = row.room.usable - spare;
    one("used").replaceChildren(`${gib(used)} `, made("small", { textContent: `of ${gib(row.room.usable)} GiB` }));
    one("reach").textContent = reach === 0 ? "none" : grouped(reach);
    const bound = spare < 0 ? null : speedOf(chosen, row, length);
    const band = chosen.bands[model.mixture ? "mixture" : "dense"];
    const real = bound && chosen.sequences === 1 && count === 1
      ? `; real runs ${quick(bound * band.quarter)}–${quick(bound * band.three_quarters)}` : "";
    one("speed").replaceChildren(`${quick(bound)} `, made("small", { textContent: `tokens/s${real}` }));
  };

  // The field: one stop of the Tab key; arrows go on inside it ---------------------------------------
  const table = one("field");
  const cells = () => [...table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("button")]);
  const stand = (button) => { for (const cell of cells().flat()) cell.tabIndex = cell === button ? 0 : -1; };
  table.addEventListener("focusin", ({ target }) => { if (target.matches("button")) stand(target); });
  table.addEventListener("keydown", (event) => {
    const all = cells();
    const row = all.findIndex((line) => line.includes(event.target));
    if (row < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const column = all[row].indexOf(event.target);
    const last = all[row].length - 1;
    const to = {
      ArrowLeft: [row, Math.max(0, column - 1)], ArrowRight: [row, Math.min(last, column + 1)], Home: [row, 0], End: [row, last],
      ArrowUp: [Math.max(0, row - 1), column], ArrowDown: [Math.min(all.length - 1, row + 1), column],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    all[to[0]][to[1]].focus();
  });

  const heads = (columns, bits) => made("tr", {}, ...[["Weights", ""], ["GiB", "gib"], [bits ? "bits each" : "", "bits"], ...columns.map((tokens) => [grouped(tokens), ""]), ["longest", "reach"]]
    .map(([textContent, className]) => made("th", { scope: "col", textContent, className })));
  const cell = (chosen, row, tokens) => {
    const { many: each, length, press } = chosen;
    const spare = fit.spare(row.room, tokens, each);
    const fits = spare >= 0;
    const speed = fits ? speedOf(chosen, row, tokens) : null;
    const unseen = (textContent) => made("span", { className: "unseen", textContent });
    const button = made("button", { type: "button", className: "n", tabIndex: -1, dataset: { q: row.name, n: tokens } },
      unseen(`${row.name}, ${grouped(tokens)} tokens: `),
      ...(speed === null ? [] : [made("b", { textContent: quick(speed) }), unseen(" tokens a second at most, ")]),
      made(fits ? "i" : "span", { textContent: sign(spare) }), unseen(fits ? " GiB to spare" : " GiB, too much"));
    button.setAttribute("aria-pressed", row === chosen.row && tokens === length);
    button.addEventListener("click", () => press({ q: row.name, n: tokens }));
    return made("td", { className: fits ? "yes full" : "no" }, button);
  };
  const show = (chosen) => {
    const { rows, row, columns, many: each, most } = chosen;
    const [before] = table.contains(document.activeElement) ? [document.activeElement.dataset] : [];
    table.querySelector("colgroup").replaceChildren(...["name", "gib", "bits", ...columns.map(() => ""), "reach"].map((className) => made("col", { className })));
    table.querySelector("thead").replaceChildren(heads(columns, rows.some(({ bits }) => bits)));
    table.querySelector("tbody").replaceChildren(...rows.map((held) => {
      const reach = fit.longest(held.room, each, most);
      return made("tr", { className: held === row ? "chosen" : "" },
        made("th", { scope: "row", textContent: held.name }),
        made("td", { className: "n size gib", textContent: gib(held.bytes, 2) }),
        made("td", { className: "n size quiet bits", textContent: held.bits?.toFixed(2) ?? "" }),
        ...columns.map((tokens) => cell(chosen, held, tokens)),
        made("td", { className: `n end reach${reach ? "" : " quiet"}`, textContent: reach ? grouped(reach) : "none" }));
    }));
    one("sizes").hidden = !chosen.engine.mixes;
    const all = cells().flat();
    const now = all.find(({ ariaPressed }) => ariaPressed === "true") ?? all[0];
    stand(now);
    if (before) (all.find(({ dataset }) => dataset.q === before.q && dataset.n === before.n) ?? now).focus();
  };

  // What the devices hold, to scale -------------------------------------------------------------------
  // As engines/counted.py says it.
  const how = (term, length, flight, sequences) => {
    const [, layers, unit, step, , , beyond, , padding] = term;
    const times = sequences > 1 ? `${grouped(sequences)} sequences × ` : "";
    const units = fit.units(term, length, flight);
    const stack = `${layers} layer${layers === 1 ? "" : "s"}`;
    const lost = padding ? `, ${grouped(padding)} B of it padding` : "";
    if (!step) {
      const states = units > 1 ? `${units} × ` : "";
      return unit % layers || padding ? `${times}${states}${grouped(unit)} B for ${stack}${lost}, at any length`
        : `${times}${states}${stack} × ${grouped(unit / layers)} B, at any length`;
    }
    const tokens = (count) => `${grouped(count)} token${count === 1 ? "" : "s"}`;
    if (unit % (layers * step) || padding || beyond) return `${times}${grouped(units)} blocks of ${tokens(step)} × ${grouped(unit)} B for ${stack}${lost}`;
    return `${times}${stack} × ${tokens(units * step)} × ${grouped(unit / (layers * step))} B`;
  };
  const colourOf = (model, label) => {
    const names = Object.keys(model.colours).filter((name) => label.startsWith(name)).sort((a, b) => b.length - a.length);
    return model.colours[names[0]] ?? "position";
  };
  const row = (colour, name, counted, bytes, digits = 2) => {
    const head = made("th", { scope: "row" });
    if (colour) head.append(made("span", { className: `swatch ${colour}` }));
    head.append(name);
    return made("tr", {}, head, made("td", { className: "how", textContent: counted }), made("td", { className: "n", textContent: bytes < 0 ? `−${gib(bytes, digits)}` : gib(bytes, digits) }));
  };
  const card = (chosen) => {
    const { model, row: held, length, many: each, device, count } = chosen;
    const { room } = held;
    const rank = fit.fullest(room, length, each);
    const parts = [["embedding", "Weights", `${grouped(held.tensors)} tensors in ${held.name}`, rank.weights],
      ...rank.terms.map((term) => [colourOf(model, term[0]), `${term[0]}, ${many(term[1], "layer")}`, how(term, length, room.flight, each), each * fit.bytes(term, length, room.flight)])];
    const used = parts.reduce((sum, [, , , bytes]) => sum + bytes, 0);
    const spare = room.usable - used;
    const margin = device.memory - room.usable;
    const whole = Math.max(device.memory, used + margin);
    let x = 0;
    const box = (className, bytes) => {
      const width = (1000 * bytes) / whole;
      x += width;
      return drawn("rect", { class: className, x: x - width, y: 0, width, height: 10 });
    };
    one("bar").replaceChildren(...parts.map(([colour, , , bytes]) => box(`solid ${colour}`, bytes)),
      ...(spare > 0 ? [box("free", spare)] : []), box("margin", margin),
      ...(spare < 0 ? [drawn("path", { class: "end", d: `M${(1000 * device.memory) / whole} 0V10` })] : []));
    one("holds").textContent = `What the ${gibs(device)}${count > 1 ? ` of each of the ${count}` : ""} hold`;
    one("parts-held").replaceChildren(...parts.map((part) => row(...part)),
      row("", "Left by the engine", said(chosen)[0], margin),
      row("", spare < 0 ? "Lacking" : "To spare", "", spare));
  };

  // Tokens in flight; on a device where the engine doesn't run, none.
  const flightOf = (device, { name }) => (typeof device.engines[name] === "string" ? 0 : device.engines[name][1]);

  // One sequence, by who keeps it ----------------------------------------------------------------------
  const keepers = ({ model, engines, devices, device, first, cache, length }) => {
    one("keeps").textContent = `One sequence of ${grouped(length)} tokens, by who keeps it`;
    const large = devices.find(({ id }) => id === first.large);
    const kept = engines.toSorted((a, b) => (b.name === "ideal") - (a.name === "ideal")).flatMap((engine) => {
      const run = model.engines.find(({ name }) => name === engine.name);
      const split = run.splits?.find(({ devices: count }) => count === 1);
      const refused = run.refused ?? split.refused;
      if (refused) return [{ ...engine, how: refused, bytes: null }];
      const at = Math.max(0, run.caches.indexOf(cache));
      const terms = split.terms[at][0].map((place) => run.terms[place]);
      const on = (other, where) => {
        const flight = flightOf(other, engine);
        const counted = terms.map((term) => `${term[0]}: ${how(term, length, flight, 1)}`).join("; ");
        return { ...engine, title: engine.title + where, type: run.caches[at], how: counted || "nothing", bytes: fit.reserved(terms, length, flight) };
      };
      const [here, there] = [on(device, ""), on(large, `, ${large.name}`)];
      return here.bytes === there.bytes ? [here] : [here, there];
    });
    one("keepers").replaceChildren(...kept.map(({ title, version, type, how: counted, bytes }) => made("tr", {},
      made("th", { scope: "row" }, `${title} `, made("span", { className: "quiet", textContent: [version, type].filter(Boolean).join(", ") })),
      made("td", { className: "how", textContent: counted }),
      made("td", { className: "n", textContent: bytes === null ? "–" : mib(bytes) }))));
  };

  // What else holds it ----------------------------------------------------------------------------------
  const holders = (chosen) => {
    const { run, row: held, at, devices, device, length, sequences, splitsOf, roomIn, each } = chosen;
    const counts = [...field.g.options].map(({ value }) => Number(value));
    const found = devices.flatMap((other) => {
      if (typeof other.engines[run.name] === "string") return [];
      for (const count of counts) {
        const own = other === device && count === chosen.count ? [chosen.split] : [];
        for (const split of [...own, ...splitsOf(run, count).filter((one) => !one.refused)]) {
          const spare = fit.spare(roomIn(run, split, held.index, at, other), length, each(split, sequences));
          if (spare >= 0) return [{ other, count, split, spare, speed: speedOf({ ...chosen, split, device: other }, held, length) }];
        }
      }
      return [];
    });
    return found.sort((a, b) => a.count - b.count || a.other.memory - b.other.memory);
  };
  const others = (chosen, found) => {
    const { row: held, device, length, press } = chosen;
    const line = ({ other, count, split, spare, speed }) => {
      const button = made("button", { type: "button", className: "button plain", textContent: `${count > 1 ? `${count} × ` : ""}${other.name}` });
      button.addEventListener("click", () => press({ d: other.id, g: count, s: split.key, e: chosen.engine.name, n: length, q: held.name }));
      return made("tr", { className: other === device && count === chosen.count ? "now" : "" }, made("th", { scope: "row" }, button),
        made("td", { className: "n each", textContent: gibs(other) }), made("td", { className: "n", textContent: gib(spare) }), made("td", { className: "n", textContent: quick(speed) }));
    };
    const lines = found.map(line);
    one("others").replaceChildren(...lines.slice(0, FEW));
    one("more-others").replaceChildren(...lines.slice(FEW));
    one("fold").hidden = lines.length <= FEW;
    one("fold").querySelector("summary").textContent = `${grouped(lines.length - FEW)} more`;
    one("elsewhere").textContent = `What else holds ${held.name === "file" ? "the file" : held.name} with ${holding(chosen)}`;
  };

  const all = (chosen) => {
    controls(chosen);
    const { refused = "", engine, model, device } = chosen;
    for (const part of page.querySelectorAll("[data-of-answer]")) part.hidden = Boolean(refused);
    document.title = `Run it: ${model.name} on ${chosen.count > 1 ? `${chosen.count} × ` : ""}${device.name} – LLM Architecture Gallery`;
    if (refused) {
      one("verdict").textContent = `${engine.title} doesn’t run ${model.name} so, as far as this page knows.`;
      one("because").textContent = refused;
    } else {
      const found = holders(chosen);
      verdict(chosen, found);
      show(chosen);
      card(chosen);
      others(chosen, found);
      one("command").textContent = commanded(chosen);
      one("assumed").replaceChildren(...[...said(chosen), `Rules of ${chosen.engine.title} ${chosen.engine.version}: ${chosen.engine.known}.`].map((textContent) => made("li", { textContent })));
    }
    keepers({ ...chosen, length: chosen.length ?? model.context ?? 131_072 });
  };
  const commanded = ({ run, split, at, row, length, sequences, many }) => {
    const values = { weights: row.name, total: length * sequences, context: length, sequences, each: many };
    return split.commands[at].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  };
  const failed = (text) => { one("verdict").textContent = "This model can’t be loaded."; one("because").textContent = text; };
  return { all, failed };
};
