// The gallery: search, filters, order and size; the address says all of it, and all of it can be typed.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const root = document.documentElement;

  const models = gallery.shelves.cards.map((card, place) => {
    const link = one("h2 a", card);
    return { card, link, place, id: card.dataset.id, name: link.textContent.toLowerCase(), date: one("time", card).dateTime };
  });

  const search = one("#q");
  const sort = one("#sort");
  const least = one("#least");
  const most = one("#most");
  const boxes = all(".facets input[type=checkbox]");
  const buttons = all(".pills button").filter((button) => button.value);
  const everyKind = one(".pills button[value='']");
  const answers = [...buttons, ...boxes];
  const facets = [...new Set(answers.map(({ name }) => name))];
  const together = new Set(["mechanism", "concept"]); // a model may be asked to have several of these
  const { low, high } = one("#sizes").dataset;
  const newer = (a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : a.name.localeCompare(b.name));
  const larger = (field) => (a, b) => b[field] - a[field] || newer(a, b);
  const ORDER = {
    followed: (a, b) => a.place - b.place,
    date: newer,
    name: (a, b) => a.name.localeCompare(b.name),
    total: larger("total"), active: larger("active"), context: larger("context"), cache: larger("cache"),
  };

  const { find, offer, settled } = gallery.search(models, boxes, () => apply());

  const size = (step) => 10 ** (step / 10);

  // An answer is a button of the bar or a box of the sheet.
  const given = (answer) => (answer.type === "checkbox" ? answer.checked : answer.getAttribute("aria-pressed") === "true");
  const give = (answer, is) => { if (answer.type === "checkbox") answer.checked = is; else answer.setAttribute("aria-pressed", is); };

  const picked = () => {
    const found = Object.fromEntries(facets.map((facet) => [facet, []]));
    for (const answer of answers) if (given(answer)) found[answer.name].push(answer.value);
    return found;
  };

  const passes = (model, facet, wanted) => {
    if (!wanted.length) return true;
    const has = (value) => model.facets[facet].includes(value);
    return together.has(facet) ? wanted.every(has) : wanted.some(has);
  };

  const inRange = (model) =>
    (least.value === low || model.total >= size(least.value)) &&
    (most.value === high || model.total <= size(most.value));

  // Address ------------------------------------------------------------------------------------
  const written = (picks) => {
    const params = new URLSearchParams();
    if (search.value.trim()) params.set("q", search.value.trim());
    for (const facet of facets) if (picks[facet].length) params.set(facet, picks[facet].join("."));
    if (least.value !== low) params.set("least", least.value);
    if (most.value !== high) params.set("most", most.value);
    if (sort.value !== "followed") params.set("sort", sort.value);
    if (root.dataset.view) params.set("view", root.dataset.view);
    if (gallery.tray.chosen().length) params.set("m", gallery.tray.chosen().join(","));
    const text = params.toString();
    return location.pathname + (text ? `?${text}` : "") + location.hash;
  };

  const remember = (picks) => {
    const address = written(picks);
    if (address === location.pathname + location.search + location.hash) return;
    try { history.replaceState(null, "", address); } catch { /* refused for some files from disk */ }
  };

  const restore = () => {
    const params = new URLSearchParams(location.search);
    const held = (name) => new Set((params.get(name) ?? "").split("."));
    const step = (name, other) => {
      const value = Number(params.get(name) ?? other);
      return String(value >= Number(low) && value <= Number(high) ? value : other);
    };
    search.value = params.get("q") ?? "";
    for (const answer of answers) {
      give(answer, held(answer.name).has(answer.value));
      if (given(answer)) answer.closest("details")?.setAttribute("open", "");
    }
    least.value = step("least", low);
    most.value = step("most", high);
    sort.value = params.get("sort") in ORDER ? params.get("sort") : "followed";
    density(["small", "table"].includes(params.get("view")) ? params.get("view") : "figures");
    gallery.tray.set((params.get("m") ?? "").split(","));
  };

  // Showing ------------------------------------------------------------------------------------
  const density = (view) => {
    if (view === "figures") delete root.dataset.view; else root.dataset.view = view;
    for (const button of all("[data-view]", one("#bar"))) {
      button.setAttribute("aria-pressed", button.dataset.view === view);
    }
  };

  const short = (number) => {
    for (const [unit, name] of [[1e12, "T"], [1e9, "B"], [1e6, "M"]]) {
      if (number >= unit * 0.9995) return `${Number((number / unit).toPrecision(2))}${name}`;
    }
    return String(number);
  };

  const sizeWords = () => {
    const from = least.value === low ? "" : `at least ${short(size(least.value))}`;
    const to = most.value === high ? "" : `at most ${short(size(most.value))}`;
    return [from, to].filter(Boolean).join(", ") || "any size";
  };

  // How many would be left with each answer, all other questions as they are.
  const countAnswers = (picks, found) => {
    for (const facet of facets) {
      const base = models.filter((model) => found.has(model) && inRange(model) &&
        facets.every((other) => (other === facet && !together.has(facet)) || passes(model, other, picks[other])));
      const counts = new Map();
      for (const model of base) for (const v of model.facets[facet]) counts.set(v, (counts.get(v) ?? 0) + 1);
      for (const answer of answers.filter(({ name }) => name === facet)) {
        const holder = answer.type === "checkbox" ? answer.parentElement : answer;
        const count = counts.get(answer.value) ?? 0;
        one("[data-count]", holder).textContent = count;
        holder.classList.toggle("none", count === 0);
      }
    }
  };

  // An offer is taken: a question, or none where all filters are to go.
  const take = (query) => {
    const said = query ?? search.value;
    if (query === null) clear();
    search.value = said;
    apply();
    search.focus();
  };

  let order = "followed";
  const apply = () => {
    const picks = picked();
    const sheeted = boxes.filter(given).length + (least.value !== low) + (most.value !== high);
    const filters = sheeted + buttons.filter(given).length;
    const narrowed = filters > 0 || search.value.trim() !== "";
    remember(picks);
    const answer = find(search.value, narrowed || sort.value !== order);
    if (!answer) return;
    const { found, ranked, meant, chips, known } = answer;
    const visible = models.filter((model) => found.has(model) && inRange(model) &&
      facets.every((facet) => passes(model, facet, picks[facet])));
    const shown = new Set(visible);
    for (const model of models) model.card.hidden = !shown.has(model);
    if (sort.value !== order || ranked) {
      order = ranked ? "" : sort.value;
      models.sort(ranked ? (a, b) => ranked.indexOf(a) - ranked.indexOf(b) : ORDER[order]);
      gallery.shelves.shelves(models.map((model) => model.card), order);
    }
    gallery.shelves.tidy();
    give(everyKind, !picks.kind.length);
    if (known) countAnswers(picks, found);
    const word = models.length === 1 ? "model" : "models";
    one("#count").textContent = narrowed ? `${visible.length} of ${models.length} ${word}` : `${models.length} ${word}`;
    one("#active-filters").textContent = sheeted || "";
    one("#done").textContent = `Show ${visible.length} ${visible.length === 1 ? "model" : "models"}`;
    one("#size-words").textContent = sizeWords();
    one("#nothing").hidden = visible.length > 0;
    one("#meant").hidden = !chips.length && !meant.length;
    one("#meant").replaceChildren(...gallery.understood(chips, meant, take));
    offer(visible.length ? null : search.value, filters && found.size ? [["All filters off", null, found.size]] : [], take);
    one(".status [data-clear]").hidden = !narrowed;
  };

  const clear = () => {
    search.value = "";
    for (const answer of answers) give(answer, false);
    [least.value, most.value] = [low, high];
    apply();
  };

  // Keyboard -----------------------------------------------------------------------------------
  const step = (event) => {
    const to = gallery.shelves.beside(document.activeElement, event.key);
    if (to === undefined) return;
    event.preventDefault();
    (to ?? search).focus();
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && one("#facets").hasAttribute("data-open")) sheet(false);
    else if (event.key === "c" && event.target.closest(".card h2 a")) {
      gallery.tray.toggle(event.target.closest(".card").dataset.id);
    } else step(event);
  });

  // More filters: a sheet at the side, whose answers are seen at once; on a phone from below, with nothing else in reach
  const narrow = matchMedia("(max-width: 960px)");
  const sheet = (open) => {
    one("#facets").toggleAttribute("data-open", open);
    one("#filters").setAttribute("aria-expanded", open);
    for (const part of all(".top, .start, .bar, .results, .tray, .foot")) part.inert = open && narrow.matches;
    if (open) one("#facets .sheet-head button").focus(); else one("#filters").focus();
  };
  one("#filters").addEventListener("click", () => sheet(!one("#facets").hasAttribute("data-open")));
  one("#done").addEventListener("click", () => sheet(false));
  document.addEventListener("click", (event) => {
    const open = one("#facets").hasAttribute("data-open");
    if (open && narrow.matches && !event.target.closest("#facets, #filters")) sheet(false);
  });
  narrow.addEventListener("change", () => { if (one("#facets").hasAttribute("data-open")) sheet(false); });

  for (const part of all("#search, #bar, #facets")) part.addEventListener("focusin", settled);
  search.addEventListener("input", apply);
  search.addEventListener("taken", () => models.find((model) => !model.card.hidden)?.link.focus());
  sort.addEventListener("change", apply);
  for (const box of boxes) box.addEventListener("change", apply);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const is = !given(button);
      if (button.name === "kind") for (const other of buttons) if (other.name === "kind") give(other, false);
      give(button, is);
      apply();
    });
  }
  everyKind.addEventListener("click", () => {
    for (const other of buttons) if (other.name === "kind") give(other, false);
    apply();
  });
  least.addEventListener("input", () => { if (+least.value >= +most.value) least.value = +most.value - 1; apply(); });
  most.addEventListener("input", () => { if (+most.value <= +least.value) most.value = +least.value + 1; apply(); });
  for (const button of all("[data-view]", one("#bar"))) {
    button.addEventListener("click", () => { density(button.dataset.view); apply(); });
  }
  gallery.tray.onChange(() => remember(picked()));
  for (const button of all("[data-clear]:not(.tray *)")) button.addEventListener("click", clear);
  one("#bar").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("pageshow", (event) => { if (event.persisted) { restore(); apply(); } });

  gallery.reveal = clear;

  restore();
  apply();
})();
