// What Excalidraw makes of a file: its elements as it restores them, the picture that it exports, and its editor.
import { Excalidraw, exportToSvg, restore } from "@excalidraw/excalidraw";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

window.opened = async (text) => {
  const { elements, appState } = restore(JSON.parse(text), null, null, { refreshDimensions: true });
  const state = { ...appState, exportBackground: true };
  const svg = await exportToSvg({ elements, appState: state, files: null, skipInliningFonts: true });
  return { elements, svg: svg.outerHTML };
};

window.edited = (text) =>
  new Promise((resolve) => {
    const host = document.body.appendChild(document.createElement("div"));
    host.style.cssText = "position:fixed;inset:0";
    const shown = { initialData: { ...JSON.parse(text), scrollToContent: true }, excalidrawAPI: resolve };
    createRoot(host).render(createElement(Excalidraw, shown));
  }).then((api) => { window.editor = api; });

window.widths = async (texts, font) => {
  await document.fonts.load(font);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  return texts.map((text) => pen.measureText(text).width);
};
