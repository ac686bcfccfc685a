"""Step 3.7's language model: in the release's words, and as transformers saves its config.

What the class computes whatever a key says is implied: gates of heads, norms of heads, the router's sigmoid and its bias.
Reference: transformers/models/step3p7/configuration_step3p7.py
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Origin
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Depth, Few, Json, Length, Size, config, per_layer, same
from llm_gallery.families._reader import read
from llm_gallery.families.step3p5 import Step35, step3p5
from llm_gallery.recognition.spelled import Spelled

FULL, SLIDING = "full_attention", "sliding_attention"
WORDS = {
    "num_attention_groups": "num_key_value_heads",
    "moe_num_experts": "n_routed_experts",
    "moe_top_k": "num_experts_per_tok",
    "moe_layers_enum": "mlp_layer_types",
    "attention_other_setting": "num_sliding_attention_heads",
    "rope_theta": "rope_parameters",
    "partial_rotary_factors": "rope_parameters",
    "rope_scaling": "rope_parameters",
}
"""Step 3.5's keys that have other names, or are said in another way."""
SAME = (
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "max_position_embeddings",
    "num_attention_heads", "head_dim", "moe_intermediate_size", "moe_router_scaling_factor", "share_expert_dim",
    "swiglu_limits", "swiglu_limits_shared", "num_nextn_predict_layers", "tie_word_embeddings", "sliding_window",
)  # fmt: skip
FIRST_SPARSE = 3
"""The first layer with experts where the class isn't told which have any."""
COMPUTED: Json = {
    "use_qk_norm": True,
    "zero_centered": True,
    "use_head_wise_attn_gate": True,
    "moe_router_activation": "sigmoid",
    "norm_expert_weight": True,
    "use_moe_router_bias": True,
}


@config(
    "step3p7_saved",
    unused=(*COMPUTED, "yarn_only_types", "mtp_mlp_layer_types", "num_mtp_layers"),
    computes={"offset": 1.0},
)
class Step37Saved:
    """Layers are listed as many as there are, those that predict apart from them."""

    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    max_position_embeddings: Length
    num_attention_heads: Size
    num_sliding_attention_heads: Size | None
    num_key_value_heads: Size
    head_dim: Size
    query_pre_attn_scalar: float | None
    attention_bias: Literal[False]
    mlp_bias: Literal[False]
    hidden_act: Literal["silu"]
    layer_types: tuple[str, ...] | None
    mlp_layer_types: tuple[str, ...] | None
    mtp_layer_types: tuple[str, ...] | None
    sliding_window: Length | None
    rope_parameters: dict[str, Any]
    per_layer_config: dict[str, Any] | None = None
    n_routed_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    share_expert_dim: Size
    moe_router_scaling_factor: float
    swiglu_limits: tuple[float | None, ...] | None
    swiglu_limits_shared: tuple[float | None, ...] | None
    num_nextn_predict_layers: Few = 0
    tie_word_embeddings: bool = False  # said outside


@config("step3p7_text")
class Step37Text(Step35):
    tie_word_embeddings: bool = False  # said outside


def step3p7_text(c: Step37Text) -> Block:
    """Step 3.5 where windowed layers differ in their queries alone, as the reference has it."""
    other = c.attention_other_setting
    for key in ("head_dim", "num_attention_groups"):
        same(getattr(other, key), getattr(c, key), (f"attention_other_setting.{key}", key))
    return step3p5(c)


def step3p7_saved(c: Step37Saved) -> Block:
    spelled = released(c)
    with spelled.speaking():
        saved, _ = read(Step35, spelled.config, "", spelled.evidence)
        return spelled.respelled(step3p5(saved))


