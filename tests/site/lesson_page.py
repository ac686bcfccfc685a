"""A page with code that runs in it, beside a built site."""

from __future__ import annotations

from pathlib import Path

from llm_gallery.site.hosting import NOWHERE
from llm_gallery.site.page import Document
from llm_gallery.site.render import POLICY, environment
from llm_gallery.site.run_in_page import Running, parts
from llm_gallery.site.sharing import PageMetadata

PAGE = """\
{% extends "base.html" %}{% from "run.html" import run %}
{% block title %}A lesson{% endblock %}{% block description %}A lesson{% endblock %}
{% block scripts %}<link rel="stylesheet" href="{{ root }}static/run.css">
<script src="{{ root }}static/python.js" defer></script><script src="{{ root }}static/run.js" defer></script>{% endblock %}
{% block main %}<div class="wrap"><h1>A lesson</h1>{{ run(made, "run.json", parts) }}</div>{% endblock %}
"""


def written_page(site: Path, name: str, made: Running) -> str:
    """Writes the page and what it loads; its path below the site."""
    document = Document(f"lessons/{name}/index.html", "", dict)
    text = (
        environment()
        .from_string(PAGE)
        .render(
            root="../../",
            path="",
            menu=(),
            section="",
            policy=POLICY,
            shared=PageMetadata(document, NOWHERE),
            made=made,
            parts=parts(),
        )
    )
    folder = site / "lessons" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(text, "utf-8")
    (folder / "run.json").write_bytes(made.json)
    return f"lessons/{name}/index.html"
