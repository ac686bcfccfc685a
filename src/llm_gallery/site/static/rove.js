// A group of buttons or links is one stop of the Tab key; arrows, Home and End go on inside it.
"use strict";

for (const group of document.querySelectorAll("[data-rove]")) {
  const stops = [...group.querySelectorAll("a, button")];
  const stand = (at) => { for (const stop of stops) stop.tabIndex = stop === at ? 0 : -1; };
  stand(stops[0]);
  group.addEventListener("focusin", (event) => stand(event.target));
  group.addEventListener("keydown", (event) => {
    const at = stops.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: stops.length - 1 }[event.key];
    if (to === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    stops[(to + stops.length) % stops.length].focus();
  });
}
