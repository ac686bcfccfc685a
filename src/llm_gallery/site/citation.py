"""How a model's page is cited: one BibTeX entry, with the package's own author and version."""

from __future__ import annotations

from datetime import date
from importlib.metadata import metadata

from llm_gallery.catalog.entry import Entry
from llm_gallery.site.hosting import Hosting
from llm_gallery.site.short_forms import day

PACKAGE = "llm-architecture-gallery"
FILE = "cite.bib"
"""Beside a model's page."""


def bibtex(entry: Entry, hosting: Hosting, newest: date) -> str:
    """The page as of its newest model; where the site's address isn't known, with the config's that it shows."""
    package, top = metadata(PACKAGE), hosting.address
    address = f"{top}models/{entry.id}/index.html" if top else entry.provenance.source
    fields = {
        "author": f"{{{_text(package['Author'])}}}",
        "title": f"{{{_text(entry.name)}}}: architecture, figures and facts",
        "howpublished": "LLM Architecture Gallery",
        "version": _text(package["Version"]),
        "date": newest.isoformat(),
        "year": f"{newest.year}",
        "url": address,
        "note": _text(f"Computed from config.json of {entry.repository}, {day(entry.released)}"),
    }
    wide = max(map(len, fields))
    lines = ",\n".join(f"  {name:<{wide}} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{PACKAGE}-{entry.id},\n{lines}\n}}"


def _text(words: str) -> str:
    """Words as LaTeX sets them: its signs stand for themselves."""
    return words.translate(_SIGNS)


_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"}) | str.maketrans(
    {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
)
