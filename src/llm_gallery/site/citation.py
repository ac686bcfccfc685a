"""How a model's page and the gallery are cited: a BibTeX entry each, with the package's own author and version."""

from __future__ import annotations

from datetime import date
from importlib.metadata import metadata

from llm_gallery.catalog.entry import Entry
from llm_gallery.site.hosting import Hosting
from llm_gallery.site.short_forms import day, many

PACKAGE = "llm-architecture-gallery"
FILE = "cite.bib"
"""Beside a model's page."""


def bibtex(entry: Entry, hosting: Hosting, newest: date) -> str:
    """The page as of its newest model; where the site's address isn't known, with the config's that it shows."""
    top = hosting.address
    return _entry(
        f"{PACKAGE}-{entry.id}",
        f"{{{_text(entry.name)}}}: architecture, figures and facts",
        f"{top}models/{entry.id}/index.html" if top else entry.provenance.source,
        _text(f"Computed from config.json of {entry.repository}, {day(entry.released)}"),
        newest,
    )


def bibtex_of_gallery(hosting: Hosting, newest: date, models: int) -> str:
    """The whole gallery as of its newest model; without an address where the site's isn't known."""
    note = _text(f"{many(models, 'model')}, computed from config.json of each")
    title = "{LLM Architecture Gallery}"
    return _entry(f"{PACKAGE}-{newest.year}", title, hosting.address, note, newest)


def _entry(key: str, title: str, address: str, note: str, newest: date) -> str:
    package = metadata(PACKAGE)
    fields = {
        "author": f"{{{_text(package['Author'])}}}",
        "title": title,
        "howpublished": "LLM Architecture Gallery",
        "version": _text(package["Version"]),
        "date": newest.isoformat(),
        "year": f"{newest.year}",
        "url": address,
        "note": note,
    }
    held = {name: value for name, value in fields.items() if value}
    wide = max(map(len, held))
    lines = ",\n".join(f"  {name:<{wide}} = {{{value}}}" for name, value in held.items())
    return f"@misc{{{key},\n{lines}\n}}"


def _text(words: str) -> str:
    """Words as LaTeX sets them: its signs stand for themselves."""
    return words.translate(_SIGNS)


_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"}) | str.maketrans(
    {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
)
