// The top of every page: the theme that the reader chose, before anything is painted, the fonts, the menu, and the way
// into the search.
"use strict";

(() => {
  const root = document.documentElement;

  // Fonts are asked for when the text is painted, which they would hold back; a page after the first has them at hand.
  const fonts = () => {
    const link = document.createElement("link");
    document.head.append(Object.assign(link, { rel: "stylesheet", href: `${root.dataset.root}static/fonts.css` }));
    try { sessionStorage.setItem("fonts", "here"); } catch { /* the next page waits too */ }
  };
  const here = () => {
    try { return sessionStorage.getItem("fonts"); } catch { return null; }
  };
  if (here()) fonts();
  else new PerformanceObserver((_, observer) => { observer.disconnect(); fonts(); }).observe({ type: "paint", buffered: true });

  // What answers a search comes when somebody turns to it: the way to load it where the page hasn't one, then the panel.
  const script = (name) => new Promise((done) => {
    const made = Object.assign(document.createElement("script"), { src: `${root.dataset.root}static/${name}.js`, onload: done });
    document.head.append(made);
  });
  let asked = false;
  const answering = async () => {
    if (asked) return;
    asked = true;
    if (!globalThis.gallery?.load) await script("store");
    if (!gallery.engine) await script("search");
    await script("panel");
  };

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
  };

  root.classList.add("js");
  let chosen = names.includes(stored()) ? stored() : "";
  show(chosen);

  const ready = () => {
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

    const more = document.getElementById("more");
    const search = document.getElementById("q");
    search.addEventListener("focus", () => {
      open(false);
      answering();
    });
    const form = document.getElementById("search");
    form.addEventListener("submit", (event) => { // sent before there is anything to answer it
      event.preventDefault();
      form.toggleAttribute("data-sent", true);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && more?.open && more.contains(event.target)) {
        more.open = false;
        more.querySelector("summary").focus();
      } else if (event.key === "Escape" && menu.hasAttribute("data-open")) {
        open(false);
        button.focus();
      } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey &&
        !event.target.closest("input, select, textarea, [contenteditable]")) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    });
    document.addEventListener("click", (event) => {
      if (more && !more.contains(event.target)) more.open = false;
      if (!event.target.closest(".top")) open(false);
    });
    more?.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !more.contains(event.relatedTarget)) more.open = false;
    });
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", ready); else ready();
})();
