// A picture that moves: drawn anew whenever the dial turns or a slider of its own does; it plays where that is wished for.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

// `draw` is given what moves (the dial's value, the sliders' by name), the numbers, and how to draw and speak.
gallery.moving = (draw) => {
  const TICK = 90; // ms
  const figure = document.querySelector(".moving");
  const svg = figure.querySelector("svg");
  const numbers = JSON.parse(figure.dataset.numbers);
  const sliders = [...figure.querySelectorAll("input")];
  const says = figure.querySelector(".moving-says");
  const outputs = document.querySelector(".dial output");
  const dialled = () => (outputs ? Number(outputs.textContent.replaceAll(",", "")) : null);

  const add = (name, look, places, text) => {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
    shape.setAttribute("class", look);
    for (const [key, value] of Object.entries(places)) {
      shape.setAttribute(key, typeof value === "number" ? `${Math.round(100 * value) / 100}` : value);
    }
    if (text !== undefined) shape.textContent = text;
    svg.append(shape);
  };
  const read = (name, words) => {
    const slider = figure.querySelector(`#moving-${name}`);
    figure.querySelector(`output[for="moving-${name}"]`).textContent = words;
    slider.setAttribute("aria-valuetext", words);
  };
  const say = (words) => { if (says.textContent !== words) says.textContent = words; };
  const redraw = () => {
    svg.replaceChildren(svg.querySelector("title"));
    const at = Object.fromEntries(sliders.map(({ id, value }) => [id.slice("moving-".length), Number(value)]));
    draw({ numbers, dial: dialled(), at, add, read, say });
  };

  // It plays along the first slider, once to its end.
  const button = figure.querySelector("button");
  const [first] = sliders;
  let timer = 0;
  const pause = () => {
    clearInterval(timer);
    timer = 0;
    if (button) button.textContent = "Play";
    says.setAttribute("aria-live", "polite");
  };
  const pace = Number(first?.max) > 50 ? TICK : 12 * TICK;
  button?.addEventListener("click", () => {
    if (timer) { pause(); return; }
    if (first.value === first.max) first.value = first.min;
    button.textContent = "Pause";
    says.setAttribute("aria-live", "off"); // not a sentence each tenth of a second
    timer = setInterval(() => {
      first.value = Number(first.value) + 1;
      redraw();
      if (first.value === first.max) pause();
    }, pace);
  });
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const offer = () => { if (button) button.hidden = still.matches; pause(); };
  still.addEventListener("change", offer);
  offer();
  for (const slider of sliders) slider.addEventListener("input", () => { pause(); redraw(); });
  document.querySelector(".dial")?.addEventListener("turned", redraw);
  redraw();
};
