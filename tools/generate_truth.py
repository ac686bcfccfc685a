"""Writes tests/truth/models/: what the reference stores and keeps for every catalog model, as digests.

Usage: python -m tools.generate_truth [--check]. Needs the `truth` extra (transformers, no weights).
The fast tests compare our descriptions with these files and need no torch. Models that the reference
lacks or builds otherwise have no file; caches that differences.toml lists as not measured are left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import entries
from tools import reference
from tools.digests import DIFFERENCES, LENGTHS, digest, folded, spelled
from tools.generate_defaults import LACKING
from tools.generated import MARK, ROOT, settled

TARGET = ROOT / "tests/truth/models"


def built(entry: Entry) -> bool:
    """Whether the reference builds a model that can be compared."""
    otherwise = [model for line in DIFFERENCES["not_built"] for model in line["models"]]
    return entry.config["model_type"] not in LACKING and entry.id not in otherwise


def measured(config: Mapping[str, Any], lengths: Sequence[int]) -> dict[str, Any]:
    """The reference's tensors for one config, and its cache after so many tokens."""
    model, kind = reference.model(config), config["model_type"]
    stored = reference.stored(model)
    buffers = spelled(kind, stored.buffers)
    every = {**spelled(kind, stored.parameters), **buffers}
    return {
        "tensors": len(every),
        "elements": sum(map(prod, every.values())),
        "sha256": digest(every),
        "buffers": {
            "names": sorted({folded(name) for name in buffers}),
            "elements": sum(map(prod, buffers.values())),
        },
        "tied": dict(sorted(stored.tied.items())),
        "cached_bytes": {
            str(length): sum(reference.cached_bytes(model, length)) for length in lengths
        },
    }


def text(entry: Entry) -> str:
    """The file of one model."""
    config = entry.config
    unmeasured = [model for line in DIFFERENCES["not_measured"] for model in line["models"]]
    held = {
        "//": MARK.format(tool="tools/generate_truth.py"),
        "transformers": reference.version(),
        "built_as": reference.BUILT_AS.get(config["model_type"], config["model_type"]),
        **measured(config, () if entry.id in unmeasured else LENGTHS),
    }
    return json.dumps(held, indent=1) + "\n"


def main() -> int:
    made = {TARGET / f"{entry.id}.json": text(entry) for entry in entries() if built(entry)}
    return settled(__doc__ or "", "tools.generate_truth", made)


if __name__ == "__main__":
    sys.exit(main())
