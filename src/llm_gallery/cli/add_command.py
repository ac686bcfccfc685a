"""The command that drafts an entry, into a catalog that is the user's own."""

from __future__ import annotations

from pathlib import Path

from llm_gallery.architecture.refusal import quoted, reason
from llm_gallery.catalog.entry_draft import draft
from llm_gallery.catalog.load import MODELS, slug
from llm_gallery.catalog.published_draft import add
from llm_gallery.cli.inputs import source
from llm_gallery.cli.options import STANDARD_INPUT, Unusable
from llm_gallery.sources.hub_record import record

ENTRIES = Path("src/llm_gallery/catalog/models")
"""Where a clone of the gallery keeps its entries."""


def entry(place: str, identifier: str | None, directory: Path | None) -> None:
    """Drafts an entry into a new file."""
    if identifier is not None and slug(identifier) != identifier:
        raise Unusable(f"--id is {quoted(identifier)}, expected lower-case words joined by dashes.")
    if identifier is None and place == STANDARD_INPUT:
        raise Unusable("A config from standard input has no name; give the entry one with --id.")
    folder = _folder(directory)
    origin = source(place)
    if place == STANDARD_INPUT:
        origin = origin._replace(name=str(identifier))
    said = None if origin.repository is None else record(origin.repository)
    text = draft(origin, identifier, said)
    file = folder / f"{text.id}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)  # the first entry of a catalog of one's own
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text.text)
    except FileExistsError:
        raise Unusable(f"{file} exists already; give another --id, or remove it first.") from None
    except OSError as error:
        raise Unusable(f"{file} can't be written ({reason(error)}).") from None
    print(file)
    if origin.repository and said is None:
        print("The Hub didn't say more of it: dates, licence and count are open.")
    if text.published:
        counts = folder.parent / "published.toml"
        print(text.published if directory else add(counts, text.id, text.published))
    print(f"Fill in the lines marked open, then: llm-gallery {_next(folder, text.id)}")


def _folder(directory: Path | None) -> Path:
    """Where the entry is written. An installation's own catalog isn't the user's: the next one replaces it."""
    if directory is not None:
        if directory.exists() and not directory.is_dir():
            raise Unusable(f"--directory is {directory}, which is a file; expected a folder.")
        return directory
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ENTRIES).is_dir():
            return folder / ENTRIES
    raise Unusable(
        "No catalog stands here: name the folder of your own entries with --directory, or add within a clone of "
        "the gallery."
    )


def _next(folder: Path, identifier: str) -> str:
    """The command that shows the new entry."""
    if folder.resolve() == MODELS.resolve():
        return f"facts {identifier}"
    return f"build SITE --catalog {folder}"
