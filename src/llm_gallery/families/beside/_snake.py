"""Snake: an activation of waves, x and a share of its squared sine, whose frequency and share each channel learns.

Reference: transformers/models/qwen2_5_omni/modular_qwen2_5_omni.py, Qwen2_5OmniSnakeBeta
Paper: https://arxiv.org/abs/2006.08195
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.families._vision import tensor_block


def snake(name: str, channels: int) -> Block:
    """The logarithms of both, for each channel."""
    size = (int(channels),)
    return tensor_block(name, Tensor("alpha", size), Tensor("beta", size))
