"""Agnes 3: Qwen3.5 with its tower, and a second, narrower gated MLP beside the first in every layer.

Reference: vllm/model_executor/models/agnes.py
Model: https://huggingface.co/Agnes-AI/Agnes-3.0-Flash
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Names, added, group, renamed
from llm_gallery.families._config import Size, config, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families.llama import decoder, swiglu
from llm_gallery.families.qwen3_5 import QwenVision, with_tower
from llm_gallery.families.qwen3_5_text import Qwen35Text, next_token_modules
from llm_gallery.families.qwen3_next import decoder_layer

NAMES = {"linear_attn": "delta_attn", "self_attn": "global_attn"}
"""How its checkpoints call Qwen3.5's two mixers."""


@config("agnes_text", unused=("full_attention_interval", "mamba_ssm_dtype", "output_gate_type"))
class AgnesText(Qwen35Text):
    global_attention_interval: Size = 4
    parallel_ffn_intermediate_size: Size


@config("agnes")
class Agnes:
    text_config: AgnesText
    vision_config: QwenVision | None = None
    tie_word_embeddings: bool = False


def agnes(c: Agnes) -> Block:
    text = c.text_config
    layers = each(schedule(text), lambda kind: layer_of(text, kind, side_by_side(text)))
    body = decoder(
        text,
        layers,
        Names("model.language_model"),
        tied=stated(c, "tie_word_embeddings"),
        beside=[renamed(part, NAMES) for part in next_token_modules(text, swiglu(text))],
    )
    return with_tower(body, c.vision_config)


def schedule(c: AgnesText) -> list[str]:
    """The mixer of each layer, by Qwen3.5's words for them."""
    delta, full = "agnes_delta_attention", "agnes_global_attention"
    count, every = c.num_hidden_layers, c.global_attention_interval
    default = [delta if (i + 1) % every else full for i in range(count)]
    words = {delta: "linear_attention", full: "full_attention"}
    return [words[kind] for kind in typed(c.layer_types, count, default, tuple(words))]


def layer_of(c: AgnesText, kind: str, channels: Block) -> Block:
    return renamed(decoder_layer(c, kind, channels, fused=False), NAMES)


def side_by_side(c: AgnesText) -> Block:
    """Both MLPs, whose outputs are summed; the second stands within the first in a checkpoint."""
    second = swiglu(c, "parallel_ffn", c.parallel_ffn_intermediate_size)
    return group("mlp", added(swiglu(c, ""), second))
