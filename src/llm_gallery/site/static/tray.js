// The models chosen for comparison: a box on every card, the key c, and a tray below that leads to the comparison.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const MOST = 6;
  const tray = document.getElementById("tray");
  const list = tray.querySelector("ol");
  const go = document.getElementById("go");
  const told = document.getElementById("tray-told");
  const cards = new Map([...document.querySelectorAll(".card")].map((card) => {
    card.dataset.id = card.querySelector("h2 a").getAttribute("href").split("/").at(-2);
    return [card.dataset.id, card];
  }));
  let chosen = [];
  let changed = () => {};

  const make = (name, attributes, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const named = (id) => cards.get(id).querySelector("h2").textContent;

  // A box is made when its card comes near: hundreds at once would hold back the page. One handler serves all of them;
  // a card's own link lies under its box.
  const boxes = new Map();
  const box = (id) => {
    if (!boxes.has(id)) {
      const made = make("input", { type: "checkbox", "aria-label": `Compare ${named(id)}`, "aria-keyshortcuts": "c" });
      made.disabled = chosen.length === MOST;
      cards.get(id).append(make("label", { class: "option compare" }, made, make("span", { "aria-hidden": "true" }, "Compare")));
      boxes.set(id, made);
    }
    return boxes.get(id);
  };
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      box(target.dataset.id);
      near.unobserve(target);
    }
  }, { rootMargin: "100% 0px" });
  for (const card of cards.values()) near.observe(card);

  const item = (id, index) => make("li", {},
    make("span", { class: "letter", "aria-hidden": "true" }, "ABCDEF"[index]),
    make("span", { class: "held" }, make("b", {}, named(id)), cards.get(id).querySelector(".made").cloneNode(true)),
    make("button", { type: "button", class: "icon", "data-leave": id, "aria-label": `Remove ${named(id)}` }, "×"));

  const show = () => {
    for (const id of new Set([...boxes.keys(), ...chosen])) {
      box(id).checked = chosen.includes(id);
      box(id).disabled = chosen.length === MOST && !chosen.includes(id);
    }
    list.replaceChildren(...chosen.map(item));
    tray.hidden = chosen.length === 0;
    go.href = `compare/index.html?m=${chosen.join(",")}`;
    go.textContent = chosen.length > 1 ? `Compare ${chosen.length}` : "Choose one more";
    go.toggleAttribute("aria-disabled", chosen.length < 2);
  };

  const set = (ids) => {
    chosen = [...new Set(ids)].filter((id) => cards.has(id)).slice(0, MOST);
    show();
  };
  const toggle = (id) => {
    const held = chosen.includes(id);
    if (!held && chosen.length === MOST) { told.textContent = "Six models are the most."; return; }
    set(held ? chosen.filter((other) => other !== id) : [...chosen, id]);
    told.textContent = held ? `${named(id)} left out` : `${named(id)} added, ${chosen.length} of ${MOST}`;
    changed();
  };

  document.getElementById("cards").addEventListener("change", (event) => {
    if (event.target.closest(".compare")) toggle(event.target.closest(".card").dataset.id);
  });
  tray.addEventListener("click", (event) => {
    const { leave, clear } = event.target.dataset;
    if (event.target === go && chosen.length < 2) event.preventDefault();
    if (leave) { toggle(leave); (list.querySelector("button") ?? box(leave)).focus(); }
    if (clear !== undefined) { box(chosen[0]).focus({ preventScroll: true }); set([]); changed(); }
  });

  gallery.tray = { set, toggle, chosen: () => chosen, onChange: (act) => { changed = act; } };
})();
