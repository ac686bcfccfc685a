"""Commands that write a file or a folder, or serve one."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from llm_gallery.architecture.refusal import reason
from llm_gallery.cli.inputs import all_chosen, chosen
from llm_gallery.cli.options import (
    STANDARD_OUTPUT,
    Detail,
    DifferenceDetail,
    Names,
    Sheet,
    Theme,
    Unusable,
    Words,
)
from llm_gallery.cli.outputs import write_output, writing
from llm_gallery.extras import need

if TYPE_CHECKING:
    from llm_gallery.figure import Figure, Marks


def figure(
    model: str,
    output: Path,
    theme: Theme,
    detail: Detail,
    text: Words,
    names: Names,
    scale: float,
    guess: bool,
    marks: Marks | None = None,
) -> None:
    """Draws a model into a file whose ending says the format."""
    _usable(output, scale, text)
    found = chosen(model, guess)
    drawn = found.figure(theme=theme, detail=detail, text=text, names=names, marks=marks)
    _saved(drawn, output, scale)


def steps(model: str, output: Path, theme: Theme, text: Words, scale: float, guess: bool) -> None:
    """Draws a token's way through a model: all panels in one file, and each in a file beside it."""
    _usable(output, scale, text)
    walk = chosen(model, guess).figure(theme=theme, text=text).steps()
    if output == STANDARD_OUTPUT:
        _saved(walk.strip, output, scale)
        return
    beside = [output.with_stem(f"{output.stem}-{n}") for n in range(1, len(walk.panels) + 1)]
    with writing(output, *beside):
        for file, drawn in zip((output, *beside), (walk.strip, *walk.panels), strict=True):
            drawn.save(file, scale=scale)


def difference(
    models: Sequence[str],
    output: Path,
    theme: Theme,
    detail: DifferenceDetail,
    scale: float,
    guess: bool,
) -> None:
    """Draws what changed from the first model to the others."""
    _usable(output, scale)
    from llm_gallery.catalog import figures

    named = all_chosen(models, guess)
    _saved(figures.difference(*named, theme=theme, detail=detail), output, scale)


def sheet(
    kind: Sheet, models: Sequence[str], output: Path, theme: Theme, scale: float, guess: bool
) -> None:
    """Draws the named models, or the catalog, on one sheet."""
    _usable(output, scale)
    from llm_gallery.catalog import figures

    named = all_chosen(models, guess)
    _saved(figures.sheet(kind, *named, theme=theme), output, scale)


def _usable(output: Path, scale: float, text: Words = "outlines") -> None:
    """Refuses what can't be written, or not without an extra, before anything is drawn."""
    from llm_gallery.figure.themed_figure import ENDINGS, LARGEST

    ending = ".svg" if output == STANDARD_OUTPUT else output.suffix.lower()
    if ending not in re.findall(r"\.\w+", ENDINGS):
        fault = f"ends in {ending}" if ending else "has no ending"
        raise Unusable(f"{output} {fault}, expected {ENDINGS}.")
    if ending != ".svg" and text == "live":
        raise Unusable(f"--text live is for an SVG, and {output} ends in {ending}.")
    if ending in (".png", ".pdf"):
        need("export", str(output))
    if not 0 < scale <= LARGEST:
        raise Unusable(f"--scale is {scale:g}, expected more than 0 and at most {LARGEST:g}.")


def _saved(drawn: Figure, output: Path, scale: float) -> None:
    """Saves a figure, or prints its SVG."""
    if output == STANDARD_OUTPUT:
        write_output(drawn.svg, None)
        return
    with writing(output):
        drawn.save(output, scale=scale)


def site(
    directory: Path,
    catalog: Path | None,
    address: str | None,
    repository: str | None,
    census: Path | None,
    hub: bool,
) -> None:
    """Builds the static site into a folder."""
    if census is not None:
        need("census", "A census")
    from llm_gallery.site.build import build
    from llm_gallery.site.hosting import hosting

    try:
        build(directory, catalog, hosting(address, repository, hub=hub), census)
    except OSError as error:
        raise Unusable(f"{directory} can't be written ({reason(error)}).") from None
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
