// As soon as it is here: the files of the models that the address names are fetched, so that they wait for no other script.
"use strict";

(() => {
  const root = document.documentElement.dataset.root;
  const ids = (new URLSearchParams(location.search).get("m") ?? "").split(",").filter((id) => /^[a-z0-9][a-z0-9.-]*$/.test(id));
  if (ids.length < 2 || location.protocol === "file:") return;
  for (const name of ids.slice(0, 6).flatMap((id) => [`compare/${id}`, `drawings/${id}-tower`])) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href: `${root}${name}.js` }));
  }
})();
