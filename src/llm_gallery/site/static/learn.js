// The page of lessons: which of its three faces the address asks for, before anything is painted; what a tile builds on.
"use strict";

(() => {
  const asked = new URLSearchParams(location.search);
  if (asked.has("make")) document.documentElement.classList.add("making");
  else if (asked.has("lessons")) document.documentElement.classList.add("own-course");

  addEventListener("DOMContentLoaded", () => {
    let marked = [];
    const mark = (tile) => {
      for (const one of marked) one.classList.remove("needed");
      marked = (tile?.dataset.before || "").split(" ").filter(Boolean).map((id) => document.getElementById(id));
      for (const one of marked) one.classList.add("needed");
    };
    const tile = (target) => (target instanceof Element && target.closest(".tile")) || null;
    for (const name of ["pointerover", "focusin"]) document.addEventListener(name, ({ target }) => mark(tile(target)));
    const left = ({ target }) => tile(target)?.classList.remove("dismissed");
    for (const name of ["pointerout", "focusout"]) document.addEventListener(name, left);
    document.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      for (const one of document.querySelectorAll(".tile:is(:hover, :focus-within)")) one.classList.add("dismissed");
    });
  });
})();
