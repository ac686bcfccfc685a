"""Which GGUF of a repository a person means: most hold the same model several times, each in another quantization."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import NamedTuple

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.sources.hub_id import HubId

ENDING = ".gguf"
_SPLIT = re.compile(r"(.+)-\d{5}-of-(\d{5})", re.ASCII)
_BESIDE = re.compile(r"mmproj|imatrix", re.IGNORECASE)
"""GGUFs that are no model of their own: a projector of pictures, and what a quantization weighs by."""
MOST_NAMED = 8


class _Model(NamedTuple):
    """A GGUF, or the several that it is split into: its folder, its name without number, and their count."""

    folder: str
    stem: str
    split: str = ""


def holds_ggufs(names: Collection[str]) -> bool:
    """Whether a repository has GGUFs, and no safetensors at its top that would be read instead."""
    return any(name.endswith(ENDING) for name in names) and not any(
        name.endswith(".safetensors") and "/" not in name for name in names
    )


def chosen(named: HubId, names: Collection[str]) -> tuple[str, ...]:
    """The files of one model, the named one or the first before the others. Raises Refusal where it isn't one."""
    if named.file:
        if named.file not in names:
            raise _refused(named, f"has no {printable(named.file, 160)}", names)
        model = _model(named.file)
        others = sorted(n for n in names if _model(n) == model and n != named.file)
        return (named.file, *others) if model.split else (named.file,)
    models: dict[_Model, list[str]] = {}
    for name in sorted(names):
        if name.endswith(ENDING) and not _BESIDE.search(PurePosixPath(name).name):
            models.setdefault(_model(name), []).append(name)
    meant = [model for model in models if not named.variant or _is_variant(model, named.variant)]
    if len(meant) == 1:
        return tuple(models[meant[0]])
    firsts = [files[0] for model, files in models.items() if not meant or model in meant]
    of_name = f" called {named.variant}" if named.variant else ""
    count = f"{len(meant):,} GGUFs" if meant else "no GGUF"
    raise _refused(named, f"holds {count}{of_name}", firsts)


def _model(name: str) -> _Model:
    path = PurePosixPath(name.removesuffix(ENDING))
    split = _SPLIT.fullmatch(path.name)
    return _Model(str(path.parent), *(split.groups() if split else (path.name,)))


def _is_variant(model: _Model, variant: str) -> bool:
    """Whether a name ends as a variant is called, "Model-Q4_K_M" as "Q4_K_M", whatever letters are capitals."""
    ending = rf"(?:.*[-._])?{re.escape(variant)}"
    return re.fullmatch(ending, model.stem, re.IGNORECASE | re.DOTALL) is not None


def _refused(named: HubId, found: str, names: Collection[str]) -> Refusal:
    files = sorted(name for name in names if name.endswith(ENDING))
    bare = HubId(named.repository)
    if not files:
        return Refusal(f"{bare} {found}, expected a file of it; see its page")
    shown = ", ".join(printable(name, 100) for name in files[:MOST_NAMED])
    more = f" and {len(files) - MOST_NAMED:,} more" if len(files) > MOST_NAMED else ""
    example = named._replace(file=files[0], variant="")
    return Refusal(
        f"{bare} {found}, expected one of {shown}{more}; give {printable(str(example), 160)}"
    )
