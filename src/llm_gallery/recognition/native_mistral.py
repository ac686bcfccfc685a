"""Mistral's `params.json`: of its dense models since the first 7B, of Mixtral, Codestral Mamba and Mistral Large 3.

Reference: https://github.com/mistralai/mistral-inference (args.py, transformer.py, mamba.py), and for keys that it doesn't
have vllm/transformers_utils/configs/mistral.py
"""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.architecture.fact import Origin
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json
from llm_gallery.recognition.spelled import Spelled, Spelling, needed, nothing_else, only, size

OF_LLAMA = {
    "model": "", "embed_tokens": "tok_embeddings", "lm_head": "output",
    "input_layernorm": "attention_norm", "post_attention_layernorm": "ffn_norm",
    "self_attn": "attention", "q_proj": "wq", "k_proj": "wk", "v_proj": "wv", "o_proj": "wo",
    "mlp": "feed_forward", "block_sparse_moe": "feed_forward", "gate_proj": "w1", "up_proj": "w3", "down_proj": "w2",
}  # fmt: skip
"""Meta's names of parts, which Mistral's code took over, by those of transformers."""
SIZES = {
    "dim": "hidden_size",
    "n_layers": "num_hidden_layers",
    "n_heads": "num_attention_heads",
    "n_kv_heads": "num_key_value_heads",
}
LONGEST = 2**40
"""Stands in for a context that a file doesn't state; no fact is made of it."""
ALWAYS = {"hidden_act": "silu"}
NOT_TOLD = ("max_batch_size", "model_parallel", "model_parallel_size")
"""How a program runs the model: buffers, and on how many devices."""
CONTEXT = ("max_seq_len", "max_position_embeddings")
"""What Mistral's later files call the context; to Meta's code the first is the size of a buffer."""

OWN_TYPE = "transformer"
"""What the files' own code calls all of them but Codestral Mamba, where they say a type."""
NEEDED = ("dim", "n_layers", "n_heads", "n_kv_heads", "hidden_dim", "vocab_size", "norm_eps")
WINDOWS = ("sliding_window", "_sliding_window")
"""Two names of one: the second hid it from servers that took no list."""
TOLD = (
    "head_dim", "rope_theta", "moe", "tied_embeddings", "quantization", "yarn", "llama_4_scaling", "vision_encoder",
    "multimodal", "model_type", *WINDOWS, *CONTEXT,
)  # fmt: skip
NO_OTHER: Mapping[str, tuple[object, ...]] = {
    "use_biases": (False,),
    "causal": (True,),
    "ada_rms_norm_t_cond": (False, None),
}
MOVED = {
    **SIZES,
    "hidden_dim": "intermediate_size",
    "tied_embeddings": "tie_word_embeddings",
    "max_seq_len": "max_position_embeddings",
}
LATENT = ("q_lora_rank", "kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim")
YARN = {"original_max_position_embeddings": "", "factor": "", "beta": "beta_fast", "alpha": "beta_slow"}  # fmt: skip
"""Its keys, with another name in transformers where there is one."""
GROWTH = ("original_max_position_embeddings", "beta")
"""How Llama 4's temperature is said."""
OF_EXPERTS = {
    "num_experts": "n_routed_experts", "num_experts_per_tok": "num_experts_per_tok",
    "first_k_dense_replace": "first_k_dense_replace", "expert_hidden_dim": "moe_intermediate_size",
    "num_shared_experts": "n_shared_experts", "num_expert_groups": "n_group",
    "num_expert_groups_per_tok": "topk_group", "routed_scale": "routed_scaling_factor",
}  # fmt: skip
ONE_WAY: Mapping[str, tuple[object, ...]] = {
    "route_every_n": (1,),
    "renorm_strategy": ("WEIGHTS",),
    "use_load_balancing_bias": (False,),
}
SPREAD = ("expert_parallel", "expert_model_parallel")
"""Over how many devices experts are spread."""
OF_CODESTRAL = ("dim", "n_layers", "vocab_size", "n_groups")
CODESTRAL_TOO = ("residual_in_fp32", "fused_add_norm")
NOTE = "it is {}'s params.json, described with its own names of tensors"


