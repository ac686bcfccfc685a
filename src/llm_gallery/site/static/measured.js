// One model's rows, by the address: #gpt-oss-20b.
"use strict";

(() => {
  const chosen = document.getElementById("model");
  const show = () => {
    for (const part of document.querySelectorAll("tbody[data-model]")) {
      part.hidden = Boolean(chosen.value) && part.dataset.model !== chosen.value;
    }
  };
  const read = () => {
    const asked = decodeURIComponent(location.hash.slice(1));
    chosen.value = [...chosen.options].some((option) => option.value === asked) ? asked : "";
    show();
  };
  chosen.addEventListener("change", () => {
    history.replaceState(null, "", chosen.value ? `#${chosen.value}` : location.pathname + location.search);
    show();
  });
  addEventListener("hashchange", read);
  read();
})();
