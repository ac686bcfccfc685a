"""Figures for other pages: a script for each model that puts in its figure with a caption, and how to use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from llm_gallery.analysis.units import binary, grouped
from llm_gallery.site.contents import Site
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.model_downloads import UNLETTERED
from llm_gallery.site.page import Document, Page
from llm_gallery.site.plates import ROOMS
from llm_gallery.site.render import script
from llm_gallery.site.short_forms import count, day

EXAMPLE = "deepseek-v3"


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, the data that its snippets are made of, and one script a model."""
    yield Document("embed/index.html", "embed.html", partial(_values, site), card=site.card)
    yield Page("embed/facts.js", partial(_tables, site))
    for exhibit in site.exhibits:
        yield Page(f"embed/{exhibit.entry.id}.js", partial(_script, exhibit))


def _values(site: Site) -> dict[str, Any]:
    exhibits = {exhibit.entry.id: exhibit for exhibit in site.exhibits}
    example = exhibits.get(EXAMPLE, site.exhibits[0])
    entries = sorted((e.entry for e in site.exhibits), key=lambda entry: entry.name.lower())
    return {
        "entries": entries,
        "example": example.entry,
        "table": _facts(example),
        "top": site.hosting.top,
    }


def _tables(site: Site) -> bytes:
    return script("facts", {exhibit.entry.id: _facts(exhibit) for exhibit in site.exhibits})


def _facts(exhibit: Exhibit) -> list[tuple[str, str]]:
    """The rows of the table in Markdown."""
    counts, cache = exhibit.parameters, exhibit.cache
    active = "all" if counts.active == counts.total else f"{counts.bound}{grouped(counts.active)}"
    rows = [
        ("Organization", exhibit.entry.organization),
        ("Released", day(exhibit.entry.released)),
        ("Total parameters", grouped(counts.total)),
        ("Active parameters", active),
        ("Layers", exhibit.pattern),
        ("Context", f"{grouped(exhibit.context)} tokens" if exhibit.context else "not stated"),
        (
            "Cache per token, bf16",
            binary(cache.bytes_per_token) if cache.bytes_per_token else "none",
        ),
    ]
    if cache.state_bytes:
        rows.append(("Constant state", binary(cache.state_bytes)))
    return rows


def _script(exhibit: Exhibit) -> bytes:
    """A figure with its caption in place of the script element: no style, no request but the image's."""
    entry, counts = exhibit.entry, exhibit.parameters
    active = (
        "" if counts.active == counts.total else f", {counts.bound}{count(counts.active)} active"
    )
    caption = {
        "id": entry.id,
        "name": entry.name,
        "words": f"{count(counts.total)} parameters{active}; {exhibit.layers} layers: {exhibit.pattern}",
    }
    options = {"model": caption, "rooms": ROOMS, "kept": tuple(UNLETTERED)}
    text = _SCRIPT
    for name, value in options.items():
        text = text.replace(f"{{{name}}}", json.dumps(value, ensure_ascii=True))
    return text.encode()


_SCRIPT = """\
// The figure of one model, from the LLM Architecture Gallery: for a phone, a column or a page, by the width of its container.
// data-figure chooses another (card, paper, slide, figure-phone ...), data-theme its theme: dark, print.
(() => {
  const model = {model};
  const here = document.currentScript;
  const folder = new URL(`../models/${model.id}/`, here.src).href;
  const figure = document.createElement("figure");
  const image = document.createElement("img");
  // A figure that is kept without letters gets them here; the wide one stands for it where a policy forbids that.
  const kept = {kept};
  const loaded = (src) => new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: done, onerror: failed }));
  });
  const near = () => new Promise((done) => {
    const watch = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) { watch.disconnect(); done(); } }, { rootMargin: "1000px" });
    watch.observe(figure);
  });
  const put = async (name) => {
    await near(); // as an image that is loaded lazily, which this one can't be: it has no size before
    image.loading = "eager";
    const top = new URL("../", here.src).href;
    await (globalThis.architectureFigures ??= loaded(`${top}static/store.js`)); // once for all figures of a page
    const lettered = await globalThis.gallery.load("letters", `${top}static/letters.js`);
    const text = await lettered(top, model.id, name);
    image.addEventListener("error", wide, { once: true });
    return URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  };
  const wide = () => show(`${folder}figure.svg`);
  const [rooms, room] = [{rooms}, here.parentElement.clientWidth];
  const fitting = room < rooms.column ? "figure-phone" : room < rooms.standard ? "figure-column" : "figure";
  // Before an image had all themes, these were files of their own.
  const [, name, former] = /^(.*?)(?:-(dark|print|full))?$/.exec(here.dataset.figure ?? fitting);
  const theme = here.dataset.theme ?? (former === "full" ? "" : former);
  const show = (address) => { image.src = `${address}${theme ? `#${theme}` : ""}`; };
  if (kept.includes(name)) put(name).then(show, wide); else show(`${folder}${name}.svg`);
  image.alt = `Architecture of ${model.name}: ${model.words}`;
  image.loading = "lazy";
  const caption = document.createElement("figcaption");
  const link = document.createElement("a");
  link.href = `${folder}index.html`;
  link.textContent = model.name;
  caption.append(link, `: ${model.words}.`);
  figure.append(image, caption);
  here.replaceWith(figure);
})();
"""
