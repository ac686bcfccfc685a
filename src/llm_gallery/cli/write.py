"""Commands that write a file or a folder, or serve one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from llm_gallery.architecture.refusal import shown
from llm_gallery.cli.commands import Detail, Theme, Unusable

FORMATS = (".svg", ".png", ".pdf")
SHARP = 2.0
"""Device pixels of a PNG to one of the figure."""


def figure(model: str, output: Path, theme: Theme, detail: Detail, guess: bool) -> None:
    """Draws a model into a file whose ending says the format."""
    ending = output.suffix.lower()
    if ending not in FORMATS:
        found = f"ends in {ending}" if ending else "has no ending"
        raise Unusable(f"{output} {found}, expected .svg, .png or .pdf.")
    from llm_gallery.cli.show import chosen
    from llm_gallery.figure import draw

    drawn = chosen(model, guess)
    svg = draw(drawn.architecture, drawn.heading, theme=theme, detail=detail)
    _written(output, svg.encode() if ending == ".svg" else _exported(svg, ending))


def _exported(svg: str, ending: str) -> bytes:
    from llm_gallery.figure import export

    return export.png(svg, scale=SHARP) if ending == ".png" else export.pdf(svg)


def entry(source: str, identifier: str | None, directory: Path | None) -> None:
    """Drafts an entry into a new file of the catalog."""
    from llm_gallery.catalog.draft import draft
    from llm_gallery.catalog.load import MODELS, slug
    from llm_gallery.catalog.load import source as read

    if identifier is not None and slug(identifier) != identifier:
        raise Unusable(f"--id is {shown(identifier)}, expected lower-case words joined by dashes.")
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


def served(directory: Path | None, port: int, catalog: Path | None) -> None:
    """Serves a built site, or builds one first into a folder that is removed at the end."""
    from llm_gallery.server import serve

    if not 0 <= port < 2**16:
        raise Unusable(f"--port is {port}, expected 0 to 65535.")
    if directory is None:
        from llm_gallery.site.build import build

        with tempfile.TemporaryDirectory(prefix="llm-gallery-") as folder:
            build(Path(folder) / "site", catalog)
            serve(Path(folder) / "site", port, catalog)
    elif (directory / "index.html").is_file():
        serve(directory, port, catalog)
    else:
        raise Unusable(f"{directory} holds no built site; run `llm-gallery build {directory}`.")


def _written(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Unusable(f"{file} can't be written ({error.strerror}).") from None
