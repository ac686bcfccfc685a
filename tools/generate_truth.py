"""Writes tests/truth/models/: what the reference stores and keeps for every catalog model, as digests.

Usage: python -m tools.generate_truth [ID ...] [--check]; of all models where none is named, else of these, and of those
of which the reference, or another version of it, is asked something else than their file says. Needs the `truth` extra
(transformers, no weights).
The fast tests compare our descriptions with these files and need no torch. Models that the reference
lacks or builds otherwise have no file; caches that differences.toml lists as not measured are left out.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from math import prod
from typing import Any

from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import described, entries
from tools import reference
from tools.digests import DIFFERENCES, digest, folded, lengths, renamed, spelled
from tools.generate_defaults import LACKING
from tools.generated import MARK, ROOT, arguments, named, settled

TARGET = ROOT / "tests/truth/models"


def built(entry: Entry) -> bool:
    """Whether the reference builds a model that can be compared."""
    otherwise = [model for line in DIFFERENCES["not_built"] for model in line["models"]]
    return architecture(entry).model_type not in LACKING and entry.id not in otherwise


def architecture(entry: Entry) -> Architecture:
    """What describes an entry; its model_type isn't the config's for LongCat, which states none, and Grok."""
    return described(entry.config, f"{entry.id}.toml")


def asked(entry: Entry) -> str:
    """What the reference is asked about an entry, as JSON: the same for copies of a model."""
    told = (line["config"] for line in DIFFERENCES["completed"] if entry.id in line["models"])
    config = {**entry.config, **next(told, {})}
    made = architecture(entry)
    question = {
        "config": {
            k: v for k, v in config.items() if k not in ("architectures", "quantization_config")
        },
        "model_type": made.model_type,
        "lengths": lengths(entry.id, made.root),
    }
    return json.dumps(question, sort_keys=True)


def measured(question: str) -> dict[str, Any]:
    """The reference's tensors for one model, and its cache after so many tokens."""
    said = json.loads(question)
    model, kind = reference.model(said["config"]), said["model_type"]
    stored = reference.stored(model)
    buffers = spelled(kind, stored.buffers)
    every = {**spelled(kind, stored.parameters), **buffers}
    return {
        "built_as": reference.BUILT_AS.get(kind, kind),
        "tensors": len(every),
        "elements": sum(map(prod, every.values())),
        "sha256": digest(every),
        "buffers": {
            "names": sorted({folded(name) for name in buffers}),
            "elements": sum(map(prod, buffers.values())),
        },
        "tied": dict(sorted(renamed(kind, stored.tied).items())),
        "cached_bytes": {str(n): reference.cached_bytes(model, n) for n in said["lengths"]},
    }


def text(question: str, found: Mapping[str, Any]) -> str:
    """The file of one model."""
    mark = MARK.format(tool="tools/generate_truth.py")
    held = {
        "//": mark,
        "transformers": reference.version(),
        "asked": fingerprint(question),
        **found,
    }
    return json.dumps(held, indent=1) + "\n"


def fingerprint(question: str) -> str:
    """What tells a question from others."""
    return hashlib.sha256(question.encode()).hexdigest()


def answered(model: str, question: str) -> bool:
    """Whether a model's file answers this question, by this version of the reference."""
    path = TARGET / f"{model}.json"
    held = json.loads(path.read_text("utf-8")) if path.exists() else {}
    wanted = {"transformers": reference.version(), "asked": fingerprint(question)}
    return wanted.items() <= held.items()


def main() -> int:
    given = arguments(__doc__ or "", "models to measure in any case; all by default")
    chosen = {entry.id for entry in named(given.ids) or entries()}
    every = {entry.id: asked(entry) for entry in entries() if built(entry)}
    questions = {
        model: question
        for model, question in every.items()
        if model in chosen or not answered(model, question)
    }
    distinct = dict.fromkeys(questions.values())
    with ProcessPoolExecutor() as pool:
        answers = dict(zip(distinct, pool.map(measured, distinct), strict=True))
    made = {TARGET / f"{name}.json": text(said, answers[said]) for name, said in questions.items()}
    return settled(__doc__ or "", "tools.generate_truth", made, given.check)


if __name__ == "__main__":
    sys.exit(main())
