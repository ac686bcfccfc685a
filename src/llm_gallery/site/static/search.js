// What answers a search, of any page: loaded when somebody turns to it. And the gallery's own use of it: which cards stay.
"use strict";

(() => {
  const root = document.documentElement.dataset.root;
  let engine = null;

  // A promise of all that answers: `answer(text)`, `instead(text)`, `alike(word, words)` and the `words` themselves.
  gallery.engine = () => (engine ??= (async () => {
    const parts = ["phrases", "query", "find", "instead", "labels", "answers"];
    const [phrases, query, find, instead, labels, answers, words] = await Promise.all(
      [...parts.map((part) => gallery.load(part, `${root}static/${part}.js`)), gallery.load("words", `${root}words.js`)]);
    const finder = find(query(phrases), phrases, words);
    const offers = instead(phrases, finder);
    return { words, ...offers, answer: answers(finder, phrases, labels(finder, phrases), offers, words) };
  })());

  // What was understood, each part a button that asks without it, and what was read otherwise than it was typed.
  gallery.understood = (chips, meant, ask) => [
    ...chips.map(({ label, without }) => {
      const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: label });
      chip.setAttribute("aria-label", `Without ${label}`);
      chip.addEventListener("click", () => ask(without));
      return chip;
    }),
    ...(meant.length ? [meant.map(([typed, read]) => `“${typed}” read as ${read}`).join(", ")] : []),
  ];

  // `then` is called when questions can be answered.
  gallery.search = (models, boxes, then) => {
    const [cards, count, place] = ["cards", "count", "instead"].map((id) => document.getElementById(id));
    const by = new Map(models.map((model) => [model.id, model]));
    const none = { found: new Set(models), meant: [], chips: [] };
    let ready = null;
    let asked = null;
    let waiting = 0;
    let fault = "";

    const busy = (is) => { if (is) cards.setAttribute("aria-busy", "true"); else cards.removeAttribute("aria-busy"); };
    const load = async () => {
      try {
        const made = await gallery.engine();
        for (const model of models) {
          const { name, date, ...held } = made.words.held[model.id];
          Object.assign(model, held);
        }
        ready = made;
      } catch (error) {
        fault = `Nothing can be searched or filtered: ${error.message}. Load the page again.`;
      }
      busy(false);
      then();
    };
    const settled = () => (asked ??= load());

    // Offers as a list of buttons: what they say, the question that each asks, how many models that finds.
    const buttons = (offers, act) => offers.map(([words, query, many]) => {
      const [item, button] = ["li", "button"].map((tag) => document.createElement(tag));
      Object.assign(button, { type: "button", className: "button plain", textContent: `${words}: ${many} ${many === 1 ? "model" : "models"}` });
      button.addEventListener("click", () => act(query));
      item.append(button);
      return item;
    });

    return {
      settled,
      // The models that a text finds, `ranked` where it asks for an order. Null while what answers is on its way and something is asked: nothing is to change yet.
      find: (text, asks) => {
        if (ready) {
          const { found, meant, chips, asked: { order } } = ready.answer(text);
          const kept = new Set(found.map(({ id }) => by.get(id)));
          return { found: kept, ranked: order && [...kept], meant, chips, known: true };
        }
        busy(asks && !fault);
        if (!asks) return { ...none, known: false };
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
          if (ready && waiting === own) place.replaceChildren(...buttons([...more, ...ready.instead(text)], act));
        }, 150);
        waiting = own;
      },
    };
  };
})();