def dense(raw: Json) -> Spelled:
    """A model of plain layers or Mixtral's: a window makes the base of its rotation 10,000 where the file states none."""
    if raw.get("kv_lora_rank") is not None:
        return large(raw)
    needed(raw, NEEDED)
    only(raw, NO_OTHER)
    only(raw, dict.fromkeys(LATENT, (None,)))
    nothing_else(raw, (*NEEDED, *TOLD, *LATENT, *NO_OTHER, *NOT_TOLD))
    moe, window = raw.get("moe"), _window(raw)
    tempered = raw.get("llama_4_scaling") is not None
    kinds = {"mixtral": moe is not None, "ministral": isinstance(window, list), "ministral3": tempered}  # fmt: skip
    several = [kind for kind, meant in kinds.items() if meant]
    if len(several) > 1:
        raise Refusal(
            "moe, a list of windows and llama_4_scaling are stated together, expected one of them: no release has two; "
            "give the model's config.json of transformers"
        )
    spelling = Spelling(raw, next(iter(several), "mistral"))
    spelling.drops((*NOT_TOLD, *NO_OTHER, *LATENT, *WINDOWS, "moe", "yarn", "llama_4_scaling"))
    spelling.moves(MOVED)
    if moe is not None:
        _mixtral(spelling, moe)
    if raw.get("rope_theta") is None:
        spelling.says("rope_theta", 1e6 if window is None else 1e4, "rope_theta", "assumed")
    _windowed(raw, spelling, window)
    if raw.get("yarn") is not None or tempered:
        _stretched(raw, spelling)
    if "tied_embeddings" not in raw:
        spelling.says("tie_word_embeddings", False, "", "implied")
    return of_llama(raw, spelling, "Mistral")


def of_llama(raw: Json, spelling: Spelling, whose: str) -> Spelled:
    """What both have: Meta's names of tensors, neighbouring channels rotated as pairs, often no stated context."""
    spelling.implies(ALWAYS)
    return _respelled(raw, spelling, whose, OF_LLAMA, {"pairs": True})


def _respelled(
    raw: Json,
    spelling: Spelling,
    whose: str,
    names: Mapping[str, str],
    computes: Mapping[str, object],
) -> Spelled:
    note = NOTE.format(whose)
    without: tuple[str, ...] = ()
    if CONTEXT[1] not in spelling.config:
        spelling.says(CONTEXT[1], LONGEST, "", "implied")
        note, without = f"{note}; it states no context", ("context",)
    return Spelled(spelling.config, spelling.sources, (note,), names, computes, without, raw)


def _mixtral(spelling: Spelling, moe: object) -> None:
    if not isinstance(moe, Mapping):
        raise Refusal(f"moe is {quoted(moe)}, expected an object or null; correct it")
    needed(moe, ("num_experts", "num_experts_per_tok"), "moe.")
    nothing_else(moe, ("num_experts", "num_experts_per_tok"), "moe.")
    spelling.says("num_local_experts", moe["num_experts"], "moe.num_experts")
    spelling.says("num_experts_per_tok", moe["num_experts_per_tok"], "moe.num_experts_per_tok")


def _window(raw: Json) -> object:
    """A number, a list that layers take by turns, or None; under the one of two names that says it."""
    said = [raw[key] for key in WINDOWS if raw.get(key) is not None]
    if len(said) > 1:
        raise Refusal(f"{' and '.join(WINDOWS)} are both stated, expected one; remove the other")
    return said[0] if said else None


