"""Yuan 2.0: Llama whose queries and keys are made of a mix with the two tokens before, by localized filtering.

Yuan 2.0-M32 has experts in the MLP's place, whose router lets them attend to one another.

The class keeps the last two inputs of the filter, 2 × width numbers a layer. A head's query and key stand in
neighbouring rows over `q_proj` and `k_proj` together.

Reference: yuan_hf_model.py and yuan_moe_hf_model.py of the releases (transformers has no such type)
Model: https://huggingface.co/IEITYuan/Yuan2-2B-hf, https://huggingface.co/IEITYuan/Yuan2-M32-hf
Paper: https://arxiv.org/abs/2311.15786, https://arxiv.org/abs/2405.17976
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    attention,
    experts,
    facts,
    gated_mlp,
    language_model,
    layer,
    linear,
    mixture_of_experts,
    plain_mlp,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import (
    Count,
    Depth,
    Length,
    Size,
    config,
    multiple,
    shared_among,
    stated,
)
from llm_gallery.families.llama import norm_settings

OF_THE_PUBLISHED_CODE = (
    "causal_mask", "dropout", "eod_token", "eod_token_id", "mask_token_id", "model_max_length",
    "reset_attention_mask", "reset_position_ids", "sep_token", "sep_token_id", "use_flash_attention",
    "use_loss_mask", "tokenizer_class", "_from_model_config",
)  # fmt: skip
"""How the class computes and trains, and what keeps several texts in one row apart: a text of its own has no such token."""
BASE = 10000.0
"""Of the rotation: no key says it."""
FILTER_EPS = 1e-6
"""Of the filter's norm, whatever the config states for the others."""
TAPS = 2


@config("")
class Mixture:
    """Of Yuan 2.0-M32; no expert leaves the MLP."""

    moe_num_experts: Count
    moe_top_k: Size
    norm_topk_prob: bool
    gated_linear_unit: bool
    ffn_hidden_size: Size
    per_layer_experts_blocks: list[int] | None = None


@config("yuan", unused=OF_THE_PUBLISHED_CODE, classes=("YuanForCausalLM",))
class Yuan:
    """Defaults are those of configuration_yuan.py beside the reference."""

    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    hidden_act: str = "silu"
    max_position_embeddings: Length
    tie_word_embeddings: bool = True
    attention_projection_size: Size | None = None
    use_shareqk: Literal[False] = False
    moe_config: Mixture | None = None
    rotary_base: float | None = None
    num_key_value_heads: Size | None = None


def yuan(c: Yuan) -> Block:
    _refuse_second(c)
    width = c.hidden_size
    decoder_layer = layer(
        residual(rms_norm("input_layernorm", width), filtered(c)),
        residual(rms_norm("post_attention_layernorm", width), mlp(c)),
    )
    whole = language_model(
        stack("layers", [decoder_layer] * c.num_hidden_layers),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        after=(rms_norm("norm", width),),
    )
    return with_settings(whole, **norm_settings(c))


def _refuse_second(c: Yuan) -> None:
    """Refuses what the class of a later Yuan reads: of that name, with other attention and experts."""
    later = {
        "rotary_base": c.rotary_base,
        "num_key_value_heads": c.num_key_value_heads,
        "moe_config.per_layer_experts_blocks": c.moe_config
        and c.moe_config.per_layer_experts_blocks,
    }
    for key, value in later.items():
        if value is not None:
            raise Refusal(
                f"{key} is {quoted(value)}, expected no such key: it is of a class after Yuan 2's, which no family "
                "describes yet; see docs/adding-a-family.md to add it"
            )


def filtered(c: Yuan) -> Block:
    """Values are made of the stream as it is; queries and keys of the filter's output, each head's both in neighbouring rows.

    Those of the first heads stand in q_proj, those of the others in k_proj.
    """
    width, heads = c.hidden_size, c.num_attention_heads
    head_width = shared_among(width, heads, ("hidden_size", "num_attention_heads"))
    dim = head_width
    if c.attention_projection_size is not None:
        names = ("attention_projection_size", "num_attention_heads")
        dim = shared_among(c.attention_projection_size, heads, names)
    if dim < head_width:
        raise Refusal(
            f"attention_projection_size is {c.attention_projection_size:,}, expected hidden_size ({width:,}) "
            "or more: so many channels of each head are rotated as the width has; correct it"
        )
    rows = heads * dim
    projections = {"q_proj": "query", "k_proj": "key", "v_proj": "value"}
    mixer = attention(
        "self_attn",
        heads=Heads(heads, heads, dim),
        positions=Positions(kind="rope", rotated=head_width, base=BASE),
        inside=(
            *localized_filter(width),
            *(linear(name, width, rows, role=role) for name, role in projections.items()),
            linear("o_proj", rows, width, role="output"),
        ),
    )
    added_facts = facts(convolved="inputs of queries and keys")
    return with_settings(
        replace(mixer, facts={**mixer.facts, **added_facts}), both_head_by_head=True
    )


def localized_filter(width: int) -> tuple[Block, Block, Block]:
    """norm(x + to all(to half(x))), each over a token and the one before it; the last two inputs are kept."""
    half = multiple(width, 2, ("hidden_size", "2")) and derived(width // 2, "hidden_size / 2")
    return (
        dense_convolution("lf_gate.conv1", width, half, role="input_filter", taps_kept=TAPS),
        dense_convolution("lf_gate.conv2", half, width, role="input_filter_back", taps_kept=0),
        rms_norm("lf_gate.output_layernorm", width, role="filtered_norm", eps=FILTER_EPS),
    )


def dense_convolution(name: str, inputs: int, outputs: int, *, role: str, taps_kept: int) -> Block:
    """Each output reads all inputs of a token and of the one before it."""
    weight = Tensor("weight", (int(outputs), int(inputs), TAPS, 1), role="weight")
    bias = Tensor("bias", (int(outputs),), role="bias")
    slots = facts(channels=inputs, taps=TAPS, kept=taps_kept, bias=True)
    return Block("convolution", name, slots, (weight, bias), roles=(role,))


def mlp(c: Yuan) -> Block:
    """down(act(up x) * gate x): what the checkpoint calls up is the gate. Or a choice of experts."""
    if c.moe_config is not None and c.moe_config.moe_num_experts:
        return mixture(c, c.moe_config)
    return gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("up_proj", "gate_proj", "down_proj"),
    )


def mixture(c: Yuan, m: Mixture) -> Block:
    """Experts are chosen by a softmax over what each reads of all."""
    width, inner = c.hidden_size, m.ffn_hidden_size
    if m.gated_linear_unit:
        channels = gated_mlp(
            "experts", width=width, inner=inner, activation=c.hidden_act, names=("w1", "w2")
        )
    else:
        channels = plain_mlp(
            "experts", width=width, inner=inner, activation=c.hidden_act, names=("w1", "w2")
        )
    mixture = mixture_of_experts(
        "mlp",
        router=attention_router(width, m.moe_num_experts),
        experts=experts(channels, stored=m.moe_num_experts, used=m.moe_top_k),
        scoring="softmax",
        normalized=stated(m, "norm_topk_prob"),
    )
    return replace(mixture, facts={**mixture.facts, **facts(router_attention=True)})


def attention_router(width: int, choices: int) -> Block:
    """A query, a key and a value for each expert, one number each."""
    inside = tuple(linear(role, width, choices, role=role) for role in ("query", "key", "value"))
    return Block("router", "gate", facts(inputs=width, outputs=choices), (), inside)
