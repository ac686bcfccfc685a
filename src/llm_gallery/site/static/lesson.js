// A lesson: one step is shown in drawing, sentence and code at once; letters light everywhere; the dial turns.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const plate = one(".drawn-steps");

  // Steps: one state, which stands in the address.
  const stepper = one(".stepper");
  if (stepper) {
    const tabs = all("[role=tab]", stepper);
    const ways = all("[data-go]", stepper);
    let step = 0;
    let player = null; // plays the steps by itself

    // The drawing's parts answer as on the model's page; what they say is loaded with the first that is asked for.
    const dock = one(".dock", stepper);
    const inspector = dock && gallery.inspector(dock);
    if (dock) {
      const { model } = dock.dataset;
      const parts = () => gallery.load(`parts/${model}`, `${document.documentElement.dataset.root}models/${model}/parts.js`);
      inspector.changed((lit) => {
        plate.classList.toggle("asked", Boolean(lit?.own));
        if (inspector.state) player?.pause();
      });
      new ResizeObserver(() => {
        const shown = all(".drawn", plate).find((drawn) => drawn.checkVisibility());
        if (shown) inspector.prepare(shown, parts, model);
      }).observe(plate);
    }

    const show = (to, focus) => {
      step = Math.min(tabs.length, Math.max(1, to));
      tabs.forEach((tab, i) => {
        tab.setAttribute("aria-selected", `${i + 1 === step}`);
        tab.tabIndex = i + 1 === step ? 0 : -1;
      });
      if (focus) tabs[step - 1].focus();
      if (inspector?.state) inspector.clear(); // the step's words stand where it tells
      all(".say > div", stepper).forEach((said, i) => said.classList.toggle("on", i + 1 === step));
      for (const veil of all(".veils g", stepper)) veil.classList.toggle("on", veil.dataset.step === `${step}`);
      for (const line of all(".ln", stepper)) line.classList.toggle("on", line.dataset.step.split(" ").includes(`${step}`));
      const pre = one(".code pre", stepper);
      const first = one(".ln.on", pre);
      if (first) requestAnimationFrame(() => { pre.scrollTop = first.offsetTop - pre.offsetTop - 40; }); // when it is laid out
      for (const way of ways) {
        const end = step + Number(way.dataset.go) < 1 || step + Number(way.dataset.go) > tabs.length;
        if (end) way.setAttribute("aria-disabled", "true"); else way.removeAttribute("aria-disabled");
      }
      const address = new URL(location.href);
      if (step > 1) address.searchParams.set("step", `${step}`); else address.searchParams.delete("step");
      if (address.href !== location.href) history.replaceState(null, "", address);
    };
    const go = (to, focus) => { player?.pause(); show(to, focus); };
    tabs.forEach((tab, i) => tab.addEventListener("click", () => go(i + 1)));
    for (const way of ways) way.addEventListener("click", () => go(step + Number(way.dataset.go)));
    one(".tabs", stepper).addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1, Home: -tabs.length, End: tabs.length }[event.key];
      if (by && event.target.getAttribute("role") === "tab") {
        go(step + by, true);
        event.preventDefault();
      }
    });
    let from = null; // a finger swipes from step to step
    plate.addEventListener("touchstart", (event) => { from = event.touches[0].clientX; }, { passive: true });
    plate.addEventListener("touchend", (event) => {
      const by = event.changedTouches[0].clientX - from;
      if (Math.abs(by) > 50) go(step + (by < 0 ? 1 : -1));
    });
    player = gallery.player(one("[data-play]", stepper), { to: (index) => show(index + 1), at: () => step - 1, count: () => tabs.length });
    player.offer();
    show(Number(new URLSearchParams(location.search).get("step")) || 1);
  }

  // A letter lights in formula, table, code and drawing alike: pointed at or focused; pressed, it stays lit.
  // What stands for several (a name of the code, a place of the drawing) has all their numbers.
  const letters = all("[data-sym]").map((letter) => [letter, letter.dataset.sym.split(" ")]);
  let kept = null;
  let lit = null;
  const light = (pointed) => {
    const now = pointed ?? kept;
    if (now === lit) return;
    lit = now;
    const on = new Set(lit?.split(" "));
    for (const [letter, symbols] of letters) letter.classList.toggle("lit", symbols.some((symbol) => on.has(symbol)));
    plate?.classList.toggle("lettered", Boolean(plate.querySelector(".letters .lit")));
  };
  const named = (target) => (target instanceof Element && target.closest("[data-sym]")?.dataset.sym) || null;
  const keep = (symbol) => {
    kept = symbol;
    for (const button of all(".symbols button")) button.setAttribute("aria-pressed", named(button) === kept);
    light(kept);
  };
  for (const row of all(".symbols tbody tr")) {
    const cell = one(".sign", row);
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-label", `${cell.textContent}: ${one("th", row).textContent}`);
    button.append(...cell.childNodes);
    cell.append(button);
  }
  for (const name of ["pointerover", "focusin"]) {
    document.addEventListener(name, ({ target }) => { if (!plate?.contains(target)) light(named(target)); });
  }
  document.addEventListener("click", ({ target }) => {
    const symbol = named(target);
    if (symbol) keep(symbol === kept ? null : symbol);
  });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") keep(null); });

  // In the drawing a letter is a place: the smallest that holds the pointer, or all of the part that has the focus.
  const placed = (x, y, most = Infinity) => {
    const drawn = all(".letters", plate).find((one) => one.checkVisibility());
    if (!drawn) return null;
    const at = new DOMPoint(x, y).matrixTransform(drawn.getScreenCTM().inverse());
    const size = (path) => path.getBBox().width * path.getBBox().height;
    const held = all("path", drawn).filter((path) => path.isPointInFill(at)).sort((a, b) => size(a) - size(b));
    const first = most === Infinity ? held[0] : held.find((path) => path.getBoundingClientRect().width > most);
    return first ? held.filter((path) => path.getAttribute("d") === first.getAttribute("d")).map((path) => path.dataset.sym).join(" ") : null;
  };
  plate?.addEventListener("pointermove", ({ clientX, clientY }) => light(placed(clientX, clientY)));
  plate?.addEventListener("pointerleave", () => light(null));
  plate?.addEventListener("focusin", ({ target }) => {
    const { left, top, width, height } = target.getBoundingClientRect();
    light(placed(left + width / 2, top + height / 2, 0.8 * width));
  });

  // The dial: its places are the rows of a table, counted when the site was built; those of other models are loaded.
  const dial = one(".dial");
  if (dial) {
    const input = one("input", dial);
    one(":scope > .scroll", dial).removeAttribute("tabindex"); // out of sight now
    const rows = all("tbody tr", dial).map((row) => ({
      value: row.dataset.value, words: all("td.n", row).map((cell) => cell.textContent),
      widths: all("td.n", row).map((_, i) => row.dataset[`bar${i}`]), means: one(".means", row).textContent, who: one(".who", row).textContent,
    }));
    const reads = all(".read > div", dial);
    const stops = one(".stops", dial);
    const [means, having] = all(".verdict p", dial);
    const own = { at: Number(input.value), places: rows, beside: reads.map((read) => one(".vs", read).textContent) };
    let shown = own;
    const turn = () => {
      const place = shown.places[Number(input.value)];
      one("output", dial).textContent = place.value;
      reads.forEach((read, i) => {
        one("dd.n", read).textContent = place.words[i];
        one(".bar", read)?.setAttribute("width", place.widths[i]);
      });
      means.textContent = place.means;
      having.textContent = place.who && `As in ${place.who}.`;
      input.setAttribute("aria-valuetext", place.value);
      dial.dispatchEvent(new Event("turned")); // a picture beside it may move
    };
    const turn_on = (dialed) => {
      shown = dialed;
      input.max = shown.places.length - 1;
      input.value = shown.at;
      stops.replaceChildren(...shown.places.map(({ value, who }, i) => {
        const stop = document.createElement("li");
        stop.className = i === shown.at ? "own" : who ? "had" : "";
        stop.append(Object.assign(document.createElement("span"), { className: "n", textContent: value }));
        return stop;
      }));
      reads.forEach((read, i) => {
        one(".vs", read).textContent = shown.beside[i];
        one("path.own", read)?.setAttribute("d", `M${shown.places[shown.at].widths[i]} 0v6`);
      });
      turn();
    };
    const who = Object.fromEntries(rows.map((row) => [row.value, row.who]));
    const choice = one("#turned", dial);
    choice?.addEventListener("change", async () => {
      const id = choice.value;
      if (!id) { turn_on(own); return; }
      const [at, places, beside] = (await gallery.load(choice.dataset.name, choice.dataset.source))[id];
      if (choice.value !== id) return; // another one meanwhile
      const name = choice.selectedOptions[0].textContent;
      turn_on({ at, beside, places: places.map(([value, words, widths], i) => ({
        value, words, widths, who: who[value] ?? "",
        means: i === at ? `${name} as it is.` : `${name} has ${places[at][0]}; all else is kept.`,
      })) });
    });
    input.addEventListener("input", turn);
    turn();
  }

  for (const button of all("[data-copy]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(all(".ln", one(button.dataset.copy)).map((line) => line.textContent).join("\n"));
      button.textContent = "Copied";
    });
  }
})();
