"""Commands that write a file or a folder, or serve one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from llm_gallery.cli.commands import Detail, Theme, Unusable

FORMATS = (".svg", ".png", ".pdf")


def figure(model: str, output: Path, theme: Theme, detail: Detail) -> None:
    """Draws a model into a file whose ending says the format."""
    ending = output.suffix.lower()
    if ending not in FORMATS:
        raise Unusable(f"{output} ends in {ending or 'nothing'!r}, expected .svg, .png or .pdf.")
    from llm_gallery.catalog.load import find
    from llm_gallery.figure import draw

    found = find(model)
    # A PNG or PDF is set with the font files beside it; only an SVG carries its own.
    svg = draw(
        found.architecture,
        found.heading,
        theme=theme,
        detail=detail,
        embed_font=ending == ".svg",
    )
    if ending == ".svg":
        _written(output, svg.encode())
        return
    from llm_gallery.figure import export

    _written(output, export.png(svg) if ending == ".png" else export.pdf(svg))


def entry(source: str, identifier: str | None, directory: Path | None) -> None:
    """Drafts an entry into a new file of the catalog."""
    from llm_gallery.catalog.draft import draft
    from llm_gallery.catalog.load import MODELS
    from llm_gallery.catalog.load import source as read

    made = draft(read(source), identifier)
    file = (directory or MODELS) / f"{made.id}.toml"
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(made.text)
    except FileExistsError:
        raise Unusable(f"{file} exists already; give another --id, or remove it first.") from None
    except OSError as error:
        raise Unusable(f"{file} can't be written ({error.strerror}).") from None
    print(f"{file}\nFill in the lines marked open, then: llm-gallery facts {made.id}")


def site(directory: Path, catalog: Path | None) -> None:
    """Builds the static site into a folder."""
    from llm_gallery.site.build import build

    try:
        build(directory, catalog)
    except OSError as error:
        raise Unusable(f"{directory} can't be written ({error.strerror}).") from None
    print(f"built {directory}")


def served(directory: Path | None, port: int) -> None:
    """Serves a built site, or builds one first into a folder that is removed at the end."""
    from llm_gallery.server import serve

    if not 0 <= port < 2**16:
        raise Unusable(f"--port is {port}, expected 0 to 65535.")
    if directory is None:
        from llm_gallery.site.build import build

        with tempfile.TemporaryDirectory(prefix="llm-gallery-") as folder:
            build(Path(folder) / "site", None)
            serve(Path(folder) / "site", port)
    elif (directory / "index.html").is_file():
        serve(directory, port)
    else:
        raise Unusable(f"{directory} holds no built site; run `llm-gallery build {directory}`.")


def _written(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Unusable(f"{file} can't be written ({error.strerror}).") from None
