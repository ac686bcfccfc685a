// The lines for the chosen model, with the address of this very site.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const own = new URL(document.documentElement.dataset.root, location.href);
  const site = own.protocol === "file:" ? document.querySelector("[data-top]").dataset.top : own.href;
  const cell = (text) => text.replaceAll("|", "\\|");
  const attribute = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

  const show = async () => {
    const [id, chosen, theme] = [$("model").value, $("figure").value, $("colours").value];
    const lone = "made" in $("figure").selectedOptions[0].dataset ? "" : chosen; // what the page makes has no address
    const figure = `${lone || "figure"}.svg${theme && `#${theme}`}`; // an image can't tell how much room it has
    const name = $("model").selectedOptions[0].textContent;
    const image = `${site}models/${id}/${figure}`;
    const kind = (chosen && ` data-figure="${chosen}"`) + (theme && ` data-theme="${theme}"`);
    $("image").textContent = `<img src="${image}" alt="Architecture of ${attribute(name)}">`;
    $("script").textContent = `<script src="${site}embed/${id}.js"${kind}></script>`;
    $("preview").src = `${own.href}models/${id}/${figure}`;
    $("preview").alt = `Architecture of ${name}`;
    const facts = (await gallery.load("facts", "facts.js"))[id];
    $("markdown").textContent = [
      `[![Architecture of ${name}](${image})](${site}models/${id}/index.html)`,
      "",
      `| ${cell(name)} | |`,
      "| --- | --- |",
      ...facts.map(([word, value]) => `| ${word} | ${cell(value)} |`),
    ].join("\n");
  };
  $("model").addEventListener("change", show);
  $("figure").addEventListener("change", show);
  $("colours").addEventListener("change", show);
  document.addEventListener("click", async (event) => {
    const wanted = event.target.dataset.copy;
    if (!wanted) return;
    await navigator.clipboard.writeText($(wanted).textContent);
    event.target.textContent = "Copied";
    setTimeout(() => { event.target.textContent = "Copy"; }, 1500);
  });
  show();
})();
