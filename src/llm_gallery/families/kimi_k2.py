"""Kimi K2: DeepSeek V3's architecture under another name, with fewer heads and more experts.

Defaults are DeepSeek V3's: its published configuration code repeats them.

Reference: the release's own modeling_deepseek.py, https://huggingface.co/moonshotai/Kimi-K2-Base
Paper: https://arxiv.org/abs/2507.20534
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config, stated
from llm_gallery.families.deepseek_v3 import DeepseekV3, deepseek_v3


@config("kimi_k2", unused=("qk_head_dim",))
class KimiK2(DeepseekV3):
    pass


def kimi_k2(c: KimiK2) -> Block:
    return without_assumed_prediction(c, deepseek_v3(c))


def without_assumed_prediction(c: KimiK2, body: Block) -> Block:
    """DeepSeek's code assumes one prediction module; no release of Kimi stores any."""
    if stated(c, "num_nextn_predict_layers").evidence == "stated":
        return body
    blocks = (part for part in body.inside if part.kind != "multi_token_prediction")
    return replace(body, inside=tuple(blocks))
