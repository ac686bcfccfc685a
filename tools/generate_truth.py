"""Writes tests/truth/models/: what the reference stores and keeps for every catalog model, as digests.

Usage: python -m tools.generate_truth [--check]. Needs the `truth` extra (transformers, no weights).
The fast tests compare our descriptions with these files and need no torch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from math import prod
from typing import Any

from llm_gallery.catalog.load import entries
from tools import reference
from tools.digests import LENGTHS, digest, folded
from tools.generated import MARK, ROOT, settled

TARGET = ROOT / "tests/truth/models"


def measured(config: Mapping[str, Any]) -> dict[str, Any]:
    """The reference's tensors and cache for one config."""
    built = reference.model(config)
    stored = reference.stored(built)
    every = {**stored.parameters, **stored.buffers}
    return {
        "tensors": len(every),
        "elements": sum(map(prod, every.values())),
        "sha256": digest(every),
        "buffers": {
            "names": sorted({folded(name) for name in stored.buffers}),
            "elements": sum(map(prod, stored.buffers.values())),
        },
        "tied": dict(sorted(stored.tied.items())),
        "cached_bytes": {
            str(length): sum(reference.cached_bytes(built, length)) for length in LENGTHS
        },
    }


def text(config: Mapping[str, Any]) -> str:
    """The file of one model."""
    held = {
        "//": MARK.format(tool="tools/generate_truth.py"),
        "transformers": reference.version(),
        "built_as": reference.BUILT_AS.get(config["model_type"], config["model_type"]),
        **measured(config),
    }
    return json.dumps(held, indent=1) + "\n"


def main() -> int:
    made = {TARGET / f"{entry.id}.json": text(entry.config) for entry in entries()}
    return settled(__doc__ or "", "tools.generate_truth", made)


if __name__ == "__main__":
    sys.exit(main())
