// The page of what isn't there, at an address of any depth below a path that the build wasn't told: the copy
// of this script that loads says where the top is, and every link from the host's root then starts there.
"use strict";

(() => {
  const page = document.documentElement;
  if (page.dataset.found) return;
  const top = document.currentScript.src.replace(/static\/missing\.js$/, "");
  page.dataset.found = top;
  for (const link of document.querySelectorAll("a[href^='/']")) link.href = top + link.getAttribute("href").slice(1);
  document.getElementById("up").remove();
  page.dataset.root = top;
  for (const name of ["top", "guess"]) document.head.append(Object.assign(document.createElement("script"), { src: `${top}static/${name}.js` }));
})();
