// Slides: the page's own sections, one idea a slide. Whether they run and which one stands is in the address: ?slides#3.
"use strict";

(() => {
  const { currentScript: own } = document;
  const root = document.documentElement;
  const LINES = 26; // of code on a slide
  const WIDE = [1280, 720, 30]; // a slide's px, and those of its type
  const TALL = [480, 0, 19]; // on a phone held upright, as high as there
  const FOOT = 48; // px of the controls
  const make = (tag, given, ...content) => {
    const made = Object.assign(document.createElement(tag), given);
    made.append(...content);
    return made;
  };

  // What a slide shows: of a section without what isn't for it; code in pieces.
  const copied = (node) => {
    const copy = node.cloneNode(true);
    if (own.dataset.without) for (const one of copy.querySelectorAll(own.dataset.without)) one.remove();
    for (const one of copy.querySelectorAll("button, input, select, .needs-js, .helpers, script")) one.remove();
    for (const one of [copy, ...copy.querySelectorAll("[id], [tabindex], [role=region], [aria-labelledby], [aria-describedby]")]) {
      for (const name of ["id", "tabindex", "aria-labelledby", "aria-describedby"]) one.removeAttribute(name);
      if (/^(region|tabpanel)$/.test(one.getAttribute("role"))) one.removeAttribute("role");
    }
    return copy;
  };
  // Functions that have room together share a slide; one that has none is cut into even pieces.
  const pieces = (node) => {
    const copy = copied(node);
    if (!node.matches("pre, .diff")) return [copy];
    const blocks = [[]];
    for (const line of copy.querySelectorAll(":scope > .ln, :scope > .line, summary")) {
      blocks.at(-1).push(line);
      if (!line.textContent.trim()) blocks.push([]);
    }
    const shown = [[]];
    for (const block of blocks) {
      const count = Math.ceil(block.length / LINES);
      for (let i = 0; i < count; i++) {
        const lines = block.slice(i * block.length / count, (i + 1) * block.length / count);
        if (shown.at(-1).length + lines.length > LINES) shown.push([]);
        shown.at(-1).push(...lines);
      }
    }
    return shown.filter((lines) => lines.length).map((lines) => {
      const piece = copy.cloneNode(false);
      piece.append(...lines);
      return piece;
    });
  };
  const heading = (node) => (node.matches("pre, .diff, .path") ? node.getAttribute("aria-label") : node.closest("section")?.querySelector("h2")?.textContent) ?? "";
  const headed = (piece) => piece.querySelector("h1, h2") ?? piece.querySelector(":scope > h3:first-child");

  let deck = null;
  let slides = [];
  let at = 0;
  let focused = null;
  const look = make("link", { rel: "stylesheet", href: own.src.replace(/js$/, "css") });

  // A slide is as large as it is on paper, and scaled; its type shrinks until all of it has room.
  const size = ([width, height, type]) => {
    const room = [innerWidth, innerHeight - FOOT];
    const high = height || width * room[1] / room[0];
    const scale = Math.min(room[0] / width, room[1] / high);
    for (const [name, value] of [["width", `${width}px`], ["height", `${high}px`], ["scale", scale]]) deck.style.setProperty(`--${name}`, value);
    deck.classList.toggle("tall", !height);
    for (const slide of slides) {
      const box = slide.firstElementChild;
      for (let px = type; px >= type / 3; px -= 1) {
        slide.style.fontSize = `${px}px`;
        if (box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1) break;
      }
    }
  };
  const fit = () => size(innerWidth < 640 && innerHeight > innerWidth ? TALL : WIDE);

  const address = (number) => {
    const asked = location.search.replace(/[?&]slides(=[^&]*)?(?=&|$)/, "").replace(/^&/, "?");
    return number ? `${asked}${asked ? "&" : "?"}slides#${number}` : `${location.pathname}${asked}`;
  };
  const go = (to) => {
    at = Math.max(0, Math.min(slides.length - 1, to));
    slides.forEach((slide, i) => slide.classList.toggle("on", i === at));
    deck.querySelector(".count").textContent = `${at + 1} / ${slides.length}`;
    for (const way of deck.querySelectorAll("[data-by]")) {
      const end = at + Number(way.dataset.by) < 0 || at + Number(way.dataset.by) >= slides.length;
      way.setAttribute("aria-disabled", `${end}`);
    }
    history.replaceState(null, "", address(at + 1));
  };
  const hashed = () => (Number(location.hash.slice(1)) || 1) - 1;

  const end = () => {
    deck.remove();
    look.remove();
    deck = null;
    root.classList.remove("showing");
    for (const one of document.body.children) one.inert = false;
    history.replaceState(null, "", address(0));
    focused?.focus();
  };

  const keys = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -Infinity, End: Infinity };
  document.addEventListener("keydown", (event) => {
    const { key } = event;
    if (!deck || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape") end();
    else if (key in keys && !(key === " " && event.target.closest("button, a"))) go(at + (key === " " && event.shiftKey ? -1 : keys[key]));
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  addEventListener("resize", () => deck && fit());
  document.fonts.addEventListener("loadingdone", () => deck && fit());
  addEventListener("hashchange", () => deck && hashed() !== at && go(hashed()));
  addEventListener("beforeprint", () => deck && size(WIDE));
  addEventListener("afterprint", () => deck && fit());

  const start = async () => {
    focused = document.activeElement;
    const name = document.querySelector("h1").textContent.trim().replace(/\s+/g, " ");
    slides = [...document.querySelectorAll(own.dataset.slides)].flatMap((node) => pieces(node).map((piece) => {
      const box = make("div", { className: "box" }, ...(headed(piece) ? [] : [make("h2", { textContent: heading(node) })]), piece);
      return make("section", { className: `slide ${node.closest(".lesson")?.className.replace("lesson", "") ?? ""}` }, box, make("p", { className: "whose", textContent: name }));
    }));
    slides.forEach((slide, i) => {
      slide.setAttribute("aria-label", `Slide ${i + 1} of ${slides.length}`);
      slide.lastChild.append(make("span", { className: "n", textContent: `${i + 1} / ${slides.length}` }));
    });
    const picture = own.dataset.picture && document.querySelector(own.dataset.picture);
    if (picture && !slides[0].querySelector("svg")) {
      slides[0].firstElementChild.append(copied(picture));
      slides[0].classList.add("pictured");
    }

    const way = (text, label, by) => {
      const button = make("button", { type: "button", textContent: text });
      button.setAttribute("aria-label", label);
      button.dataset.by = by;
      button.addEventListener("click", () => go(at + by));
      return button;
    };
    const act = (text, done) => {
      const button = make("button", { type: "button", textContent: text });
      button.addEventListener("click", done);
      return button;
    };
    const stage = make("div", { className: "stage-of-slides" }, ...slides);
    const count = make("span", { className: "count n" });
    count.setAttribute("role", "status");
    deck = make("div", { className: "deck", tabIndex: -1 }, stage,
      make("div", { className: "controls" }, way("←", "Previous slide", -1), count, way("→", "Next slide", 1), act("Print", () => print()), act("End", end)));
    deck.setAttribute("role", "dialog");
    deck.setAttribute("aria-modal", "true");
    deck.setAttribute("aria-label", `Slides: ${name}`);

    // Pressed at its left third a slide goes back, else on; a finger swipes.
    stage.addEventListener("click", ({ target, clientX }) => {
      if (!target.closest("a, summary") && getSelection().isCollapsed) go(at + (clientX < innerWidth / 3 ? -1 : 1));
    });
    let from = 0;
    stage.addEventListener("touchstart", ({ touches }) => { from = touches[0].clientX; }, { passive: true });
    stage.addEventListener("touchend", ({ changedTouches }) => {
      const by = changedTouches[0].clientX - from;
      if (Math.abs(by) > 50) go(at + (by < 0 ? 1 : -1));
    });

    await new Promise((done) => { look.addEventListener("load", done, { once: true }); document.head.append(look); });
    root.classList.add("showing");
    for (const one of document.body.children) one.inert = true;
    document.body.append(deck);
    fit();
    go(hashed());
    deck.focus();
  };

  const place = document.querySelector("[data-start-slides], .crumb");
  if (!place || !document.querySelector(own.dataset.slides)) return;
  const button = make("button", { type: "button", className: place.classList.contains("acts") ? "button" : "button plain as-slides", textContent: "As slides" });
  button.addEventListener("click", () => { if (!/[?&]slides/.test(location.search)) history.replaceState(null, "", `${location.pathname}${location.search}`); start(); });
  place.append(" ", button);
  if (new URLSearchParams(location.search).has("slides")) start();
})();
