"""Writes tests/conversion/llama_cpp.tsv: what llama.cpp's converter makes of the catalog's models, as digests.

Usage: python -m tools.generate_conversions [ID ...] [--check]; of all models where none is named, else of these, and of
those whose config, or the version of whose converter, isn't the one that their line is of. Needs the `truth` extra, and
llama.cpp's Python files, which it fetches. No weights: only names, shapes and keys come out.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import described, entries
from tools import llama_cpp
from tools.generated import MARK, ROOT, arguments, named, settled

TARGET = ROOT / "tests/conversion/llama_cpp.tsv"
SINGLE = "F32"


class Line(NamedTuple):
    """A model's line: what came out, or why nothing did."""

    id: str
    asked: str  # fingerprint of the config
    architecture: str  # empty where the converter refuses the model
    number: str = ""  # of tensors
    tensors: str = ""
    keys: str = ""
    refused: str = ""

    def text(self) -> str:
        """The line without trailing tabs."""
        return "\t".join(self).rstrip("\t") + "\n"


def tensors_digest(held: Iterable[tuple[str, tuple[int, ...], bool]]) -> str:
    """Fingerprint of names, shapes with the rows first, and whether in 32 bits; in any order."""
    lines = (
        f"{name} {','.join(map(str, shape))} {SINGLE * single}\n" for name, shape, single in held
    )
    return fingerprint("".join(sorted(lines)))


def keys_digest(keys: Mapping[str, Any]) -> str:
    """Fingerprint of keys and values; a whole number is the same with and without a point."""
    return fingerprint(
        json.dumps({key: plain(value) for key, value in keys.items()}, sort_keys=True)
    )


def plain(value: Any) -> Any:
    """A value as every source of it is written."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def fingerprint(text: str) -> str:
    """As much of a hash as tells texts apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def lines() -> dict[str, Line]:
    """The committed lines by their models, those of the pinned version."""
    text = TARGET.read_text("utf-8") if TARGET.exists() else ""
    if version() not in text:
        return {}
    rows = (row.split("\t") for row in text.splitlines() if not row.startswith("#"))
    return {row[0]: Line(*row) for row in rows}


def version() -> str:
    """What asks and what answers: the converter fills configs in by the reference's defaults."""
    pinned = (ROOT / "requirements/truth.txt").read_text("utf-8").splitlines()
    reference = next(line for line in pinned if line.startswith("transformers=="))
    return f"{llama_cpp.version()}, {reference.replace('==', ' ')}"


def question(entry: Entry) -> str:
    """What the converter is asked about an entry: the same for copies of a model."""
    return json.dumps(entry.config, sort_keys=True)


def answer(asked: str) -> tuple[str, ...]:
    """The fields of a line after its fingerprint."""
    from tools import llama_converter

    config = json.loads(asked)
    root = described(config, "config").root
    shapes = {tensor.name: tensor.shape for tensor in tensors(root) if tensor.tied_to is None}
    try:
        made = llama_converter.made(llama_converter.module(llama_cpp.sources()), config, shapes)
    except Exception as error:  # the converter has no class of its own for refusals
        said = " ".join(str(error).split())[:80]
        return ("", "", "", "", f"{type(error).__name__} {said}".strip())
    held = ((name, shape, single) for name, (shape, single) in made.tensors.items())
    return (made.architecture, str(len(made.tensors)), tensors_digest(held), keys_digest(made.keys))


def main() -> int:
    given = arguments(__doc__ or "", "models to convert in any case; all by default")
    llama_cpp.sources()  # once, before there are several processes
    chosen, held = {entry.id for entry in named(given.ids) or entries()}, lines()
    asked = {entry.id: question(entry) for entry in entries()}
    prints = {model: fingerprint(text) for model, text in asked.items()}
    anew = {m: q for m, q in asked.items() if m in chosen or m not in held or held[m].asked != prints[m]}  # fmt: skip
    distinct = dict.fromkeys(anew.values())
    with ProcessPoolExecutor() as pool:
        answers = dict(zip(distinct, pool.map(answer, distinct), strict=True))
    for model, text in anew.items():
        held[model] = Line(model, prints[model], *answers[text])
    top = f"# {MARK.format(tool='tools/generate_conversions.py')}\n# {version()}\n# {' '.join(Line._fields)}\n"
    made = top + "".join(held[model].text() for model in sorted(asked))
    return settled(__doc__ or "", "tools.generate_conversions", {TARGET: made}, given.check)


if __name__ == "__main__":
    sys.exit(main())
