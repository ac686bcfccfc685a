"""Names of models: an id, a name or a repository, in any case and however its words are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.catalog.entry_file import MODELS, files, read


def identifier(word: str, directory: Path | None = None) -> str | None:
    """The id of a catalog's model, by any of its names in any case; None where it has none of that name.

    Its names are its id, the name that people call it by, and its repository, with the publisher or without.
    Raises Refusal where several are called so.
    """
    paths = {file.stem: file for file in files(directory or MODELS)}
    key = _key(word)
    matching = [own for own in paths if own == word] or [own for own in paths if _key(own) == key]
    if not matching and key:
        matching = [name for name, file in paths.items() if key in _names(read(file))]
    if len(matching) > 1:
        raise Refusal(f"{quoted(word)} may mean {' or '.join(matching)}; give one of these ids")
    return matching[0] if matching else None


def _names(entry: Mapping[str, Any]) -> Iterator[str]:
    """What an entry's model is called, to be compared; nothing where the entry is a mere draft."""
    name, repository = entry.get("name"), entry.get("repository")
    if isinstance(name, str) and isinstance(entry.get("config"), Mapping):
        yield _key(name)
        if isinstance(repository, str):
            yield from (_key(repository), _key(repository.rpartition("/")[2]))


def _key(word: str) -> str:
    """A name without what people write in different ways: "DeepSeek V3" is "deepseek-v3"."""
    return re.sub(r"[^a-z0-9.+/]+", "", word.lower())
