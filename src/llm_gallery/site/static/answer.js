// What the inspector says of a part: name, where, meaning, shapes, counts, formula, code, tensors, lesson.
// Loaded with the first part that is asked for.
"use strict";

(() => {
  const MATH = "http://www.w3.org/1998/Math/MathML";
  const root = document.documentElement.dataset.root;
  const make = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  // The one place that knows where a line of a model's printed file is shown; null where the page leads to none.
  const codeAddress = (model, line) => {
    const link = document.querySelector(`a[href$="models/${model}/code.html"], #figure[data-model="${model}"] ~ * a[href="code.html"], .acts a[href="code.html"]`);
    return link ? `${link.href}#L${line}` : null;
  };

  const grouped = (number) => number.toLocaleString("en");
  const short = (number) => {
    for (const [size, unit] of [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]]) {
      if (number >= size) return `${(number / size).toFixed(2)}${unit}`;
    }
    return `${number}`;
  };
  const binary = (bytes) => {
    for (const [size, unit] of [[2 ** 40, "TiB"], [2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"]]) {
      if (bytes >= size) return `${(bytes / size).toFixed(1).replace(/\.0$/, "")} ${unit}`;
    }
    return `${bytes} B`;
  };
  const flop = (number) => {
    for (const [size, unit] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (number >= size) return `${(number / size).toFixed(2)} ${unit}FLOP`;
    }
    return number ? `${number} FLOP` : "none counted";
  };
  const percent = (part, whole) => {
    const share = (100 * part) / whole;
    return share && share < 0.05 ? "< 0.1%" : `${share.toFixed(1)}%`;
  };

  // Ascending layers in short: "0–2, 4–6 … 47", "3, 7, 11 … 47".
  const listed = (layers) => {
    const runs = [];
    for (const layer of layers) {
      const last = runs.at(-1);
      if (last && layer === last[1] + 1) last[1] = layer; else runs.push([layer, layer]);
    }
    const words = runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
    return words.length > 5 ? `${words.slice(0, 3).join(", ")} … ${words.at(-1)}` : words.join(", ");
  };

  // A formula as drawings mark it up, _italic_ and ^raised^, as MathML.
  const math = (text) => {
    const element = (name, ...inside) => {
      const made = document.createElementNS(MATH, name);
      made.append(...inside);
      return made;
    };
    const row = (words, italic, raised = false) => {
      const tokens = words.match(/√[\d,]+|√|[\d,.]*\d|[A-Za-z]+|[^\sA-Za-z\d]/g) ?? [];
      return tokens.flatMap((token, i) => {
        if (/^√\d/.test(token)) return [element("msqrt", element("mn", token.slice(1)))];
        if (/^[\d,.]*\d$/.test(token)) return [element("mn", token)];
        if (/^[A-Za-zα-ωΑ-Ω]+$/.test(token)) {
          if (italic) return [...token].map((letter) => element("mi", letter));
          const apart = raised || /^[([]?$/.test(tokens[i + 1] ?? "x") ? "" : "\u00a0"; // a function's name stands at what it is of
          const word = element(token.length > 1 ? "mtext" : "mi", token.length > 1 ? `${apart}${token}${apart}` : token);
          if (token.length === 1) word.setAttribute("mathvariant", "normal");
          return [word];
        }
        return [element("mo", token)];
      });
    };
    const made = element("math");
    for (const piece of text.split(/(\^[^^]*\^)/)) {
      const raised = /^\^(.*)\^$/s.exec(piece);
      if (raised) {
        const base = made.lastElementChild;
        const over = element("mrow", ...row(raised[1].replaceAll("_", ""), false, true));
        if (base) { base.remove(); made.append(element("msup", base, over)); }
        continue;
      }
      piece.split("_").forEach((words, i) => made.append(...row(words, i % 2 === 1)));
    }
    return made;
  };

  // Italic may be open on both sides of what is raised: it is closed before and opened again behind.
  const balanced = (line) => {
    let open = false;
    return line.split(/(\^[^^]*\^)/).map((piece) => {
      if (piece.startsWith("^")) return piece;
      const text = (open ? "_" : "") + piece;
      open = (text.split("_").length - 1) % 2 === 1;
      return open ? `${text}_` : text;
    }).join("");
  };

  const ordinal = (number) => `${number}${[11, 12, 13].includes(number % 100) ? "th" : ["th", "st", "nd", "rd"][number % 10] ?? "th"}`;

  // What is kept: what grows by the token, each up to its window, and what doesn't grow.
  const kept = (growing, state) => {
    const words = growing.map(([size, window]) => `${binary(size)} a token${window ? `, up to ${grouped(window)} tokens` : ""}`);
    if (state) words.push(`${binary(state)} at any length`);
    return words.join("; ") || "nothing";
  };

  const times = ([stored, active, flops, growing, state], count) =>
    [stored * count, active * count, flops.map((one) => one * count), growing.map(([size, window]) => [size * count, window]), state * count];

  // `chosen` is {part, path, layers, layer, step}; `data` what the model's file holds; `ask` chooses an address.
  const answer = (data, chosen, { model, whose, ask, at, retell }) => {
    const { part, path, layers, layer, step } = chosen;
    const whole = data.whole;
    const depth = data.layers.length;
    const nodes = [];
    const link = (id) => make("a", { href: `${root}concepts/${id}/index.html` }, data.concepts[id][0]);
    const part_ = (text, address) => {
      const made = make("a", { href: `#${address}` }, text);
      made.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); ask(address); });
      return made;
    };

    const swatch = part.colour ? [make("span", { class: `swatch ${part.colour}` })] : [];
    nodes.push(make("h2", {}, ...swatch, step ? step.name : part.name));
    const where = make("p", { class: "where" });
    if (whose) where.append(`${whose}: `);
    if (step) where.append("in ", part_(part.name, chosen.address), ", ");
    else if (chosen.above) where.append("in ", part_(chosen.above.name, chosen.above.address), ", ");
    if (layer !== null) where.append(`the ${ordinal(layer + 1)} of ${depth} layers`);
    else if (layers) where.append(layers.length === depth ? (depth === 1 ? "in the only layer" : `in all ${depth} layers`) : `in ${layers.length} of ${depth} layers: ${listed(layers)}`);
    else where.append(part.where ?? "press a part, a layer or a bar to ask about it");
    nodes.push(where);
    if (chosen.also?.length && !step) {
      nodes.push(make("p", { class: "where" }, "drawn as one with ", ...chosen.also.flatMap((other, i) => [i ? ", " : "", part_(other.part.name, other.address), other.layers ? `, in ${other.layers.length} layers` : ""])));
    }
    const say = step ? step.says : part.say || data.concepts[part.concepts[0]]?.[1];
    if (say) nodes.push(make("p", { class: "means" }, say));

    const table = (rows, name) => make("table", { class: "flow", "aria-label": name }, make("tbody", {}, ...rows.map(([head, ...cells]) =>
      make("tr", {}, make("th", { scope: "row" }, head), ...cells.map((cell, i) => make("td", { class: i === cells.length - 1 ? "n" : "" }, cell))))));
    if (part.flow.length && !step) nodes.push(table(part.flow, "Shapes"));

    if (!step) {
      const one = part.counts;
      const many = layer === null && part.at !== undefined ? layers.length : 1; // the stack counts for all layers itself
      const every = times(one, many);
      const [stored, active, flops, growing, state] = every;
      const counts = make("dl", { class: "counts" });
      const count = (name, value, ...notes) => counts.append(make("div", {}, make("dt", {}, name),
        make("dd", {}, make("span", { class: "n" }, value), ...notes.filter(Boolean).map((note) => make("small", {}, note)))));
      const all = whole.counts;
      const in_all = layer !== null && layers.length > 1 ? `of ${short(times(one, layers.length)[0])} in ${layers.length} layers` : "";
      const tied = part.tied && !stored ? "shared with another" : "";
      count("Parameters", stored ? short(stored) : "none", stored && part !== whole && !part.apart ? `${percent(stored, all[0])} of all` : part.apart ? "not in the total" : tied, in_all || (part.beside ? `+ ${short(part.beside)} apart` : ""), part.copies > 1 ? `${grouped(part.copies)} of ${short(stored / part.copies / many)} a layer` : "");
      count("Run for a token", active ? `${part.varies ? "at most " : ""}${short(active)}` : "none", active && part !== whole ? percent(active, all[1]) : "");
      counts.append(make("div", {}, make("dt", {}, "Kept"), make("dd", {}, kept(growing, state))));
      const choice = make("select", { "aria-label": "Tokens before it" }, ...data.positions.map((position, i) => new Option(grouped(position), i, i === at, i === at)));
      choice.addEventListener("change", () => retell(Number(choice.value)));
      counts.append(make("div", {}, make("dt", {}, "Compute at ", choice),
        make("dd", {}, make("span", { class: "n" }, flop(flops[at])), ...(flops[at] && part !== whole ? [make("small", {}, percent(flops[at], all[2][at]))] : []))));
      nodes.push(counts);
    }

    const formula = step ? (step.slug === "rope" ? part.turning : []) : part.formula;
    if (formula.length) nodes.push(make("div", { class: "formula-lines" }, ...formula.map((line) => make("p", {}, /[_^√Σ=]/.test(line) ? math(balanced(line)) : line))));

    const to = make("p", { class: "to" });
    const code = step ? data.steps[step.slug] ?? part.code : part.code;
    if (code) {
      const { function: name, first, text, more } = code;
      nodes.push(make("pre", { class: "line", tabindex: "0", "aria-label": name ? `Code of ${name}` : "Code" }, text + (more ? `\n… ${more} more lines` : "")));
      const address = codeAddress(model, first);
      if (address) to.append(make("a", { href: address }, name ? `${name}() in the code` : "In the code"));
    }
    if (!step && (part.shapes.length || part.facts.length)) {
      const fold = make("details", { class: "fold tens" }, make("summary", {}, part.shapes.length ? "Tensors" : "Facts", " ", make("code", {}, path)));
      if (part.shapes.length) fold.append(table(part.shapes.map(([name, shape, many]) => [make("code", {}, name), many ? `${shape}, ${many}` : shape]), "Tensors"));
      if (part.facts.length) fold.append(table(part.facts.map(([name, value, key, how]) => [name, value, key ? make("code", { title: how }, key) : how]), "Facts"));
      nodes.push(fold);
    }
    const lessons = step ? (step.concept ? [step.concept] : []) : part.concepts;
    if (lessons.length) to.prepend(make("span", {}, "Lesson: ", ...lessons.slice(0, 3).flatMap((id, i) => (i ? [", ", link(id)] : [link(id)]))));
    if (to.childNodes.length) nodes.push(to);
    if (chosen.inside?.length && !step) {
      nodes.push(make("p", { class: "inside" }, "Inside: ", ...chosen.inside.flatMap(([name, address], i) => (i ? [", ", part_(name, address)] : [part_(name, address)]))));
    }
    return nodes;
  };
  gallery.take("answer", answer);
})();
