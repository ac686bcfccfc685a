// Sections that the first paint left out are laid out while nothing else is to do, so that the page is as high as it says.
"use strict";

(() => {
  const waiting = [...document.querySelectorAll(".late section")];
  const idle = globalThis.requestIdleCallback ?? ((call) => setTimeout(call, 50));
  const next = () => {
    const section = waiting.shift();
    if (!section) return;
    section.classList.add("laid");
    idle(next);
  };
  addEventListener("load", () => idle(next));
})();
