// Family tree: a branch, or the path between two, in the drawing and in the outline; the choice is in the address.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const [follow, to, all, heading, left, above, edge] = ["follow", "to", "all", "heading", "left", "way", "edge"].map($);
  const rows = new Map([...$("outline").querySelectorAll("[data-id]")].map((row) => [row.dataset.id, row]));
  const lists = new Map([...$("outline").querySelectorAll(".below")].map((list) => [list, list.open])); // as they open at first
  // Names of designs and of their copies, each with its design.
  const named = [...rows].flatMap(([id, row]) => [...row.querySelectorAll(":scope > .row .who a")].map((link) => [link.textContent, id]))
    .sort(([one], [two]) => one.localeCompare(two));
  const ids = new Map(named.map(([known, id]) => [known.toLowerCase(), id]));
  $("tree-names").append(...named.map(([known]) => new Option("", known)));
  const drawn = [...document.querySelectorAll(".tree [data-model], .tree [data-child]")];
  const parent = (id) => rows.get(id)?.dataset.parent;
  const name = (id) => rows.get(id).querySelector(".who a").textContent;

  const stage = $("stage");
  const tree = document.querySelector(".tree svg");
  const dates = document.querySelector(".dates"); // above the drawing, as wide as it is
  const zoom = gallery.zoom(stage, (scale) => {
    document.querySelector(".zoom output").textContent = `${Math.round(scale * 100)}%`;
    dates.style.width = dates.style.height = "";
    if (scale !== 1) dates.style.width = `${tree.getBoundingClientRect().width}px`;
  });
  zoom.drawing(tree);
  document.querySelector(".tree-bar .zoom").addEventListener("click", (event) => {
    const wanted = event.target.dataset.zoom;
    if (wanted === "fit") zoom.fit(); else if (wanted) zoom.by(wanted === "in" ? 1.25 : 0.8);
  });

  // From a model back to where its line begins.
  const line = (id) => {
    const found = [id];
    while (parent(found.at(-1))) found.push(parent(found.at(-1)));
    return found;
  };
  // What follows a model as far as its recipe is found: the rows say where it ends.
  const ends = (id) => rows.get(id).dataset.ends?.split(" ") ?? [];
  const branch = (id) => {
    const beyond = new Set(ends(id));
    return new Set([...rows.keys()].filter((other) => {
      const way = line(other);
      const at = way.indexOf(id);
      return at >= 0 && !way.slice(0, at).some((one) => beyond.has(one));
    }));
  };
  const path = (one, two) => {
    const [first, second] = [line(one), line(two)];
    const common = first.find((id) => second.includes(id));
    if (!common) return [new Set([one, two]), `${name(one)} and ${name(two)} have no common ancestor here`];
    const kept = new Set([...first.slice(0, first.indexOf(common) + 1), ...second.slice(0, second.indexOf(common) + 1)]);
    if (common === one) return [kept, `From ${name(one)} to ${name(two)}`];
    if (common === two) return [kept, `From ${name(two)} to ${name(one)}`];
    return [kept, `${name(one)} and ${name(two)} both follow ${name(common)}`];
  };

  // The branch in the middle of the drawing's box; where it has no room, its beginning at the upper left.
  const scroll = (kept) => {
    const discs = drawn.filter((part) => part.tagName === "circle" && kept.has(part.dataset.model));
    const boxes = discs.map((disc) => disc.getBoundingClientRect());
    if (!boxes.length || !stage.clientWidth) return;
    const view = stage.getBoundingClientRect();
    const first = discs.find((disc) => disc.dataset.model === [...kept][0]).getBoundingClientRect();
    const to = (low, high, start, begin, room) => (high - low < room ? (low + high - room) / 2 : start - room / 4) - begin;
    const [left, right] = [Math.min(...boxes.map((b) => b.left)), Math.max(...boxes.map((b) => b.right)) + NAME];
    const [top, bottom] = [Math.min(...boxes.map((b) => b.top)), Math.max(...boxes.map((b) => b.bottom))];
    const [x, y] = [to(left, right, first.left, view.left, stage.clientWidth), bottom - top < stage.clientHeight
      ? to(top, bottom, first.top, view.top, stage.clientHeight) : first.top - view.top - stage.clientHeight / 2];
    stage.scrollBy({ left: x, top: y, behavior: "instant" });
  };
  const NAME = 140; // px beside the last discs

  // Of the outline what is chosen, all lists open; nothing chosen, as it was at first.
  const fold = (kept) => {
    const way = new Set(kept && [...kept].flatMap(line));
    for (const [id, row] of rows) {
      row.hidden = Boolean(kept) && !way.has(id);
      row.classList.toggle("way", Boolean(kept) && way.has(id) && !kept.has(id));
    }
    for (const [list, open] of lists) list.open = kept ? Boolean(list.querySelector("li:not([hidden])")) : open;
  };

  // The line that leads to a branch, each of it a way up.
  const ancestors = (ids) => {
    above.hidden = !ids.length;
    above.replaceChildren("Its line: ", ...ids.flatMap((id, at) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name(id) });
      button.dataset.follow = id;
      return at ? [" → ", button] : [button];
    }));
  };

  const show = (one, two) => {
    const [kept, words] = !one ? [new Set(rows.keys()), "Outline"]
      : two ? path(one, two)
      : [branch(one), `What follows ${name(one)}`];
    const inside = (id) => kept.has(id);
    for (const part of drawn) {
      const { model, child, parent: from } = part.dataset;
      part.classList.toggle("out", model ? !inside(model) : !(inside(child) && (inside(from) || inside(parent(child)))));
    }
    fold(one && kept);
    ancestors(one && !two ? line(one).slice(1).reverse() : []);
    const designs = `${kept.size} design${kept.size === 1 ? "" : "s"}`;
    heading.textContent = one ? `${words}: ${designs}` : words;
    const cut = one && !two ? ends(one).map(name) : [];
    left.hidden = !cut.length;
    left.textContent = `No longer the recipe of ${one ? name(one) : ""}, nor what follows: ${cut.join(", ")}.`;
    all.hidden = !one;
    if (one) scroll(kept);
    const query = new URLSearchParams(two ? { path: `${one},${two}` } : one ? { branch: one } : {});
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  };

  const chosen = (field) => {
    const wanted = field.value.trim().toLowerCase();
    if (!wanted) return undefined;
    return ids.get(wanted) ?? [...ids].find(([known]) => known.startsWith(wanted))?.[1];
  };
  const read = () => show(chosen(follow), chosen(to));
  const write = (one, two) => {
    follow.value = one ? name(one) : "";
    to.value = two ? name(two) : "";
    show(one, two);
  };
  follow.addEventListener("input", read);
  to.addEventListener("input", read);
  all.addEventListener("click", () => { write(); follow.focus(); });

  // A row's step in full: loaded when one is first asked for. Where that fails, the link to all steps stays.
  const fill = async (row) => {
    const opened = row.querySelector(":scope > .row .opened");
    if (!opened?.querySelector(".more")) return opened;
    try {
      const { id } = row.dataset;
      const text = (await gallery.load("steps", "steps.js"))[id];
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button plain", textContent: `Follow ${name(id)}` });
      button.dataset.follow = id;
      opened.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.children, button);
    } catch { /* said by the link */ }
    return opened;
  };
  $("outline").addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".change")) fill(event.target.closest("li"));
  }, true);

  // What was pressed: a line shows its step, a disc what can be done with its model.
  const open = (content) => {
    $("edge-text").replaceChildren(...content);
    edge.hidden = false;
  };
  const close = () => {
    edge.hidden = true;
    for (const part of drawn) part.classList.remove("on");
  };
  $("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.querySelector(".tree").addEventListener("click", async (event) => {
    const part = event.target.closest("[data-model], [data-child]");
    if (!part) return;
    close();
    const { model, child } = part.dataset;
    if (model) write(model); else part.classList.add("on");
    const row = rows.get(model ?? child);
    const opened = await fill(row);
    const link = row.querySelector(".who a").cloneNode(true);
    open(opened ? [...opened.cloneNode(true).children, link] : [link]);
  });
  document.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-follow]")?.dataset.follow;
    if (wanted) write(wanted);
  });

  const asked = new URLSearchParams(location.search);
  const [one, two] = (asked.get("path") ?? asked.get("branch") ?? "").split(",");
  if (rows.has(one)) write(one, rows.has(two) ? two : undefined);
})();
