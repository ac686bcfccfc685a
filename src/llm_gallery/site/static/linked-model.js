// The model of a config that the address carries: described by the server or in this page, never taken from the link.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

// Its numbers, as the calculator holds them of each model; null where the address carries no config, or none that can be used.
gallery.linkedModel = async () => {
  const place = document.querySelector("#from-link");
  const say = (text) => { place.hidden = !text; place.textContent = text; };
  try {
    const carried = await gallery.configLink.read(location.hash);
    if (!carried) return null;
    const { text, guessed } = carried;
    say("Describing the config of this link …");
    const { ask, hopeless } = gallery.asking(JSON.parse(place.dataset.parts), (share) => {
      if (share < 1) say(`Loading Python into this page to describe the config of this link: ${Math.round(share * 100)}%`);
    });
    const { refused, ...numbers } = await ask("memory", { text, guess: guessed ? "yes" : "" })
      .catch((error) => ({ refused: hopeless(error) }));
    if (refused) { say(refused); return null; }
    const back = document.createElement("a");
    back.textContent = "Read what it is";
    back.href = `${document.documentElement.dataset.root}describe/index.html${location.hash}`;
    place.replaceChildren(`${numbers.name} is the config that this link carries. `, back);
    return { id: "linked", ...numbers };
  } catch (error) {
    say(error.message);
    return null;
  }
};
