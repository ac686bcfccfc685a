"""Builds the site: every page is written beside the old site, and the two are swapped when all are there."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.figure.kit.drawing import Looks
from llm_gallery.processes import without_numerical_threads
from llm_gallery.site.building import MARKER, building, undisturbed
from llm_gallery.site.hosting import NOWHERE, Hosting
from llm_gallery.site.palette import drawn, palette


def build(
    directory: Path,
    catalog: Path | None = None,
    hosting: Hosting = NOWHERE,
    census: Path | None = None,
) -> None:
    """Makes `directory` the site of a catalog (the package's own where none is given), with what a census says.

    Raises Refusal where the folder holds something that the build didn't make, and then changes nothing.
    """
    # Templates and numpy: late, so that imports stay cheap.
    with without_numerical_threads():
        from llm_gallery.site.pages import files
    from llm_gallery.site.workers import render

    target = directory.resolve()
    _refuse_foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with undisturbed(target.parent):
        _recover(target)
    with building(target) as fresh:
        _write(fresh / MARKER, b"Made by llm-gallery build; replaced whole by the next one.\n")
        with _collecting_later():
            contents = files(catalog, hosting, census)
            sheets = (contents.card_looks, contents.looks, contents.sheet_looks)
            render(
                contents.first,
                contents.others,
                sheets,
                lambda page: _write(fresh / page.path, page.render()),
                contents.forget,
            )
        _style(fresh, *sheets)
        fresh.chmod(0o755)
        with undisturbed(target.parent):
            _swap(fresh, target)


@contextmanager
def _collecting_later() -> Iterator[None]:
    """What is described stays until the site is built; to look through it for garbage takes a tenth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.freeze()
            gc.unfreeze()  # what is left is old now: it isn't looked through as if it were new
            gc.enable()


def _style(site: Path, cards: Looks, looks: Looks, sheets: Looks) -> None:
    """The palette joins the one style sheet that every page waits for, the looks of the gallery's cards that of the gallery.

    The looks of larger drawings are in sheets of their own: of models' figures, and a sixth of that for the
    drawings of the whole catalog, whose pages are the heaviest.
    """
    _append(site / "static" / "style.css", palette())
    _append(site / "static" / "gallery.css", drawn(cards))
    for name, looks_of_kind in (("drawn", looks), ("charts", sheets)):
        _write(site / "static" / f"{name}.css", drawn(looks_of_kind).encode())


def _append(style: Path, rules: str) -> None:
    stylesheet = style.read_text("utf-8") if style.exists() else ""
    _write(style, f"{stylesheet}\n{rules}".encode())


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except FileNotFoundError:  # the first of its folder
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _refuse_foreign(target: Path) -> None:
    if not target.name:
        raise Refusal(
            f"{target} is the root of all folders, expected one for the site; choose another"
        )
    if target.is_dir():
        if (target / MARKER).is_file() or not any(target.iterdir()):
            return
        raise Refusal(
            f"{target} holds files that the build didn't make, expected an empty folder or a "
            "former site; choose another folder or empty it"
        )
    for path in (target, *target.parents):
        if path.exists() and not path.is_dir():
            raise Refusal(f"{path} is a file, expected a folder; choose another name")


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def _recover(target: Path) -> None:
    """Puts back a site that a killed build had moved aside and not yet replaced."""
    aside = _aside(target)
    if (aside / MARKER).is_file():
        if target.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(target)


def _swap(fresh: Path, target: Path) -> None:
    """The old site away, the new one in its place; whatever happens between puts the old one back."""
    aside = _aside(target)
    if target.exists():
        target.rename(aside)
    try:
        fresh.rename(target)
    except BaseException:
        if aside.exists() and not target.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
