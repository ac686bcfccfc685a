// Where the gallery's cards stand: on one shelf, or newest first on one a year. And what they have beside their place: the
// theme of their pictures, and the way to the ancestor's card.
"use strict";

(() => {
  const room = document.getElementById("cards");
  const [first] = room.children;
  const cards = [...room.querySelectorAll(".card")];
  const WORDS = {
    "": ["Best first", "for what you asked"],
    followed: ["Most followed", "by later models"], name: ["By name", ""], total: ["Largest", "by parameters"],
    active: ["Largest", "by active parameters"], context: ["Longest context", ""], cache: ["Largest cache", "a token"],
  };

  const shelf = (name, words, cards, kind = "") => {
    const made = first.cloneNode(false);
    const [spine, text, title, list] = ["p", "span", "b", "ol"].map((tag) => document.createElement(tag));
    spine.className = `spine ${kind}`.trim();
    title.textContent = name;
    text.append(title, ` ${words}`);
    spine.append(text);
    list.className = "cards";
    list.setAttribute("aria-label", `Models, ${name}`);
    list.append(...cards);
    made.append(spine, list);
    return made;
  };

  const shelves = (cards, order) => {
    if (order !== "date") return room.replaceChildren(shelf(...WORDS[order], cards));
    const years = Map.groupBy(cards, (card) => card.querySelector("time").dateTime.slice(0, 4));
    room.replaceChildren(...[...years].map(([year, cards]) => {
      return shelf(year, `${cards.length} ${cards.length === 1 ? "model" : "models"}`, cards, "year");
    }));
  };
  const tidy = () => { for (const one of room.children) one.hidden = !one.querySelector(".card:not([hidden])"); };

  // A picture can't see which theme was chosen in the page: where it isn't the system's, its source is told.
  const sources = [...room.querySelectorAll("source")];
  const DARK = { dark: "all", light: "not all" };
  const theme = () => {
    const media = DARK[document.documentElement.dataset.theme] ?? "(prefers-color-scheme: dark)";
    for (const source of sources) if (source.media !== media) source.media = media;
  };
  theme();
  new MutationObserver(theme).observe(document.documentElement, { attributeFilter: ["data-theme"] });

  // The ancestor's card is marked while its descendant is looked at; a way that leads there takes the focus along.
  let marked = null;
  const mark = (card) => {
    const way = card?.querySelector(".from a")?.hash.slice(1);
    marked?.classList.remove("ancestor");
    marked = way ? document.getElementById(way) : null;
    marked?.classList.add("ancestor");
  };
  for (const [begin, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    room.addEventListener(begin, (event) => mark(event.target.closest(".card")));
    room.addEventListener(end, () => mark(null));
  }
  room.addEventListener("click", (event) => {
    const way = event.target.closest(".from a");
    if (!way) return;
    event.preventDefault();
    const card = document.getElementById(way.hash.slice(1));
    if (card.hidden) gallery.reveal();
    card.scrollIntoView({ block: "center" });
    card.querySelector("h2 a").focus({ preventScroll: true });
  });

  // The link that an arrow leads to from a card's link: in the next row the nearest, wherever a shelf ends. Null above the
  // first row; undefined where no arrow leads anywhere.
  const beside = (from, key) => {
    const links = [...room.querySelectorAll(".card:not([hidden]) h2 a")];
    const at = links.indexOf(from);
    if (at < 0) return undefined;
    const places = links.map((link) => link.closest(".card").getBoundingClientRect());
    const far = (i) => [Math.abs(places[i].top - places[at].top), Math.abs(places[i].left - places[at].left)];
    const nearest = (side) => [...links.keys()].filter((i) => side * (places[i].top - places[at].top) > 8)
      .sort((i, j) => far(i)[0] - far(j)[0] || far(i)[1] - far(j)[1])[0];
    const step = (by) => Math.min(Math.max(at + by, 0), links.length - 1);
    if (key === "ArrowUp" && nearest(-1) === undefined) return null;
    const to = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => nearest(-1),
      ArrowDown: () => nearest(1) ?? links.length - 1, Home: () => 0, End: () => links.length - 1 }[key]?.();
    return links[to];
  };

  gallery.shelves = { cards, shelves, tidy, beside };
})();
