// The top of every page: the theme that the reader chose, before anything is painted, and the menu of narrow windows.
"use strict";

(() => {
  const root = document.documentElement;

  // Asked for before the style sheets say so, that no text moves; from disk a browser refuses that and complains.
  const { font } = root.dataset;
  if (font && location.protocol !== "file:") {
    const link = document.createElement("link");
    document.head.append(Object.assign(link, { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href: font }));
  }

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

    const menu = document.getElementById("menu");
    const button = document.getElementById("menu-button");
    const open = (wanted) => {
      menu.toggleAttribute("data-open", wanted);
      button.setAttribute("aria-expanded", wanted);
    };
    button.addEventListener("click", () => open(!menu.hasAttribute("data-open")));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.hasAttribute("data-open")) return;
      open(false);
      button.focus();
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".top")) open(false);
    });
  });
})();
