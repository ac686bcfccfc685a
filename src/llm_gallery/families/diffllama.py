"""DiffLlama: Llama whose heads stand in pairs, of which one's scores are subtracted from the other's (differential attention).

Reference: transformers/models/diffllama/modular_diffllama.py
Paper: https://arxiv.org/abs/2410.05258
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import facts, rms_norm, with_settings
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import config
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    kv,
    pre_norm,
    swiglu,
)

LAMBDAS = ("lambda_q1", "lambda_k1", "lambda_q2", "lambda_k2")
"""Vectors whose products say how much of a pair's second scores is subtracted."""


@config("diffllama", unused=("lambda_std_dev",))
class Diffllama(Llama):
    attention_bias: bool


def diffllama(c: Diffllama) -> Block:
    return decoder(c, [pre_norm(c, differential(c), swiglu(c))] * c.num_hidden_layers)


def differential(c: Diffllama) -> Block:
    """The second half of the heads are the first one's noise; both read the values of two heads, side by side."""
    norm = rms_norm("groupnorm", 2 * head_dim(c), learned=False, role="output_norm")
    return differential_attention(c, grouped_query(c), norm)


def differential_attention(c: Llama, attention: Block, norm: Block, below: str = "") -> Block:
    """The same attention with its heads in pairs, of which one is the other's noise; `below` is the path of what they learn."""
    heads, kv_heads, dim = c.num_attention_heads, kv(c), head_dim(c)
    if kv_heads % 2:
        raise Refusal(
            f"num_key_value_heads is {kv_heads}, expected an even number: values stand in pairs; correct it"
        )
    noise = facts(noise_heads=derived(heads // 2, "num_attention_heads / 2"))
    tensor = tuple(Tensor(f"{below}{name}", (int(dim),), role=name) for name in LAMBDAS)
    whole = replace(
        attention,
        facts={**attention.facts, **noise},
        tensors=(*attention.tensors, *tensor),
        inside=(*attention.inside, norm),
    )
    return with_settings(whole, paired=True)
