// Search, filters and order as far as a page needs them that nobody asks anything: what answers, a quarter of its weight,
// comes when somebody turns to them.
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
        fault = `Nothing can be searched or filtered: ${error.message}. Load the page again.`;
      }
      busy(false);
      then();
    };
    const settled = () => (asked ??= load());

    return {
      settled,
      // The models that a text finds. Null while what answers is on its way and something is asked: nothing is to change yet.
      find: (text, asks) => {
        if (finder) return { ...finder.find(text), known: true };
        busy(asks && !fault);
        if (!asks) return { found: new Set(models), meant: [], known: false };
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
