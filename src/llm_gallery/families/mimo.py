"""MiMo: Qwen2 with modules after the stack that predict further tokens.

Reference: vllm/model_executor/models/mimo.py and mimo_mtp.py (transformers has no such type)
Model: https://huggingface.co/XiaomiMiMo/MiMo-7B-Base
Paper: https://arxiv.org/abs/2505.07608
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import apart, linear, rms_norm
from llm_gallery.families._config import Count, Few, Length, config
from llm_gallery.families._layers import each
from llm_gallery.families.llama import decoder
from llm_gallery.families.qwen2 import Qwen2, decoder_layer, windows


@config("mimo")
class MiMo(Qwen2):
    """Defaults are those of the class that the release derives from Qwen2's: a window nowhere, modules none."""

    use_sliding_window: bool = False
    sliding_window: Length | None = None
    max_window_layers: Count = 28
    layer_types: tuple[str, ...] | None = None
    num_nextn_predict_layers: Few = 0


def mimo(c: MiMo) -> Block:
    layers = each(windows(c), lambda window: decoder_layer(c, window))
    return decoder(c, layers, beside=next_token_modules(c))


def next_token_modules(c: MiMo) -> Sequence[Block]:
    """Layers of the same kind, each fed with input_proj(norm(stream), norm(next embedding))."""
    width = c.hidden_size
    parts = (
        rms_norm("token_layernorm", width, role="token_norm"),
        rms_norm("hidden_layernorm", width, role="stream_norm"),
        linear("input_proj", 2 * width, width, role="join"),
        decoder_layer(c, None),
        rms_norm("final_layernorm", width),
    )
    return [
        apart("multi_token_prediction", f"model.mtp_layers.{i}", parts)
        for i in range(c.num_nextn_predict_layers)
    ]
