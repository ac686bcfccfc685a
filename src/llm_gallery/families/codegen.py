"""CodeGen: GPT-J with q, k and v in one matrix.

Reference: transformers/models/codegen/modeling_codegen.py
Paper: https://arxiv.org/abs/2203.13474
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import fused
from llm_gallery.families._config import config
from llm_gallery.families.gptj import GptJ, multi_head, parallel

SHARDS = 4
"""Parts that the training was split into, each with its queries, values and keys."""


@config("codegen")
class Codegen(GptJ):
    pass


def codegen(c: Codegen) -> Block:
    return parallel(c, fused(multi_head(c), "qkv_proj", "out_proj", groups=SHARDS, order=(0, 2, 1)))