def _windowed(raw: Json, spelling: Spelling, window: object) -> None:
    """A list is told as the kinds of all layers, and its one length."""
    key = next((key for key in WINDOWS if raw.get(key) is not None), WINDOWS[0])
    if not isinstance(window, list):
        if key in raw:
            spelling.says(WINDOWS[0], window, key)
        else:
            spelling.says(WINDOWS[0], window, "", "implied")
        return
    layers = size(raw, "n_layers")
    lengths = [length for length in window if length is not None]
    uneven = 0 < len(window) < layers and layers % len(window)
    if not lengths or any(length != lengths[0] for length in lengths) or uneven:
        raise Refusal(
            f"{key} is {quoted(window)}, expected one length and nulls, as many as divide n_layers ({layers}); correct it"
        )
    turns = (window * -(-layers // len(window)))[:layers]
    spelling.says(WINDOWS[0], lengths[0], key)
    spelling.says(
        "layer_types",
        ["full_attention" if turn is None else "sliding_attention" for turn in turns],
        key,
    )


def _stretched(raw: Json, spelling: Spelling) -> None:
    """YaRN, and the temperature that grows after its old context, as transformers has both in one object."""
    yarn, growth = _object(raw, "yarn"), raw.get("llama_4_scaling")
    needed(yarn, YARN, "yarn.")
    nothing_else(yarn, (*YARN, "apply_scale"), "yarn.")
    only(yarn, {"apply_scale": (False, True)}, "yarn.")
    extension = {theirs or key: yarn[key] for key, theirs in YARN.items()}
    if yarn.get("apply_scale") is False:
        extension["attention_factor"] = 1.0
    if growth is not None:
        growth = _object(raw, "llama_4_scaling")
        needed(growth, GROWTH, "llama_4_scaling.")
        nothing_else(growth, GROWTH, "llama_4_scaling.")
        old = GROWTH[0]
        if growth[old] != yarn[old]:
            raise Refusal(
                f"llama_4_scaling.{old} is {quoted(growth[old])}, expected yarn.{old} ({quoted(yarn[old])}); "
                "make the two agree"
            )
        extension["llama_4_scaling_beta"] = growth["beta"]
        spelling.sources["rope_parameters"] = Origin("stated", "llama_4_scaling")
        spelling.sources["llama_4_scaling_beta"] = Origin("stated", "beta")
    _says_yarn(spelling, {"rope_type": "yarn", **extension})


def _says_yarn(spelling: Spelling, extension: Json) -> None:
    """What the object is called says which kind of extension it is; its factor stands for that."""
    spelling.says("rope_scaling", extension, "yarn")
    spelling.sources["rope_type"] = Origin("stated", "factor")


def _object(raw: Json, key: str) -> Json:
    value = raw.get(key)
    if not isinstance(value, Mapping):
        raise Refusal(f"{key} is {quoted(value)}, expected an object; correct it")
    return value


def large(raw: Json) -> Spelled:
    """Mistral Large 3, whose family has the checkpoint's names of tensors: latent attention, and experts with a shared one."""
    nothing_else(raw, (*NEEDED, *TOLD, *LATENT, *NO_OTHER, *NOT_TOLD))
    needed(raw, (*NEEDED, *LATENT))
    only(raw, {**NO_OTHER} | dict.fromkeys(WINDOWS, (None,)))
    moe = _object(raw, "moe")
    needed(moe, OF_EXPERTS, "moe.")
    only(moe, ONE_WAY, "moe.")
    nothing_else(moe, (*OF_EXPERTS, *ONE_WAY, *SPREAD), "moe.")
    spelling = Spelling(raw, "mistral_large3")
    spelling.drops((*NOT_TOLD, *NO_OTHER, *WINDOWS, "moe", "head_dim", "yarn"))
    spelling.moves({**MOVED, "vision_encoder": "vision_config"})
    for key, theirs in OF_EXPERTS.items():
        spelling.says(theirs, moe[key], f"moe.{key}")
    if raw.get("yarn") is not None:
        yarn = _object(raw, "yarn")
        nothing_else(yarn, (*YARN, "apply_scale"), "yarn.")
        _says_yarn(spelling, {"type": "yarn", **yarn})
    if "tied_embeddings" not in raw:
        spelling.says("tie_word_embeddings", False, "", "implied")
    spelling.implies(ALWAYS)
    return _respelled(raw, spelling, "Mistral", {}, {})


def codestral(raw: Json) -> Spelled:
    """Codestral Mamba: state-spaces' Mamba-2 in its usual sizes, under a type that elsewhere is the first Mamba's."""
    needed(raw, OF_CODESTRAL)
    only(raw, {"rms_norm": (True,), "pad_vocab_size_multiple": (1,)})
    extra = ("rms_norm", "pad_vocab_size_multiple", "tie_embeddings", "model_type")
    nothing_else(raw, (*OF_CODESTRAL, *CODESTRAL_TOO, *extra))
    spelling = Spelling(raw, "mamba2")
    spelling.drops((*CODESTRAL_TOO, "rms_norm", "pad_vocab_size_multiple"))
    spelling.moves({key: SIZES[key] for key in ("dim", "n_layers")})
    spelling.moves({"tie_embeddings": "tie_word_embeddings"})
    filled = {"state_size": 128, "conv_kernel": 4, "expand": 2, "head_dim": 64, "use_bias": False, "use_conv_bias": True}  # fmt: skip
    for key, value in filled.items():
        spelling.says(key, value, "", "implied")
    spelling.says("num_heads", 2 * size(raw, "dim") // 64, "2 x dim / 64", "derived")
    if "tie_embeddings" not in raw:
        spelling.says("tie_word_embeddings", False, "", "implied")
    spelling.implies(ALWAYS)
    names = {"backbone": "model.backbone", "lm_head": "model.lm_head", "embeddings": "embedding"}
    return Spelled(spelling.config, spelling.sources, (NOTE.format("Mistral"),), names, {}, (), raw)
