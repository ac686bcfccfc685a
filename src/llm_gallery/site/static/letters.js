// An image of a model that is kept without its letters, with them: on this page, or on another site's that has store.js.
"use strict";

gallery.take("letters", async (top, id, name) => {
  const [text, faces] = await Promise.all([
    gallery.load(`${name}/${id}`, `${top}models/${id}/${name}.js`),
    gallery.load("faces", `${top}static/faces.js`),
  ]);
  return text.replace("<style>", () => `<style>${faces}`);
});
