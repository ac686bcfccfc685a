// The theme that the reader chose, before anything is painted; without a choice the system's.
"use strict";

(() => {
  const root = document.documentElement;
  const names = ["", "light", "dark"];
  const words = ["System", "Light", "Dark"];

  // Storage is refused in private windows and on some files from disk: then a choice lasts for the page.
  const stored = () => {
    try { return localStorage.getItem("theme") ?? ""; } catch { return ""; }
  };
  const store = (name) => {
    try { localStorage.setItem("theme", name); } catch { /* lasts for the page */ }
  };

  const show = (name) => {
    if (name) root.dataset.theme = name; else delete root.dataset.theme;
    const button = document.getElementById("theme");
    if (!button) return;
    const at = names.indexOf(name);
    button.setAttribute("aria-label", `Theme: ${words[at]}`);
    button.querySelector(".theme-word").textContent = words[at];
  };

  root.classList.add("js");
  let chosen = names.includes(stored()) ? stored() : "";
  show(chosen);

  addEventListener("DOMContentLoaded", () => {
    show(chosen);
    document.getElementById("theme").addEventListener("click", () => {
      chosen = names[(names.indexOf(chosen) + 1) % names.length];
      store(chosen);
      show(chosen);
    });
  });
})();
