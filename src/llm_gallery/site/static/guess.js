// What an address that leads nowhere was meant to be: the last word of it, as models, lessons and pages are called.
"use strict";

(async () => {
  const root = document.documentElement.dataset.root;
  const MOST = 5;
  const FOLDERS = new Set(["models", "concepts", "learn", "index", "html", "drawings", "code"]);

  const script = (name) => new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src: `${root}static/${name}.js`, onload: done, onerror: failed }));
  });
  const way = (() => {
    const top = new URL(root, location.href).pathname;
    const path = location.pathname.startsWith(top) ? location.pathname.slice(top.length) : location.pathname;
    try { return decodeURIComponent(path); } catch { return path; }
  })();
  const word = way.replace(/\.(html?|json|svg|png|pdf)$/i, "").split("/").filter((part) => part && !FOLDERS.has(part.toLowerCase())).at(-1);
  if (!word || word.replace(/[^\p{L}\p{N}]/gu, "").length < 3) return;

  const said = word.replace(/[-_+\s]+/g, " ").trim().slice(0, 120);
  document.getElementById("q").value = said;
  if (!globalThis.gallery?.load) await script("store");
  if (!gallery.engine) await script("search");
  const { words, answer, alike } = await gallery.engine();

  const places = new Map([
    ...Object.entries(words.held).map(([id, { name }]) => [id, [name, `models/${id}/index.html`]]),
    ...words.lessons.map(([id, name]) => [id, [name, `concepts/${id}/index.html`]]),
    ...words.pages.filter(({ path }) => path).map(({ title, path }) => [path.replace(/\/?index\.html.*$/, ""), [title, path]]),
  ]);
  const near = alike(word.toLowerCase(), [...places.keys()]).map((id) => places.get(id));
  const { answers, says } = answer(said);
  const found = answers.filter(({ score }) => score > 60).map(({ title, href }) => [title, href]);
  const all = answers[0]?.score > 95 && !says ? [...found, ...near] : [...near, ...found];
  const guesses = [...new Map(all.map((one) => [one[1], one])).values()].slice(0, MOST);
  if (!guesses.length) return;

  const list = document.createElement("ul");
  list.className = "guesses";
  for (const [title, href] of guesses) {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href: root + href, textContent: title }));
    list.append(item);
  }
  const asked = Object.assign(document.createElement("p"), { textContent: "Did you mean one of these?" });
  document.getElementById("guess").append(asked, list);
})();
