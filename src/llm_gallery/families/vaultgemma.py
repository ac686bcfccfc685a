"""VaultGemma: Gemma 2 without the norms after attention and MLP.

Reference: transformers/models/vaultgemma/modular_vaultgemma.py
Paper: https://arxiv.org/abs/2510.15001
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, residual
from llm_gallery.families._config import config
from llm_gallery.families.gemma2 import Gemma2, alternating, attention
from llm_gallery.families.llama import norm, swiglu


@config("vaultgemma")
class VaultGemma(Gemma2):
    use_bidirectional_attention: bool | None = None


def vaultgemma(c: VaultGemma) -> Block:
    local, full = (
        layer(
            residual(norm(c, "input_layernorm"), attention(c, window)),
            residual(norm(c, "pre_feedforward_layernorm"), swiglu(c)),
        )
        for window in (c.sliding_window, None)
    )
    return alternating(c, local, full)
