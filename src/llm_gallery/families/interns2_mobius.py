"""Intern-S2-Mobius: Qwen3.5 MoE whose layers take turns at a few banks of experts, each with a shared expert of its own.

The module that predicts a second token has experts of its own. Engines read `layer_scale`, the makers' code doesn't.

Reference: https://github.com/InternLM/Intern-S2-Mobius/blob/main/modeling_interns2_mobius.py
Paper: https://arxiv.org/abs/2608.14290
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Names,
    mixture_of_experts,
    router,
    run_again,
    stacked_experts,
    stored_at,
)
from llm_gallery.architecture.parts.basic import facts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Size, altered, at_most, config, stated
from llm_gallery.families._layers import each
from llm_gallery.families.llama import activation, decoder
from llm_gallery.families.qwen2_moe import shared_expert
from llm_gallery.families.qwen3_5 import QwenVision, with_tower
from llm_gallery.families.qwen3_5_moe_text import Qwen35MoeText
from llm_gallery.families.qwen3_5_text import next_token_modules
from llm_gallery.families.qwen3_next import decoder_layer, schedule

BODY = "model.language_model"


@config("interns2_mobius_text", unused=("mamba_ssm_dtype", "mlp_only_layers", "output_gate_type"))
class InternS2MobiusText(Qwen35MoeText):
    num_blocks: Size
    norm_topk_prob: Literal[True] = True
    tie_word_embeddings: bool = False
    mtp_num_experts: Size | None = None
    mtp_num_experts_per_tok: Size | None = None
    layer_scale: Literal[False] = False


@config("interns2_mobius")
class InternS2Mobius:
    text_config: InternS2MobiusText
    vision_config: QwenVision | None = None
    tie_word_embeddings: bool = False


def interns2_mobius(c: InternS2Mobius) -> Block:
    text = c.text_config
    banks = int(text.num_blocks)
    keys = [(kind, i % banks, i < banks) for i, kind in enumerate(schedule(text))]
    body = decoder(
        text,
        each(keys, lambda key: layer(text, *key)),
        Names(BODY),
        tied=stated(c, "tie_word_embeddings"),
        beside=next_token_modules(text, of_the_module(text)) if text.mtp_num_hidden_layers else (),
    )
    return with_tower(body, c.vision_config)


def layer(c: InternS2MobiusText, kind: str, bank: int, first: bool) -> Block:
    """One of those that read a bank: the first of them stores it, the others run it again."""
    elsewhere = stored_at if first else run_again
    mixture = moe(c, lambda part: elsewhere(part, f"{BODY}.meta_mlp.{bank}.{part.name}"))
    slots = {**mixture.facts, **facts(expert_banks=c.num_blocks)}
    return decoder_layer(c, kind, replace(mixture, facts=slots), fused=False)


def of_the_module(c: InternS2MobiusText) -> Block:
    """The mixture of the module that predicts a second token, which stores it whole."""
    if c.mtp_num_experts is None or c.mtp_num_experts_per_tok is None:
        raise Refusal(
            "mtp_num_hidden_layers states a module with experts, and mtp_num_experts or "
            "mtp_num_experts_per_tok is missing, expected both; add them"
        )
    own = altered(c, num_experts=c.mtp_num_experts, num_experts_per_tok=c.mtp_num_experts_per_tok)
    return moe(own, lambda part: part)


def moe(c: InternS2MobiusText, placed: Callable[[Block], Block]) -> Block:
    """Router and experts stand where `placed` puts them, the shared expert in the layer."""
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    routed = stacked_experts(
        "experts",
        stored=c.num_experts,
        used=c.num_experts_per_tok,
        width=c.hidden_size,
        inner=c.moe_intermediate_size,
        activation=activation(c),
        outputs_first=True,
    )
    return mixture_of_experts(
        "mlp",
        router=placed(router("gate", width=c.hidden_size, experts=c.num_experts)),
        experts=placed(routed),
        shared=shared_expert(c),
        scoring="softmax",
        normalized=True,
    )
