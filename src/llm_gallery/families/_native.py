"""Files of the releases' own code, which state no type: Mistral's and Meta's `params.json`, and state-spaces' config.

Reference: https://github.com/meta-llama/llama-models (args.py, model.py), https://github.com/state-spaces/mamba
(config_mamba.py, mixer_seq_simple.py); Mistral's in _native_mistral.py
"""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json
from llm_gallery.families._native_mistral import (
    ALWAYS,
    CONTEXT,
    NOT_TOLD,
    OWN_TYPE,
    SIZES,
    codestral,
    dense,
    of_llama,
)
from llm_gallery.families._spelled import Spelled, Spelling, needed, nothing_else, only, size

OF_META = ("dim", "n_layers", "n_heads", "multiple_of", "norm_eps", "vocab_size")
META_TOO = (
    "n_kv_heads",
    "ffn_dim_multiplier",
    "rope_theta",
    "use_scaled_rope",
    "rope_scaling_factor",
)
STRETCHED = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}
"""What Meta's code does where `use_scaled_rope` is true, unless the file states another factor."""
SMALL = 3072
"""The width of the larger of two models that tie their output, which no key says."""
TIED = "Llama 3.2 1B and 3B tie the output to the embedding, which their params.json doesn't say: their outputs are counted"

OF_MAMBA = ("d_model", "n_layer", "vocab_size", "ssm_cfg")
RUN_ALONE = ("residual_in_fp32", "fused_add_norm", "pad_vocab_size_multiple")
MAMBA_TOO = (*RUN_ALONE, "rms_norm", "tie_embeddings")
PLAIN_MAMBA: Mapping[str, tuple[object, ...]] = {
    "attn_layer_idx": ([], None),
    "attn_cfg": ({}, None),
    "d_intermediate": (0,),
    "rms_norm": (True,),
}
OF_STATES = {"d_state": "state_size", "d_conv": "conv_kernel", "expand": "expand", "bias": "use_bias", "conv_bias": "use_conv_bias"}  # fmt: skip
FIRST = {"dt_rank": "time_step_rank"}
SECOND = {"headdim": "head_dim", "ngroups": "n_groups"}
FILLED: Mapping[str, object] = {"d_conv": 4, "expand": 2, "bias": False, "conv_bias": True}
"""What the state spaces' own classes take where `ssm_cfg` says nothing."""


def native(raw: Json) -> Spelled | None:
    """A file of the releases' own code in the keys of its family; None where it is none."""
    if "architectures" in raw:
        return None
    if raw.get("model_type") == "mamba" and "dim" in raw and "n_groups" in raw:
        return codestral(raw)
    if raw.get("model_type") not in (None, OWN_TYPE):
        return None
    if "ssm_cfg" in raw and "d_model" in raw:
        return state_spaces(raw)
    if "dim" in raw and "n_layers" in raw and "n_heads" in raw:
        return dense(raw) if "hidden_dim" in raw else meta(raw)
    return None


def meta(raw: Json) -> Spelled:
    """Meta's: the MLP's width is two thirds of four times the stream's, by a factor, rounded up."""
    needed(raw, OF_META)
    nothing_else(raw, (*OF_META, *META_TOO, *NOT_TOLD, CONTEXT[0]))
    if raw["vocab_size"] == -1:
        raise Refusal(
            "vocab_size is -1, which leaves it to the tokenizer, expected a number; write 32000 "
            "for Llama 1 and 2, or what the tokenizer has"
        )
    spelling = Spelling(raw, "llama")
    stretched, theta = raw.get("use_scaled_rope"), raw.get("rope_theta")
    spelling.drops(
        (
            *NOT_TOLD,
            CONTEXT[0],
            "multiple_of",
            "ffn_dim_multiplier",
            "use_scaled_rope",
            "rope_scaling_factor",
        )
    )
    spelling.moves(SIZES)
    spelling.says("intermediate_size", *_widened(raw), "derived")
    if theta is None:
        spelling.says("rope_theta", 1e4, "rope_theta", "assumed")
    if stretched not in (None, False, True):
        raise Refusal(f"use_scaled_rope is {quoted(stretched)}, expected true or false; correct it")
    if stretched:
        factor = raw.get("rope_scaling_factor") or STRETCHED["factor"]
        spelling.says("rope_scaling", {**STRETCHED, "factor": factor}, "use_scaled_rope", "implied")
    spelling.implies({"tie_word_embeddings": False, "attention_bias": False, "mlp_bias": False})
    made = of_llama(raw, spelling, "Meta")
    return made._replace(notes=(*made.notes, TIED)) if stretched and raw["dim"] <= SMALL else made


