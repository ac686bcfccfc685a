"""Files of the releases' own code, which state no type: Mistral's and Meta's `params.json`, and state-spaces' config.

Reference: https://github.com/state-spaces/mamba (config_mamba.py, mixer_seq_simple.py); the others' in _native_meta.py,
_native_mistral.py and _native_parts.py
"""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json
from llm_gallery.recognition.native_meta import meta
from llm_gallery.recognition.native_mistral import (
    ALWAYS,
    OWN_TYPE,
    codestral,
    dense,
)
from llm_gallery.recognition.native_parts import llama4, mllama, realtime
from llm_gallery.recognition.spelled import Spelled, Spelling, needed, nothing_else, only, size

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
        return of_several_parts(raw) or (dense(raw) if "hidden_dim" in raw else meta(raw))
    return None


def of_several_parts(raw: Json) -> Spelled | None:
    """A file of a model with experts, pictures or sound that one key gives away; None where none does."""
    if "hidden_dim" in raw:
        return realtime(raw) if raw.get("ada_rms_norm_t_cond") else None
    if "ffn_exp" in raw:
        return llama4(raw)
    return mllama(raw) if "vision_num_cross_attention_layers" in raw else None


def state_spaces(raw: Json) -> Spelled:
    """state-spaces' config of Mamba or Mamba-2: the rows of its vocabulary are rounded up."""
    needed(raw, OF_MAMBA)
    only(raw, PLAIN_MAMBA)
    nothing_else(raw, (*OF_MAMBA, *MAMBA_TOO, *PLAIN_MAMBA))
    ssm_config = raw["ssm_cfg"]
    if not isinstance(ssm_config, Mapping):
        raise Refusal(f"ssm_cfg is {quoted(ssm_config)}, expected an object; correct it")
    only(ssm_config, {"layer": ("Mamba1", "Mamba2")}, "ssm_cfg.")
    second = ssm_config.get("layer") == "Mamba2"
    names_of_tensors = {**OF_STATES, **(SECOND if second else FIRST)}
    nothing_else(ssm_config, ("layer", *names_of_tensors), "ssm_cfg.")
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
    values = {**filled, **ssm_config}
    for key, theirs in names_of_tensors.items():
        spelling.says(
            theirs, values[key], f"ssm_cfg.{key}", "stated" if key in ssm_config else "assumed"
        )
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
