// The question at a lesson's end: checked in the page, and said aloud.
"use strict";

(() => {
  const ask = document.querySelector(".ask");
  const said = ask.querySelector("[role=status]");
  const choices = [...ask.querySelectorAll("input")];
  ask.querySelector("button").addEventListener("click", () => {
    const chosen = choices.find((choice) => choice.checked);
    for (const choice of choices) choice.closest("label").classList.toggle("right", choice === chosen && "right" in choice.dataset);
    said.textContent = chosen ? chosen.dataset.says : "Choose one first.";
  });
})();
