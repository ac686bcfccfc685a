"""Checkpoints as transformers saves them: small random models of every family, and the headers that `make test` has of some.

Usage: python -m tools.saved [--check]      writes tests/checking/saved.json anew

Needs the `truth` extra.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from llm_gallery.recognition.wrapper_rows import ROWS
from llm_gallery.sources.checkpoint import read
from tests.truth.mutations_of_wrappers import NOT_BUILT, wrapped_config
from tests.truth.test_random_configs import FAMILIES
from tools import reference
from tools.generated import ROOT, settled

HEADERS = ROOT / "tests/checking/saved.json"
SAMPLE = {
    "qwen3_vl_moe": True, "dory": True, "olmo_hybrid": True, "kimi_linear": True, "minimax": True, "molmo2": True,
    "mimo_v2_flash": True, "granite_speech_plus": True,
    "qwen3_moe": False, "olmoe": False, "mixtral": False,
}  # fmt: skip
"""Families whose headers are committed, and whether names are as releases have them: else experts are stacks."""
SMALL = 25_000_000
"""Parameters of a model that is saved in a tenth of a second."""
SEEDS = range(24)
TYPES = (*FAMILIES, *sorted({*ROWS} - {*NOT_BUILT}))
"""All types that the reference builds."""


def config(family: str, seed: int) -> Mapping[str, Any]:
    """A random config of a family, or of a multimodal type."""
    draw = Random(f"{family} {seed}")
    if family in FAMILIES:
        return FAMILIES[family](draw)
    return wrapped_config(reference.BUILT_AS.get(family, family), draw)


def small_model(family: str) -> Any:
    """The first small one of the family's random models, on the meta device; where all are large, the smallest."""
    made = {}
    for seed in SEEDS:
        model = reference.model(config(family, seed))
        size = model.num_parameters()
        if size <= SMALL:
            return model
        made[size] = model
    return made[min(made)]


def save(model: Any, folder: str | Path, *, original: bool = True) -> None:
    """Writes the model with weights of any value; where not as the original, under its names in memory."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    held = model.to_empty(device="cpu")
    held.tie_weights()
    held.save_pretrained(folder, save_original_format=original)


def main() -> int:
    found = {}
    for family, original in SAMPLE.items():
        with TemporaryDirectory() as folder:
            save(small_model(family), folder, original=original)
            told = json.loads(Path(folder, "config.json").read_text("utf-8"))
            tensors = read(Path(folder)).tensors
        found[family] = {
            "config": told,
            "tensors": {tensor.name: [tensor.dtype, *tensor.shape] for tensor in tensors},
        }
    text = json.dumps(found, separators=(",", ":")) + "\n"
    return settled(__doc__ or "", "tools.saved", {HEADERS: text})


if __name__ == "__main__":
    sys.exit(main())
