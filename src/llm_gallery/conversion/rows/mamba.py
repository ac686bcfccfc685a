"""Models whose layers, or most of them, are Mamba's: Mamba, Jamba, Falcon H1, Granite 4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.conversion.changes import split, without_ones
from llm_gallery.conversion.hyperparameters import first
from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, WIDTH, rope
from llm_gallery.conversion.rest import by_layer, holds, in_turn, key, number, parts, share
from llm_gallery.conversion.row import Row, Shape, Spelled
from llm_gallery.conversion.rows.granite import MULTIPLIERS, PARALLEL, ROUTED
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
UNBOUNDED = 2**20
"""Context of models that rotate nothing, as the converter writes it."""
SIZES: Spelled = {
    "block_count": ("num_hidden_layers", "n_layer"),
    "embedding_length": ("hidden_size", "d_model"),
    "attention.layer_norm_rms_epsilon": ("layer_norm_epsilon", "rms_norm_eps"),
}
STATE: Spelled = {
    "ssm.conv_kernel": ("conv_kernel", "mamba_d_conv"),
    "ssm.state_size": ("state_size", "mamba_d_state", "ssm_state_size"),
    "ssm.time_step_rank": ("mamba_n_heads", "mamba_num_heads", "time_step_rank", "mamba_dt_rank"),
    "ssm.group_count": ("mamba_n_groups", "n_groups"),
}
MIXER = {
    "in_proj": "ssm_in",
    "conv1d": "ssm_conv1d",
    "x_proj": "ssm_x",
    "mixer.dt_proj": "ssm_dt",
    "mamba.dt_proj": "ssm_dt",
    "out_proj": "ssm_out",
    "dt_layernorm": "ssm_dt_norm",
    "b_layernorm": "ssm_b_norm",
    "c_layernorm": "ssm_c_norm",
    "pre_ff_layernorm": "ffn_norm",
}
ONLY = {**MIXER, "embeddings": "token_embd", "norm_f": "output_norm", "norm": "attn_norm"}
"""Of models without attention, or whose layers have one part each."""


def state(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
    """How fast states fade: an axis more where each head has one number."""
    return [("ssm_a", shape if len(shape) > 1 else (*shape, 1))]


def by_group(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
    """A norm of groups of channels."""
    groups = first(config, ("mamba_n_groups", "n_groups")) or 1
    return [("ssm_norm.weight", (groups, shape[0] // groups))]


FIRST = {
    "A_log": state,
    "D": lambda shape, config: [("ssm_d", shape)],
    "conv1d.weight": without_ones("ssm_conv1d.weight"),
}
"""Of Mamba, whose channels each have a state of their own."""
SECOND = {
    **FIRST,
    "D": lambda shape, config: [("ssm_d", (*shape, 1))],
    "dt_bias": lambda shape, config: [("ssm_dt.bias", shape)],
    "mixer.norm.weight": by_group,
    "mamba.norm.weight": by_group,
}
"""Of Mamba-2, whose heads have one."""


SHARED = split("ffn_gate_shexp.weight", "ffn_up_shexp.weight")


def attends(config: Json) -> list[bool]:
    """Which layers attend, of all."""
    layers = config["num_hidden_layers"]
    kinds = config.get("layer_types") or []
    if kinds:
        return [kind in ("attention", "full_attention") for kind in kinds]
    every, offset = config["attn_layer_period"], config["attn_layer_offset"]
    return [layer % every == offset for layer in range(layers)]


def attended(config: Json) -> Json:
    """Heads of keys and values by layer: none where a layer keeps a state."""
    heads = config["num_key_value_heads"]
    return {"attention.head_count_kv": [heads if layer else 0 for layer in attends(config)]}


def expanded(config: Json) -> Json:
    """How wide the mixer is inside, and that no layer attends or has a feed-forward part."""
    return {
        "context_length": UNBOUNDED,
        "feed_forward_length": 0,
        "attention.head_count": 0,
        "ssm.inner_size": width(config),
    }


def width(config: Json) -> int:
    """How wide a mixer is where a model has no other part."""
    return int(config.get("intermediate_size") or config["hidden_size"] * config.get("expand", 2))


def normed(config: Json) -> Json:
    """Whether the steps and what is read and written are normed."""
    return {"ssm.dt_b_c_rms": config["model_type"] == "falcon_mamba"}


def headed(config: Json) -> Json:
    """Mamba-2's heads."""
    return {"ssm.time_step_rank": width(config) // config["head_dim"]}


def inside(config: Json) -> Json:
    """How wide a hybrid's mixer is."""
    stated = config.get("mamba_d_ssm")
    return {"ssm.inner_size": stated or config["mamba_expand"] * config["hidden_size"]}


def granite(config: Json) -> Json:
    """What Granite rotates: nothing, where layers keep states."""
    if all(attends(config)):
        raise Refusal(
            "all layers attend, expected some that keep a state in a Granite hybrid, since llama.cpp's converter writes "
            "the others as another architecture; convert it with convert_hf_to_gguf.py"
        )
    return {
        "context_length": UNBOUNDED,
        "rope.dimension_count": config["hidden_size"] // config["num_attention_heads"],
        "rope.scaling.finetuned": False,
    }


def second(stored: Stored, said: Json) -> Json:
    """How wide Mamba-2's heads are."""
    wide = {"state_size": said.get("state_size"), "n_groups": said.get("mamba_n_groups")}
    return {
        "num_heads": said.get("mamba_n_heads"),
        "head_dim": share(stored, said, "mamba_n_heads"),
        "expand": share(stored, said, "hidden_size"),
        **wide,
    }


def hybrid(stored: Stored, said: Json) -> Json:
    """Sizes of a hybrid's states, in its own spelling."""
    count = {"mamba_n_heads": key(stored, "ssm.time_step_rank")}
    return {
        **count,
        "mamba_d_conv": key(stored, "ssm.conv_kernel"),
        "mamba_d_state": key(stored, "ssm.state_size"),
        "mamba_n_groups": key(stored, "ssm.group_count"),
        "mamba_d_ssm": number(stored, "ssm.inner_size"),
        "mamba_d_head": share(stored, count, "mamba_n_heads"),
        "mamba_expand": share(stored, said, "hidden_size"),
        "mamba_rms_norm": holds(stored, "ssm_norm.weight"),
    }


def attending(stored: Stored, said: Json) -> Json:
    """Which layers attend."""
    counts = by_layer(stored, "attention.head_count_kv")
    kinds = ["attention" if count else "mamba" for count in counts]
    return {"num_key_value_heads": max(counts, default=None), "layer_types": kinds}


def routed(stored: Stored, said: Json) -> Json:
    """How many experts Granite's layers have, and that nothing is rotated where layers keep states."""
    return {
        "num_local_experts": key(stored, "expert_count"),
        "position_embedding_type": "rope" if key(stored, "rope.scaling.finetuned") else "nope",
    }


def spaced(stored: Stored, said: Json) -> Json:
    """Every how many layers Jamba's attend and have experts."""
    counts = by_layer(stored, "attention.head_count_kv")
    attending = [layer for layer, count in enumerate(counts) if count]
    sparse = [layer for layer, part in enumerate(parts(stored, said)) if part == "sparse"]
    made: dict[str, Any] = {
        "num_key_value_heads": max(counts, default=None),
        "mamba_dt_rank": key(stored, "ssm.time_step_rank"),
        "num_experts": key(stored, "expert_count"),
    }
    if attending:
        made["attn_layer_offset"] = attending[0]
        made["attn_layer_period"] = (
            attending[1] - attending[0] if len(attending) > 1 else len(counts)
        )
    if len(sparse) > 1:
        made["expert_layer_offset"] = sparse[0]
        made["expert_layer_period"] = sparse[1] - sparse[0]
    return made


ROWS = (
    Row(
        "mamba",
        ("mamba", "falcon_mamba"),
        {**SIZES, **{k: v for k, v in STATE.items() if k != "ssm.group_count"}},
        writes=(expanded, normed),
        names=ONLY,
        changes=FIRST,
    ),
    Row(
        "mamba2",
        ("mamba2",),
        {**SIZES, **STATE},
        writes=(expanded, headed),
        names=ONLY,
        changes=SECOND,
        rest=second,
    ),
    Row(
        "jamba",
        ("jamba",),
        {**PLAIN, **RMS, **EXPERTS, **{k: v for k, v in STATE.items() if k != "ssm.group_count"}},
        writes=(inside, attended),
        names={**MIXER, "feed_forward.router": "ffn_gate_inp"},
        changes=FIRST,
        rest=in_turn(hybrid, spaced),
    ),
    Row(
        "falcon-h1",
        ("falcon_h1",),
        {**PLAIN, **RMS, **WIDTH, **STATE, "vocab_size": "vocab_size"},
        writes=(rope, inside),
        names=MIXER,
        changes={**SECOND, "pre_ff_layernorm.weight": lambda shape, config: [("ffn_norm", shape)]},
        lost="by what its branches are multiplied: its weights already are",
    ),
    Row(
        "granitehybrid",
        ("granitemoehybrid",),
        {**PLAIN, **RMS, **EXPERTS, **STATE, **MULTIPLIERS, "vocab_size": "vocab_size"},
        writes=(rope, inside, attended, granite),
        names={**MIXER, **ROUTED, "shared_mlp.output_linear": "ffn_down_shexp"},
        changes={**SECOND, **PARALLEL, "shared_mlp.input_linear.weight": SHARED},
        rest=in_turn(hybrid, attending, routed),
    ),
)
