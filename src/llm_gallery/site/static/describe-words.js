// Describe your own, in words: what it is, whom it resembles, what to do with an unknown type, and its entry.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

gallery.words = (root, page, made, { entry, typed }) => {
  const one = (selector) => document.querySelector(selector);
  const model = (id) => `${root}models/${encodeURIComponent(id)}/index.html`;

  // What it is, at once; whom it resembles is looked for.
  const sentences = (paragraphs, facts) => {
    one("#prose").replaceChildren(...paragraphs.map((text) => made("p", text)));
    one("#kin").textContent = "Comparing with every model of the gallery …";
    guessed(facts.guess ? `This is a guess. No family here is called “${facts.model_type}”; it is drawn as ${facts.guess}, whose keys fit best.` : "");
    one("#entry").hidden = Boolean(facts.guess);
    if (one("#entry").open) fill();
  };
  const kin = (pieces, found) => {
    one("#kin").replaceChildren(...pieces.map(({ text, model: id }) => {
      if (!id) return text;
      const link = made("a", text);
      link.href = model(id);
      return link;
    }));
    const changes = found[0]?.changes.length;
    if (!changes) return;
    const more = made("button", changes === 1 ? "See the change" : `See all ${changes} changes`, "button plain");
    more.type = "button";
    more.addEventListener("click", () => {
      const fold = one("#relatives details");
      if (fold) fold.open = true;
      one("#nearest").scrollIntoView();
      one("#nearest").focus({ preventScroll: true });
    });
    one("#kin").append(" ", more);
  };

  // A type that no family has: what to do stands here, with the switch for it beside.
  const guessed = (text) => {
    page.toggleAttribute("data-guess", Boolean(text));
    one("#guessed").textContent = text;
  };
  const refused = (text, unknown) => {
    const names = unknown?.by_name ?? [];
    one("#refused").textContent = unknown ? `No family here is called “${unknown.type}”.` : text;
    one("#likely").replaceChildren(...(names.length ? ["Did you mean ", ...names.flatMap((name, i) => {
      const button = made("button", name, "button plain");
      button.type = "button";
      button.addEventListener("click", () => typed(unknown.type, name));
      return i ? [i === names.length - 1 ? " or " : ", ", button] : [button];
    }), "?"] : []));
    if (!unknown) { guessed(""); return; }
    const [first] = unknown.by_keys;
    if (first) guessed(`If it is built like a known one, let the page guess; its keys fit ${first} best.`);
    else { guessed(""); one("#likely").append(" Its keys fit no family either, so there is nothing to guess from."); }
  };

  // Where the description can be taken: a link that carries the config.
  const linked = (fragment, refusal) => {
    one("#fits").href = `${root}run-it/index.html${fragment}`;
    one("#fits").hidden = !fragment;
    one("#copy-link").hidden = !fragment;
    one("#unlinked").textContent = refusal;
  };

  // Its entry for a catalog, drafted when somebody opens it.
  const fill = async () => {
    const { id, text, refused: why } = await entry();
    one("#entry-text").textContent = why ?? text;
    for (const place of document.querySelectorAll("[data-entry-file]")) place.textContent = `${place.dataset.entryFile}${id ?? "model"}.toml`;
    one("#entry-id").textContent = id ?? "model";
  };
  one("#entry").addEventListener("toggle", () => { if (one("#entry").open) fill(); });
  one("#copy-entry").addEventListener("click", (event) => gallery.copy(event.target, one("#entry-text").textContent, one("#entry-text")));

  return { sentences, kin, refused, linked };
};
