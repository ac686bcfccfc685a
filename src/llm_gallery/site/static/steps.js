// A token's way through a model: the token goes along the stream from panel to panel, by button, key, finger or of itself.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const section = one("#steps");
  const walk = one("#walk");
  const places = [...walk.querySelectorAll("li")];
  const [back, on] = section.querySelectorAll("[data-step]");
  const play = one("#play");
  const told = one("output", section);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const GLIDE = 1100; // ms from a panel to the next one
  const read = (text) => GLIDE + 900 + 200 * text.split(/\s+/).length; // ms that a panel stands

  let tokens = []; // where the token stands in each panel
  let token = null;
  let at = 0;
  let playing = 0; // the timer

  const stop = () => {
    clearTimeout(playing);
    playing = 0;
    play.textContent = "Play";
  };

  // To its place in a panel; it is seen to go there from where it was.
  const glide = (to) => {
    const before = token.getBoundingClientRect();
    const { wide, high, x, y } = tokens[to];
    token.style.left = `${(100 * x) / wide}%`;
    token.style.top = `${(100 * y) / high}%`;
    places[to].append(token);
    const after = token.getBoundingClientRect();
    if (still.matches || !before.width) return;
    const from = `translate(${before.left - after.left}px, ${before.top - after.top}px)`;
    token.animate([{ transform: from }, { transform: "none" }], { duration: GLIDE, easing: "ease-in-out" });
  };

  const mark = (to) => {
    at = to;
    glide(to);
    places.forEach((place, i) => { if (i === to) place.setAttribute("aria-current", "step"); else place.removeAttribute("aria-current"); });
    const ends = [[back, at === 0], [on, at === places.length - 1]];
    for (const [button, end] of ends) if (end) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
    told.textContent = tokens[at].title;
  };

  const go = (to) => {
    if (to < 0 || to >= places.length || !token) return;
    mark(to);
    const room = walk.getBoundingClientRect();
    const panel = places[to].getBoundingClientRect();
    if (panel.left >= room.left - 1 && panel.right <= room.right + 1) return;
    const left = walk.scrollLeft + panel.left - room.left - Math.max(0, room.width - panel.width) / 2;
    walk.scrollTo({ left, behavior: still.matches ? "instant" : "smooth" });
  };

  const next = () => {
    playing = setTimeout(() => {
      go(at + 1);
      if (at < places.length - 1) next(); else stop();
    }, read(tokens[at].words));
  };

  play.addEventListener("click", async () => {
    if (playing) { stop(); return; }
    await ready();
    play.textContent = "Pause";
    go(at === places.length - 1 ? 0 : at + 1);
    next();
  });
  for (const button of [back, on]) {
    button.addEventListener("click", async () => { stop(); await ready(); go(at + Number(button.dataset.step)); });
  }
  walk.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: places.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    stop();
    go(to);
  });

  // Who scrolls takes the token along, to the panel in the middle.
  let settled = 0;
  walk.addEventListener("scroll", () => {
    clearTimeout(settled);
    settled = setTimeout(() => {
      if (!token) return;
      const room = walk.getBoundingClientRect();
      const seen = (place) => {
        const { left, right } = place.getBoundingClientRect();
        return Math.min(right, room.right) - Math.max(left, room.left);
      };
      if (seen(places[at]) > 0.6 * places[at].offsetWidth) return;
      stop();
      mark(places.reduce((best, place, i) => (seen(place) > seen(places[best]) + 1 ? i : best), 0));
    }, 150);
  });

  // Panels are drawn when they come near; then the token stands in the first.
  let loading = null;
  const ready = () => (loading ??= (async () => {
    const name = /drawings\/.*(?=\.js$)/.exec(walk.dataset.source)[0];
    const panels = await gallery.load(name, walk.dataset.source);
    tokens = panels.map(([text, x, y], i) => {
      const svg = gallery.drawing(text);
      const { width: wide, height: high } = svg.viewBox.baseVal;
      const ring = [...svg.querySelectorAll("circle")].find((circle) => Math.hypot(circle.cx.baseVal.value - x, circle.cy.baseVal.value - y) < 0.1);
      places[i].replaceChildren(svg);
      return { x, y, wide, high, ring, title: one("title", svg).textContent.replace(/^.*?, step/, "Step"), words: one("desc", svg).textContent };
    });
    const { x, y, high } = tokens[0];
    token = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    token.setAttribute("class", "token drawn");
    token.setAttribute("aria-hidden", "true");
    token.setAttribute("viewBox", `${x - 10} ${y - 10} 20 20`);
    token.append(tokens[0].ring.cloneNode());
    for (const { ring } of tokens) ring.classList.add("stop");
    walk.style.setProperty("--stream", `${(100 * y) / high}%`);
    walk.dataset.ready = "";
    mark(0);
  })());
  new IntersectionObserver((seen, own) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    own.disconnect();
    ready();
  }, { rootMargin: "400px" }).observe(section);
})();
