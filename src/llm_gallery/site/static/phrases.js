// How people say what a search means: words that say nothing, superlatives, and turns of phrase for what is read otherwise.
"use strict";

(() => {
  const fillers = new Set(("a an and at in model models of or than the to up with from that has have uses using use used by on for is are was does do did " +
    "how many much what whats which who where why show me list find all any please about explain work works working there give i want need can you it its " +
    "like llm llms modele modeles modelle modelo modelos network networks neural count number architecture architectures released release mean means meaning tell look").split(" "));
  // Superlatives: the order in which models come, and by what where no number is named.
  const ends = {
    smallest: ["total", 1], tiniest: ["total", 1], least: ["total", 1], fewest: ["total", 1], lowest: ["total", 1], minimum: ["total", 1], min: ["total", 1],
    shortest: ["context", 1], largest: ["total", -1], biggest: ["total", -1], most: ["total", -1], highest: ["total", -1], greatest: ["total", -1],
    maximum: ["total", -1], max: ["total", -1], longest: ["context", -1], deepest: ["layers", -1], widest: ["width", -1],
    newest: ["date", -1], latest: ["date", -1], oldest: ["date", 1], earliest: ["date", 1], first: ["date", 1],
    sparsest: ["sparsity", 1], densest: ["sparsity", -1],
  };
  // As people say it, and as it is read.
  const SAID = [
    [/≥/g, ">="], [/≤/g, "<="],
    [/\b(?:an?|one)[\s-](?=[tb]rillion|million)/g, "1 "], [/(\d)\s*-?\s*(t|b|m)r?illion\b/g, "$1$2"],
    [/((?:over|under|above|below|than|least|most)\s+)?(?:multi[\s-]?)?\btrillion\b/g, (_, side) => `${side ?? "over "}1t`],
    [/\blarge language models?\b/g, "models"], [/\bopen[\s-](?:source|weights?)\b/g, ""], [/\bmost recent\b/g, "newest"],
    [/\blong[\s-]contexts?\b/g, "context over 128000"],
    [/\b(?:small|tiny|little) (?=(?:[a-z]+ )?(?:models?|llms?)\b)/g, "under 10b "], [/\b(?:big|huge|large) (?=(?:[a-z]+ )?(?:models?|llms?)\b)/g, "over 100b "],
    [/\btop[\s-]*(\d+)(?: experts?)?\b/g, "$1 active experts"], [/[’']s\b/g, "s"], [/([<>]=?)\s*/g, " $1 "], [/(\d[kmbt]?)\s*[–-]\s*(?=\d)/g, "$1 to "],
  ];

  const plain = (text) => text.normalize("NFD").replace(/\p{M}+/gu, "").toLowerCase();
  const bare = (text) => plain(text).replace(/[^\p{L}\p{N}]+/gu, "");
  const said = (text) => SAID.reduce((words, [from, to]) => words.replace(from, to), plain(text));

  gallery.take("phrases", { fillers, ends, said, plain, bare });
})();
