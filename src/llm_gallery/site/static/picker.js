// A list that is searched while one writes: the arrows choose, Enter takes, Escape closes.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const SHOWN = 8;
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const pieces = (text) => plain(text).split(/[^a-z0-9.]+/).filter(Boolean);

  // How well an option answers what is written; 0 where it doesn't.
  const fit = (option, asked) => {
    const words = pieces(asked);
    const [name, all] = [pieces(option.firstElementChild.textContent), pieces(option.textContent)];
    if (!words.every((word) => all.some((own) => own.includes(word)))) return 0;
    const starts = words.filter((word) => name.some((own) => own.startsWith(word))).length;
    return 1 + starts + (name[0]?.startsWith(words[0]) ? 2 : 0) + (name.join(" ") === words.join(" ") ? 8 : 0);
  };

  // `taken` says which ids can't be chosen, `chosen` is called with the id that was.
  gallery.picker = (input, list, taken, chosen) => {
    const options = [...list.children];
    let found = [];
    let at = -1;
    const point = (to) => {
      at = found.length ? (to + found.length) % found.length : -1;
      found.forEach((option, i) => option.setAttribute("aria-selected", i === at));
      if (at < 0) input.removeAttribute("aria-activedescendant"); else input.setAttribute("aria-activedescendant", found[at].id);
    };
    const open = (wanted) => {
      list.hidden = !wanted;
      input.setAttribute("aria-expanded", wanted);
      if (!wanted) input.removeAttribute("aria-activedescendant");
    };
    const search = () => {
      const free = options.filter((option) => !taken().includes(option.dataset.id));
      const asked = input.value.trim();
      const fits = new Map(free.map((option) => [option, asked ? fit(option, asked) : 1]));
      found = free.filter((option) => fits.get(option)).sort((a, b) => fits.get(b) - fits.get(a)).slice(0, SHOWN);
      list.replaceChildren(...found);
      point(0);
      open(found.length > 0);
      input.nextElementSibling.textContent = asked && !found.length ? "No model of that name." : "";
    };
    const take = (option) => {
      if (!option) return;
      input.value = "";
      open(false);
      chosen(option.dataset.id);
    };
    input.addEventListener("input", search);
    input.addEventListener("focus", search);
    input.addEventListener("click", () => { if (list.hidden) search(); });
    input.addEventListener("blur", () => open(false));
    input.addEventListener("keydown", (event) => {
      const keys = { ArrowDown: () => (list.hidden ? search() : point(at + 1)), ArrowUp: () => (list.hidden ? search() : point(at - 1)),
        Enter: () => { if (!list.hidden) take(found[at]); }, Escape: () => { open(false); input.value = ""; } };
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
  };
})();
