// What the scripts of the comparison have in common: elements found and made, and the letters of models.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const letter = (index) => "ABCDEF"[index];
  const lettered = (index) => make("span", { class: "letter" }, letter(index));
  gallery.page = { one, all, make, letter, lettered };
})();