def released(c: Step37Saved) -> Spelled:
    """The same in Step 3.5's keys, and where each stands."""
    heads = c.num_attention_heads
    other = c.num_sliding_attention_heads or heads
    if c.query_pre_attn_scalar is not None:
        same(c.query_pre_attn_scalar, c.head_dim, ("query_pre_attn_scalar", "head_dim"))
    kinds = of_all_layers(c)
    check_each(c, kinds, other)
    rotations = {kind: rotation(c, kind) for kind in dict.fromkeys(kinds)}
    groups = c.num_key_value_heads
    values: dict[str, Any] = {
        **{key: getattr(c, key) for key in SAME},
        **COMPUTED,
        "num_attention_groups": groups,
        "attention_other_setting": {
            "attention_type": SLIDING,
            "num_attention_heads": other,
            "num_attention_groups": groups,
            "head_dim": c.head_dim,
        },
        "layer_types": kinds,
        "rope_theta": [rotations[kind]["rope_theta"] for kind in kinds],
        "partial_rotary_factors": [
            rotations[kind].get("partial_rotary_factor", 1.0) for kind in kinds
        ],
        "rope_scaling": extension(rotations),
        "yarn_only_types": [FULL],
        "moe_layers_enum": numbers_of(c),
        "moe_num_experts": c.n_routed_experts,
        "moe_top_k": c.num_experts_per_tok,
    }
    evidence: Mapping[str, Any] = getattr(c, "evidence", {})
    origins = {
        key: Origin("implied", "")
        if key in COMPUTED
        else Origin(evidence.get(WORDS.get(key, key), "stated"), WORDS.get(key, key))
        for key in values
    }
    return Spelled(values, origins, own={})


def numbers_of(c: Step37Saved) -> str:
    """The layers with experts between commas, where a comma alone names none."""
    listed = per_layer(c.mlp_layer_types, c.num_hidden_layers, "mlp_layer_types")
    kinds = listed or ["dense"] * FIRST_SPARSE + ["sparse"] * c.num_hidden_layers
    return ",".join(str(i) for i in range(c.num_hidden_layers) if kinds[i] == "sparse") or ","


def of_all_layers(c: Step37Saved) -> list[str]:
    """The kind of each layer, and of each that predicts further tokens."""
    listed = per_layer(c.layer_types, c.num_hidden_layers, "layer_types")
    last = c.mtp_layer_types or [FULL] * c.num_nextn_predict_layers
    if len(last) != c.num_nextn_predict_layers:
        raise Refusal(
            f"mtp_layer_types lists {len(last)} layers, expected {c.num_nextn_predict_layers} "
            "(num_nextn_predict_layers); make the two agree"
        )
    return [*(listed or [FULL] * c.num_hidden_layers), *last]


def check_each(c: Step37Saved, kinds: list[str], other: int) -> None:
    """Refuses what a file says of single layers beside the heads of windowed ones."""
    expected = {
        str(i): {"num_attention_heads": other}
        for i in range(c.num_hidden_layers)
        if kinds[i] == SLIDING
    }
    if c.per_layer_config and c.per_layer_config != expected:
        raise Refusal(
            f"per_layer_config is {quoted(c.per_layer_config)}, expected num_attention_heads {other} of each "
            "sliding_attention layer and nothing else (num_sliding_attention_heads); make the two agree"
        )


def rotation(c: Step37Saved, kind: str) -> Mapping[str, Any]:
    """How layers of that kind turn queries and keys."""
    parameters = c.rope_parameters.get(kind)
    if not isinstance(parameters, Mapping) or "rope_theta" not in parameters:
        raise Refusal(
            f"rope_parameters has no {kind} with a rope_theta, expected one for each kind of layer; add it"
        )
    return parameters


def extension(rotations: Mapping[str, Mapping[str, Any]]) -> Json | None:
    """What stretches the context of full layers; the class stretches no others."""
    others = {
        kind: rotation
        for kind, rotation in rotations.items()
        if rotation.get("rope_type") != "default"
    }
    if others.keys() - {FULL}:
        raise Refusal(
            f"rope_parameters extends {', '.join(others)}, expected {FULL} alone; correct it"
        )
    rotary_keys = ("rope_theta", "partial_rotary_factor")
    return {k: v for k, v in others[FULL].items() if k not in rotary_keys} if others else None
