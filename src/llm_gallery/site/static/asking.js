// Who answers questions about a config: the server that serves this page where it does, else Python in the page.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

gallery.asking = (parts, progress) => {
  const root = document.documentElement.dataset.root;
  const python = gallery.python(parts, { progress });
  // llm-gallery serve says in a header that it answers; any other host only holds files.
  const served = performance.getEntriesByType("navigation")[0]?.serverTiming.some(({ name }) => name === "describes");
  const TRIES = 5; // while others ask for much

  const ask = async (name, asked) => {
    if (!served) return (await python.ask(name, asked)).answer;
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${root}api/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(asked),
      });
      if (answer.status !== 503 || tries === TRIES) return answer.json();
      await new Promise((done) => { setTimeout(done, 1000 * Number(answer.headers.get("Retry-After"))); });
    }
  };
  // What files hold is read by Python in the page even where a server answers: no weights are sent.
  const read = async (files, until, guess, name = "files") =>
    (await python.ask(name, { names: files.map(([path]) => path), guess }, "", files, until)).answer;
  // Why no answer came, in words for a reader.
  const hopeless = (error) => (location.protocol === "file:"
    ? error.message
    : `No answer: ${error.message} Reload the page, or run llm-gallery serve on your machine.`);
  return { ask, read, hopeless };
};
