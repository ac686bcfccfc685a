"""JetMoE: a mixture of attention heads beside a mixture of MLPs: experts hold queries and outputs, keys and values serve all.

Reference: transformers/models/jetmoe/modular_jetmoe.py
Paper: https://arxiv.org/abs/2404.07413
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    attention,
    facts,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stack,
    stacked_experts,
)
from llm_gallery.families._config import Size, at_most, config
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder

EPS = 1e-6
"""Of the layers' norms, whatever the config says."""


@config("jetmoe", unused=("aux_loss_coef", "num_attention_heads"))
class Jetmoe(Llama):
    num_attention_heads: None = None  # type: ignore[assignment]  # as many as keys, times experts
    hidden_act: str = ""  # the reference reads activation_function alone
    activation_function: str
    num_key_value_heads: Size
    kv_channels: Size
    num_local_experts: Size
    num_experts_per_tok: Size


def jetmoe(c: Jetmoe) -> Block:
    at_most(
        c.num_experts_per_tok, c.num_local_experts, ("num_experts_per_tok", "num_local_experts")
    )
    decoder_layer = layer(
        residual(rms_norm("input_layernorm", c.hidden_size, eps=EPS), heads(c)),
        residual(rms_norm("post_attention_layernorm", c.hidden_size, eps=EPS), moe(c)),
    )
    return decoder(c, stack("layers", [decoder_layer] * c.num_hidden_layers))


def heads(c: Jetmoe) -> Block:
    """Each chosen expert has queries of its own for the keys and values of all, and a way back."""
    width, dim, keys, used = (
        c.hidden_size,
        c.kv_channels,
        c.num_key_value_heads,
        c.num_experts_per_tok,
    )
    queries = derived(keys * used, "num_key_value_heads x num_experts_per_tok")
    mixer = attention(
        "self_attention",
        heads=Heads(queries, keys, dim),
        positions=rope(c, dim),
        inside=(
            router("experts.router.layer", width=width, experts=c.num_local_experts),
            matrix_experts(c, linear("experts.input_linear", width, keys * dim, role="query")),
            linear("kv_proj", width, 2 * keys * dim, role=("key", "value"), rows=[keys * dim] * 2),
            matrix_experts(c, linear("experts.output_linear", keys * dim, width, role="output")),
        ),
        bias=False,
    )
    tensor = Tensor("experts.bias", (int(width),), role="bias")
    slots = facts(head_experts=c.num_local_experts)
    return replace(mixer, facts={**mixer.facts, **slots}, tensors=(tensor,))


def matrix_experts(c: Jetmoe, matrix: Block) -> Block:
    """A matrix of each expert, of which a token uses some."""
    return replace(matrix, copies=c.num_local_experts, used=c.num_experts_per_tok, stacked=True)


def moe(c: Jetmoe) -> Block:
    mixture = mixture_of_experts(
        "",
        router=router("mlp.router.layer", width=c.hidden_size, experts=c.num_local_experts),
        experts=stacked_experts(
            "mlp",
            stored=c.num_local_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            inner=c.intermediate_size,
            activation=c.activation_function,
            names=("input_linear.weight", "output_linear.weight"),
            outputs_first=True,
        ),
        scoring="softmax",
        normalized=True,
    )
    return replace(mixture, tensors=(Tensor("mlp.bias", (int(c.hidden_size),), role="bias"),))
