// The page of a model's code: a line's address opens the part that holds it; parts open and fold; the whole is copied.
"use strict";

(() => {
  const one = (selector) => document.querySelector(selector);
  const parts = [...document.querySelectorAll(".part")];
  if (!parts.length) return;

  const asked = () => {
    const line = location.hash && document.getElementById(location.hash.slice(1));
    const part = line && line.closest(".part");
    if (!part || part.open) return;
    part.open = true;
    line.scrollIntoView();
  };
  addEventListener("hashchange", asked);
  asked();

  const all = one("#unfold");
  const told = () => { all.textContent = parts.every((part) => part.open) ? "Fold all" : "Open all"; };
  all.addEventListener("click", () => {
    const open = !parts.every((part) => part.open);
    for (const part of parts) part.open = open;
  });
  for (const part of parts) part.addEventListener("toggle", told);

  const copy = one("#copy-code");
  copy.addEventListener("click", async () => {
    const text = `${[...document.querySelectorAll(".listing li")].map((line) => line.textContent).join("\n")}\n`;
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "The browser refused";
    }
    setTimeout(() => { copy.textContent = "Copy"; }, 2000);
  });
})();