def _widened(raw: Json) -> tuple[int, str]:
    """The width of Meta's MLP, and how it comes."""
    dim, unit, factor = size(raw, "dim"), size(raw, "multiple_of"), raw.get("ffn_dim_multiplier")
    inner, formula = 2 * 4 * dim // 3, "8 / 3 x dim"
    if factor is not None:
        if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 < factor < 1000:
            raise Refusal(
                f"ffn_dim_multiplier is {quoted(factor)}, expected a positive number; correct it"
            )
        inner, formula = int(factor * inner), f"{formula} x ffn_dim_multiplier"
    return -(-inner // unit) * unit, f"{formula}, rounded up to multiple_of"


def state_spaces(raw: Json) -> Spelled:
    """state-spaces' config of Mamba or Mamba-2: the rows of its vocabulary are rounded up."""
    needed(raw, OF_MAMBA)
    only(raw, PLAIN_MAMBA)
    nothing_else(raw, (*OF_MAMBA, *MAMBA_TOO, *PLAIN_MAMBA))
    held = raw["ssm_cfg"]
    if not isinstance(held, Mapping):
        raise Refusal(f"ssm_cfg is {quoted(held)}, expected an object; correct it")
    only(held, {"layer": ("Mamba1", "Mamba2")}, "ssm_cfg.")
    second = held.get("layer") == "Mamba2"
    own = {**OF_STATES, **(SECOND if second else FIRST)}
    nothing_else(held, ("layer", *own), "ssm_cfg.")
    spelling = Spelling(raw, "mamba2" if second else "mamba")
    spelling.drops(("ssm_cfg", *RUN_ALONE, *PLAIN_MAMBA))
    spelling.moves(
        {
            "d_model": "hidden_size",
            "n_layer": "num_hidden_layers",
            "tie_embeddings": "tie_word_embeddings",
        }
    )
    filled = (
        {**FILLED, "d_state": 128, "headdim": 64, "ngroups": 1}
        if second
        else {**FILLED, "d_state": 16, "dt_rank": "auto"}
    )
    values = {**filled, **held}
    for key, theirs in own.items():
        spelling.says(theirs, values[key], f"ssm_cfg.{key}", "stated" if key in held else "assumed")
    unit, rows = (
        size({"pad_vocab_size_multiple": 8, **raw}, "pad_vocab_size_multiple"),
        size(raw, "vocab_size"),
    )
    spelling.says(
        "vocab_size",
        -(-rows // unit) * unit,
        "vocab_size, rounded up to pad_vocab_size_multiple",
        "derived",
    )
    if second:
        inner, dim = size(values, "expand") * size(raw, "d_model"), size(values, "headdim")
        spelling.says("num_heads", inner // dim, "expand x d_model / headdim", "derived")
    if "tie_embeddings" not in raw:
        spelling.says("tie_word_embeddings", True, "tie_embeddings", "assumed")
    spelling.implies(ALWAYS)
    note = "it is a config of state-spaces' own code, described with its names of tensors"
    return Spelled(spelling.config, spelling.sources, (note,), {"embeddings": "embedding"}, own=raw)
