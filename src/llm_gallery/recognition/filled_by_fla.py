"""Defaults of Flash Linear Attention's classes: flame trains from files that leave the vocabulary to the class.

flame takes the larger of the class's vocabulary and its tokenizer's, which no such file names.
Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/*/configuration_*.py (August 2026),
https://github.com/fla-org/flame/blob/main/flame/train.py
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Json, defaults
from llm_gallery.families._ignored import MARKS_OF_FLA

VOCABULARY: Json = {"vocab_size": 32000}
ALONE = (
    "delta_net", "forgetting_transformer", "gated_deltanet", "gla", "gsa", "hgrn", "hgrn2", "kda", "lightnet", "retnet",
    "samba", "transformer",
)  # fmt: skip
"""Types whose families have all other defaults of the class."""
SIZES: Json = {"hidden_size": 2048, "num_hidden_layers": 48}
OWN: Mapping[str, Json] = {
    "mamba": {**SIZES, "tie_word_embeddings": False},
    "mamba2": {**SIZES, "n_groups": 1, "rmsnorm": True},
    "rwkv6": {"proj_low_rank_dim": 32},
    "rwkv7": {
        "decay_low_rank_dim": 64, "gate_low_rank_dim": 128, "a_low_rank_dim": 64, "v_low_rank_dim": 16,
    },
}  # fmt: skip
"""Of types that are another class's too, the defaults in which the two differ."""


NOT_DESCRIBED: Mapping[str, str] = {
    "bitnet": "each of whose matrices norms what it reads by weights of its own, and rounds to three values",
}
"""Of types that the reference has, classes of which nothing here is."""


def fla_defaults(family: str, raw: Json) -> Json:
    """What such a class takes for keys that a file of its own leaves out; nothing for any other file.

    Raises Refusal for a class that isn't described.
    """
    marks = sorted(MARKS_OF_FLA & raw.keys())
    if marks and family in NOT_DESCRIBED:
        raise Refusal(
            f"{marks[0]} says that this {family} is Flash Linear Attention's, {NOT_DESCRIBED[family]}, expected the "
            "reference's class of that type; see docs/adding-a-mechanism.md"
        )
    if not marks or family not in (*ALONE, *OWN):
        return {}
    filled = {**VOCABULARY, **OWN.get(family, {})}
    if family == "mamba2" and "num_heads" not in raw:
        filled |= _heads({**defaults(family)["defaults"], **filled, **raw})
    return filled


def _heads(said: Mapping[str, Any]) -> Json:
    """Mamba-2's heads, which its class counts; what is no size the reader refuses."""
    sizes = [said[key] for key in ("expand", "hidden_size", "head_dim")]
    if any(type(size) is not int or size < 1 for size in sizes):
        return {}
    expand, width, head = sizes
    return {"num_heads": expand * width // head}
