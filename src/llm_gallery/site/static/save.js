// A drawing of the page as a file of its own: its looks as attributes, its font inside; as SVG or as PNG of any size.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity",
    "font-family", "font-size", "font-weight", "font-style", "letter-spacing", "text-anchor"];
  const PLAIN = { fill: "rgb(0, 0, 0)", stroke: "none", "stroke-width": "1px", "stroke-dasharray": "none",
    "stroke-linejoin": "miter", opacity: "1", "font-style": "normal", "font-weight": "400",
    "letter-spacing": "normal", "text-anchor": "start" };
  const SHAPES = new Set(["path", "rect", "circle", "ellipse", "line", "polygon", "polyline", "text", "tspan"]);

  const looked = (from, to) => {
    const style = getComputedStyle(from);
    const text = from.tagName === "text" || from.tagName === "tspan";
    for (const name of LOOKS) {
      if (!text && (name.startsWith("font") || name.startsWith("text") || name.startsWith("letter"))) continue;
      const value = style.getPropertyValue(name);
      if (value && value !== PLAIN[name]) to.setAttribute(name, value);
    }
    if (text && style.fontFeatureSettings !== "normal") to.classList.add("tabular"); else to.removeAttribute("class");
  };

  // Copies of drawings side by side as one SVG of its own, on the page's paper; `heads` stand above them.
  gallery.standalone = (drawings, heads, faces) => {
    const GAP = 32;
    const HEAD = heads.length ? 40 : 0;
    const sizes = drawings.map((svg) => svg.viewBox.baseVal);
    const width = sizes.reduce((sum, size) => sum + size.width, GAP * (sizes.length + 1));
    const height = Math.max(...sizes.map((size) => size.height)) + 2 * GAP + HEAD;
    const root = document.createElementNS(SVG, "svg");
    const put = (name, attributes, text = "") => {
      const made = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.textContent = text;
      root.append(made);
      return made;
    };
    for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) root.setAttribute(key, value);
    put("style", {}, `${faces}.tabular{font-feature-settings:"tnum"}`);
    put("rect", { width, height, fill: getComputedStyle(drawings[0].closest(".paper, .figure")).backgroundColor });
    let x = GAP;
    drawings.forEach((svg, i) => {
      const ink = getComputedStyle(document.body).color;
      if (heads[i]) put("text", { x, y: GAP + 14, fill: ink, "font-family": "Inter", "font-size": "18px", "font-weight": "600" }, heads[i]);
      const copy = svg.cloneNode(true);
      const from = svg.querySelectorAll("*");
      copy.querySelectorAll("*").forEach((element, at) => {
        if (SHAPES.has(element.tagName)) looked(from[at], element);
        for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
      });
      copy.querySelector(".over")?.remove();
      for (const name of ["style", "class"]) copy.removeAttribute(name);
      for (const [key, value] of Object.entries({ x, y: GAP + HEAD, width: sizes[i].width, height: sizes[i].height })) copy.setAttribute(key, value);
      root.append(copy);
      x += sizes[i].width + GAP;
    });
    return { text: new XMLSerializer().serializeToString(root), width, height };
  };

  // An image of another page's kind (Drawing.image) in one of its themes for good, for programs that know no fragments.
  gallery.inTheme = (text, theme) => text
    .replace(new RegExp(`#${theme}:target :is\\(([^)]*)\\)`, "g"), "$1")
    .replaceAll(`#${theme}:target .paper`, ".paper");

  gallery.png = async ({ text, width, height }, scale) => {
    const image = new Image();
    const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    try {
      image.src = address;
      await image.decode();
    } finally {
      URL.revokeObjectURL(address);
    }
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done, failed) => {
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("too large for this browser"))), "image/png");
    });
  };

  gallery.save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  gallery.faces = () => gallery.load("faces", `${document.documentElement.dataset.root}static/faces.js`);

  // Text to the clipboard; where that is refused, it is selected where it stands.
  gallery.copy = async (button, text, shown) => {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      if (!shown) { button.textContent = "The browser refused"; return; }
      getSelection().selectAllChildren(shown);
      button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => { button.textContent = before; }, 2000);
  };
})();

gallery.take?.("save", true); // where a press loads it
