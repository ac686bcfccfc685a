// A lesson: one step is shown in drawing, sentence and code at once; letters light everywhere; the dial turns.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Steps: one state, which stands in the address.
  const stepper = one(".stepper");
  if (stepper) {
    const tabs = all("[role=tab]", stepper);
    const ways = all("[data-go]", stepper);
    let step = 0;
    const show = (to, focus) => {
      step = Math.min(tabs.length, Math.max(1, to));
      tabs.forEach((tab, i) => {
        tab.setAttribute("aria-selected", `${i + 1 === step}`);
        tab.tabIndex = i + 1 === step ? 0 : -1;
      });
      if (focus) tabs[step - 1].focus();
      all(".say > div", stepper).forEach((said, i) => said.classList.toggle("on", i + 1 === step));
      for (const veil of all(".veils g", stepper)) veil.classList.toggle("on", veil.dataset.step === `${step}`);
      for (const line of all(".ln", stepper)) line.classList.toggle("on", line.dataset.step.split(" ").includes(`${step}`));
      const pre = one(".code pre", stepper);
      const first = one(".ln.on", pre);
      if (first) pre.scrollTop = first.offsetTop - pre.offsetTop - 40;
      for (const way of ways) {
        const end = step + Number(way.dataset.go) < 1 || step + Number(way.dataset.go) > tabs.length;
        if (end) way.setAttribute("aria-disabled", "true"); else way.removeAttribute("aria-disabled");
      }
      const address = new URL(location.href);
      if (step > 1) address.searchParams.set("step", `${step}`); else address.searchParams.delete("step");
      if (address.href !== location.href) history.replaceState(null, "", address);
    };
    tabs.forEach((tab, i) => tab.addEventListener("click", () => show(i + 1)));
    for (const way of ways) way.addEventListener("click", () => show(step + Number(way.dataset.go)));
    one(".tabs", stepper).addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1, Home: -tabs.length, End: tabs.length }[event.key];
      if (by && event.target.getAttribute("role") === "tab") {
        show(step + by, true);
        event.preventDefault();
      }
    });
    let from = null; // a finger swipes from step to step
    const plate = one(".drawn-steps", stepper);
    plate.addEventListener("touchstart", (event) => { from = event.touches[0].clientX; }, { passive: true });
    plate.addEventListener("touchend", (event) => {
      const by = event.changedTouches[0].clientX - from;
      if (Math.abs(by) > 50) show(step + (by < 0 ? 1 : -1));
    });
    show(Number(new URLSearchParams(location.search).get("step")) || 1);
  }

  // A letter lights in formula, table and code alike.
  const letters = all("[data-sym]");
  let lit = null;
  document.addEventListener("pointerover", ({ target }) => {
    const now = (target instanceof Element && target.closest("[data-sym]")?.dataset.sym) || null;
    if (now === lit) return;
    lit = now;
    for (const letter of letters) letter.classList.toggle("lit", letter.dataset.sym === lit);
  });

  // The dial: its places are the rows of a table, counted when the site was built.
  const dial = one(".dial");
  if (dial) {
    const input = one("input", dial);
    one(":scope > .scroll", dial).removeAttribute("tabindex"); // out of sight now
    const rows = all("tbody tr", dial);
    const reads = all(".read dd.n", dial);
    const [means, having] = all(".verdict p", dial);
    const turn = () => {
      const row = rows[Number(input.value)];
      one("output", dial).textContent = row.dataset.value;
      all("td.n", row).forEach((cell, i) => { reads[i].textContent = cell.textContent; });
      means.textContent = one(".means", row).textContent;
      const who = one(".who", row).textContent;
      having.textContent = who && `As in ${who}.`;
      input.setAttribute("aria-valuetext", row.dataset.value);
      for (const bar of all(".bar", dial)) bar.setAttribute("width", row.dataset[bar.dataset.of]);
    };
    input.addEventListener("input", turn);
    turn();
  }

  for (const button of all("[data-copy]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(all(".ln", one(button.dataset.copy)).map((line) => line.textContent).join("\n"));
      button.textContent = "Copied";
    });
  }
})();
