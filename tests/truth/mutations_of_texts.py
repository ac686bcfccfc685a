"""Random configs of the language models of multimodal families, given alone."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import ABSENT, Config, Family, _as
from tests.truth.mutations_of_dense import _apertus
from tests.truth.mutations_of_single_releases import SINGLE_RELEASES, _inkling_mm_model


def _alone(family: str) -> Family:
    """What a whole one nests; whether its ends are tied, nothing outside says."""

    def drawn(draw: Random) -> Config:
        held: Config = SINGLE_RELEASES[family](draw)["text_config"]
        return held | draw.choice([{}, {"tie_word_embeddings": draw.choice([True, False])}])

    return drawn


def _apertus1p5_text(draw: Random) -> Config:
    held = _apertus(draw) | {"model_type": "apertus1p5_text"}
    fewer = {"output_vocab_size": 64, "tie_word_embeddings": False}
    same = {"output_vocab_size": held["vocab_size"]} if "vocab_size" in held else {}
    return held | draw.choice([{}, same, fewer, {"output_vocab_size": None}])


TEXTS: Mapping[str, Family] = {
    "apertus1p5_text": _apertus1p5_text,
    "aria_text": _as("aria_text", moe_topk=[1, 2], moe_num_experts=[2, 5, ABSENT]),
    "gemma4_unified_text": _alone("gemma4_unified"),
    "inkling_text": lambda draw: _inkling_mm_model(draw)["text_config"],  # it ties nothing
    "minimax_m3_vl_text": _alone("minimax_m3_vl"),
    "qwen4_exp_text": _alone("qwen4_exp"),
}
