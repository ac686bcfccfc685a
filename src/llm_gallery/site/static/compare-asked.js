// As soon as it is here: what the address asks for is told, and its models' files are fetched, so that they wait for no other script.
"use strict";

(() => {
  const root = document.documentElement.dataset.root;
  const ids = (new URLSearchParams(location.search).get("m") ?? "").split(",").filter((id) => /^[a-z0-9][a-z0-9.-]*$/.test(id));
  if (ids.length < 2) return;
  document.documentElement.classList.add("asked");
  if (location.protocol === "file:") return; // where nothing is fetched ahead
  for (const name of ids.slice(0, 6).flatMap((id) => [`compare/${id}`, `drawings/${id}-tower`])) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href: `${root}${name}.js` }));
  }
})();
