// The search as far as a page needs it that nobody searches: the rest, a sixth of its weight, comes with the first question.
"use strict";

(() => {
  const [cards, count, place] = ["cards", "count", "instead"].map((id) => document.getElementById(id));

  // `then` is called when questions can be answered.
  gallery.search = (models, boxes, then) => {
    let finder = null;
    let asked = null;
    let waiting = 0;
    let fault = "";

    const busy = (is) => { if (is) cards.setAttribute("aria-busy", "true"); else cards.removeAttribute("aria-busy"); };
    const load = async () => {
      try {
        const [query, find, words] = await Promise.all([
          gallery.load("query", "static/query.js"), gallery.load("find", "static/find.js"), gallery.load("words", "words.js"),
        ]);
        finder = find(query, models, boxes, words);
      } catch (error) {
        fault = `Nothing can be searched: ${error.message}. Load the page again; without a search the filters work.`;
      }
      busy(false);
      then();
    };
    const settled = () => (asked ??= load());

    return {
      settled,
      // Null while what answers is on its way: nothing is to change yet.
      find: (text) => {
        if (finder) return finder.find(text);
        busy(text.trim() && !fault);
        if (!text.trim()) return { found: new Set(models), meant: [] };
        if (fault) count.textContent = fault; else settled();
        return null;
      },
      // Where nothing fits, what would: in a moment, so that nobody who goes on typing waits for it.
      offer: (text, more, act) => {
        clearTimeout(waiting);
        waiting = 0;
        place.replaceChildren();
        if (text === null) return;
        const own = setTimeout(async () => {
          await settled();
          if (finder && waiting === own) place.replaceChildren(...finder.offers(text, more, act));
        }, 150);
        waiting = own;
      },
    };
  };
})();
