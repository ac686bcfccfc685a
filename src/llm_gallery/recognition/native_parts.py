"""`params.json` of models of several parts, told in the keys and names of transformers, which converts them: Llama 4, Llama 3.2 Vision, Voxtral Realtime.

Reference: https://github.com/meta-llama/llama-models (models/llama4/args.py, model.py and moe.py, models/llama3/args.py,
models/llama3/multimodal/model.py), vllm/transformers_utils/configs/mistral.py
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.fact import Evidence, Origin
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import LANGUAGE_MODEL, Json, multiple, same
from llm_gallery.recognition.native_meta import OF_META, STRETCHED, factor_of, switch, widened
from llm_gallery.recognition.native_mistral import CONTEXT, LONGEST, NOT_TOLD
from llm_gallery.recognition.spelled import Spelled, needed, nothing_else, only, size

VISION, AUDIO = "vision_config", "audio_config"
NOTE = "it is {}'s params.json, described as transformers converts it, with its names and shapes of tensors"
TEXT = {
    "dim": "hidden_size",
    "n_layers": "num_hidden_layers",
    "n_heads": "num_attention_heads",
    "vocab_size": "vocab_size",
    "norm_eps": "rms_norm_eps",
}

OF_LLAMA_4 = ("dim", "n_layers", "n_heads", "multiple_of", "ffn_exp", "vocab_size")
LLAMA_4_TOO = (
    "n_kv_heads", "head_dim", "norm_eps", "ffn_dim_multiplier", "attention_chunk_size", "rope_theta", "use_scaled_rope",
    "rope_scaling_factor", "rope_high_freq_factor", "nope_layer_interval", "use_qk_norm", "attn_temperature_tuning",
    "floor_scale", "attn_scale", "vision_args", "moe_args", "quantization_args", "lora_args",
)  # fmt: skip
FILLED: Json = {
    "norm_eps": 1e-5, "rope_theta": 5e5, "use_qk_norm": False, "attn_temperature_tuning": False, "floor_scale": 8192.0,
    "attn_scale": 0.1, "attention_chunk_size": None,
}  # fmt: skip
"""What Llama 4's own class takes where its file is silent."""
STRETCHED_AS_SCOUT = {"rope_scaling_factor": 16, "rope_high_freq_factor": 1}
OF_EXPERTS = {
    "num_experts": "num_local_experts",
    "top_k": "num_experts_per_tok",
    "interleave_moe_layer_step": "interleave_moe_layer_step",
}
EXPERTS_TOO = ("capacity_factor", "auto_scale_F", "use_shared_expert", "use_token_choice")
OF_VISION = ("image_size", "patch_size", "dim", "n_layers", "n_heads", "mlp_ratio", "output_dim", "pixel_shuffle_ratio")  # fmt: skip
OF_ITS_CLASS: Json = {
    "num_channels": 3, "hidden_act": "gelu", "rope_theta": 1e4, "multi_modal_projector_bias": False, "projector_dropout": 0.0,
    "vision_feature_select_strategy": "default",
}  # fmt: skip

OF_CROSSING = ("vision_chunk_size", "vision_num_cross_attention_layers")
CROSSING_TOO = ("vision_max_num_chunks", "n_kv_heads", "ffn_dim_multiplier", "rope_theta", "use_scaled_rope", "rope_scaling_factor")  # fmt: skip
TOWER: Json = {
    "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_global_layers": 8, "attention_heads": 16,
    "num_channels": 3, "patch_size": 14, "max_num_tiles": 4, "vision_output_dim": 7680, "hidden_act": "gelu",
}  # fmt: skip
"""The tower of Llama 3.2 Vision, of which its file states the size of pictures alone."""

OF_REALTIME = ("dim", "n_layers", "n_heads", "n_kv_heads", "head_dim", "hidden_dim", "vocab_size", "norm_eps", "sliding_window")  # fmt: skip
REALTIME_TOO = (
    "rope_theta",
    "tied_embeddings",
    "multimodal",
    "ada_rms_norm_t_cond",
    "ada_rms_norm_t_cond_dim",
)
LENGTHS = ("model_max_length", *CONTEXT)
RANK = 32
"""Between the matrices that read the delay, as transformers has them."""
OF_SOUND = {
    "dim": "hidden_size", "hidden_dim": "intermediate_size", "n_layers": "num_hidden_layers",
    "n_heads": "num_attention_heads", "head_dim": "head_dim", "norm_eps": "rms_norm_eps",
}  # fmt: skip
SOUND_IN_ONE_WAY: Mapping[str, tuple[object, ...]] = {
    "causal": (True,),
    "use_biases": (True,),
    "pos_embed": ("rope",),
    "ffn_type": ("swiglu",),
    "norm_type": ("rms_norm",),
}
SOUND_TOO = ("audio_encoding_args", "n_kv_heads", "vocab_size", "use_cache", "rope_theta", "max_source_positions", "sliding_window")  # fmt: skip


class Parts:
    """A config in the keys of its family, part by part: one call for each value."""

    def __init__(self, raw: Json, family: str, kinds: Mapping[str, str]) -> None:
        self.raw, self.kinds = raw, kinds
        self.config: dict[str, Any] = {"model_type": family}
        self.config |= {at: {"model_type": kind} for at, kind in kinds.items()}
        self.sources: dict[str, Origin] = {}

    def says(
        self, at: str, key: str, value: object, source: str = "", evidence: Evidence = "stated"
    ) -> None:
        """A value of a part's key, and where it stands in the file; without a source its code implies it."""
        origin = Origin(evidence if source else "implied", source)
        (self.config[at] if at else self.config)[key] = value
        self.sources[f"{at}.{key}" if at else key] = origin
        if at == LANGUAGE_MODEL:
            self.sources[key] = origin  # as facts and refusals of its parts name it

    def copies(self, at: str, source: Json, keys: Mapping[str, str], where: str = "") -> None:
        """Keys of one object that have another name, or the same, in the family."""
        for key, theirs in keys.items():
            if key in source:
                self.says(at, theirs, source[key], where + key)

    def implies(self, at: str, values: Json) -> None:
        """What the file's own code computes whatever it says."""
        for key, value in values.items():
            self.says(at, key, value)

    def spelled(self, whose: str, *, alone: bool = False, context: bool = False) -> Spelled:
        """The whole; `alone` its language model, where the file has no other part."""
        config = self.config[LANGUAGE_MODEL] if alone else self.config
        note, without = NOTE.format(whose), () if context else ("context",)
        if not context:
            note = f"{note}; it states no context"
        return Spelled(config, self.sources, (note,), without=without, own=self.raw)


def llama4(raw: Json) -> Spelled:
    """Llama 4: chunked attention, layers without positions, experts as wide as half a dense MLP, and its vision model."""
    needed(raw, OF_LLAMA_4)
    nothing_else(raw, (*OF_LLAMA_4, *LLAMA_4_TOO, *NOT_TOLD, CONTEXT[0]))
    only(raw, {"lora_args": (None,)})
    parts = Parts(raw, "llama4", {LANGUAGE_MODEL: "llama4_text", VISION: "llama4_vision_model"})
    _of_meta(parts, raw)
    layers, width = size(raw, "n_layers"), size(raw, "dim")
    for key, value in FILLED.items():
        evidence: Evidence = "stated" if key in raw else "assumed"
        parts.says(LANGUAGE_MODEL, TEXT.get(key, key), raw.get(key, value), key, evidence)
    parts.implies(LANGUAGE_MODEL, {"attention_bias": False})
    head = multiple(width, size(raw, "n_heads"), ("dim", "n_heads"))
    if raw.get("head_dim") is not None:
        same(raw["head_dim"], head, ("head_dim", "dim / n_heads"))
    parts.says(LANGUAGE_MODEL, "head_dim", head, "dim / n_heads", "derived")
    interval = raw.get("nope_layer_interval")
    if interval is None:
        parts.says(LANGUAGE_MODEL, "no_rope_layers", [1] * _layers(layers))
    else:
        parts.says(LANGUAGE_MODEL, "no_rope_layer_interval", interval, "nope_layer_interval")
    if switch(raw, "use_scaled_rope"):
        said = {k: raw[k] if raw.get(k) is not None else v for k, v in STRETCHED_AS_SCOUT.items()}
        factor, high = said.values()
        stretched = {**STRETCHED, "factor": factor, "high_freq_factor": high}
        parts.says(LANGUAGE_MODEL, "rope_scaling", stretched, "use_scaled_rope", "implied")
    _experts(parts, raw)
    if raw.get("quantization_args"):
        parts.config["quantization"] = raw["quantization_args"]
    if raw.get("vision_args") is None:
        return parts.spelled("Meta", alone=True)
    parts.implies("", {"tie_word_embeddings": False})
    _vision(parts, _object(raw, "vision_args"))
    return parts.spelled("Meta")


def _layers(count: int) -> int:
    """A number of layers of which a list is made."""
    if count > 4096:
        raise Refusal(f"n_layers is {count:,}, expected at most 4,096; correct it")
    return count


def _of_meta(parts: Parts, raw: Json) -> None:
    """What all files of Meta's say of their text."""
    parts.copies(LANGUAGE_MODEL, raw, TEXT)
    shared = raw.get("n_kv_heads")
    heads, key = (raw["n_heads"], "n_heads") if shared is None else (shared, "n_kv_heads")
    parts.says(LANGUAGE_MODEL, "num_key_value_heads", heads, key)
    parts.implies(
        LANGUAGE_MODEL,
        {"hidden_act": "silu", "tie_word_embeddings": False, "max_position_embeddings": LONGEST},
    )


def _experts(parts: Parts, raw: Json) -> None:
    """Of a layer with experts as many parameters run as one without has: each is as wide as its part of that."""
    dense, formula = widened(raw)
    at = LANGUAGE_MODEL
    parts.says(at, "intermediate_size_mlp", dense, formula, "derived")
    if raw.get("moe_args") is None:
        parts.implies(at, {"moe_layers": [], "intermediate_size": dense})
        return
    moe = _object(raw, "moe_args")
    needed(moe, ("num_experts",), "moe_args.")
    nothing_else(moe, (*OF_EXPERTS, *EXPERTS_TOO), "moe_args.")
    only(moe, {"use_shared_expert": (True,), "use_token_choice": (True,)}, "moe_args.")
    for key, theirs in OF_EXPERTS.items():
        evidence: Evidence = "stated" if key in moe else "assumed"
        parts.says(at, theirs, moe.get(key, 1), f"moe_args.{key}", evidence)
    inner = int(2 * int(factor_of(raw, "ffn_exp", 1) * size(raw, "dim")) / 3)
    inner, formula = int(factor_of(raw, "ffn_dim_multiplier", 1) * inner), "2 / 3 x ffn_exp x dim"
    if raw.get("ffn_dim_multiplier") is not None:
        formula = f"{formula} x ffn_dim_multiplier"
    if switch({"auto_scale_F": True, **moe}, "auto_scale_F", "moe_args."):
        inner = int(inner / (factor_of(moe, "capacity_factor", 1, "moe_args.") + 1))
        formula = f"{formula} / (moe_args.capacity_factor + 1)"
    inner += -inner % size(raw, "multiple_of")
    parts.says(at, "intermediate_size", inner, f"{formula}, rounded up to multiple_of", "derived")


def _vision(parts: Parts, vision: Json) -> None:
    where = "vision_args."
    needed(vision, OF_VISION, where)
    nothing_else(vision, OF_VISION, where)
    for key in ("image_size", "patch_size"):
        sides = _object(vision, key, where)
        needed(sides, ("height", "width"), f"{where}{key}.")
        same(sides["width"], sides["height"], (f"{where}{key}.width", f"{where}{key}.height"))
        parts.says(VISION, key, sides["height"], f"{where}{key}.height")
    width, ratio = size(vision, "dim", where), factor_of(vision, "pixel_shuffle_ratio", 1, where)
    multiple(width, size(vision, "n_heads", where), (f"{where}dim", f"{where}n_heads"))
    inner = int(factor_of(vision, "mlp_ratio", 1, where) * width)
    same(int(width // ratio**2), inner, ("vision_args.dim / pixel_shuffle_ratio^2", "vision_args.mlp_ratio x dim, as transformers has it"))  # fmt: skip
    parts.copies(VISION, vision, {key: TEXT[key] for key in ("dim", "n_layers", "n_heads")}, where)
    parts.says(VISION, "intermediate_size", inner, "vision_args.mlp_ratio x dim", "derived")
    for key in ("projector_input_dim", "projector_output_dim", "vision_output_dim"):
        parts.says(VISION, key, vision["output_dim"], f"{where}output_dim")
    parts.says(VISION, "pixel_shuffle_ratio", ratio, f"{where}pixel_shuffle_ratio")
    parts.implies(VISION, OF_ITS_CLASS)


def mllama(raw: Json) -> Spelled:
    """Llama 3.2 Vision: layers that read pictures spread evenly, from the last down, before one layer of text each."""
    needed(raw, (*OF_META, *OF_CROSSING))
    nothing_else(raw, (*OF_META, *OF_CROSSING, *CROSSING_TOO, *NOT_TOLD, CONTEXT[0]))
    only(raw, {"vision_max_num_chunks": (4,)})
    parts = Parts(raw, "mllama", {LANGUAGE_MODEL: "mllama_text_model", VISION: "mllama_vision_model"})  # fmt: skip
    _of_meta(parts, raw)
    texts, reading = _layers(size(raw, "n_layers")), size(raw, OF_CROSSING[1])
    if reading > texts:
        raise Refusal(
            f"{OF_CROSSING[1]} is {reading}, expected at most n_layers ({texts}); check both values"
        )
    apart = (texts + reading - 1) // reading
    before = range(texts - 1, -1, -apart)[:reading][::-1]
    at = LANGUAGE_MODEL
    parts.says(at, "num_hidden_layers", texts + reading, f"n_layers + {OF_CROSSING[1]}", "derived")
    listed = [i + earlier for earlier, i in enumerate(before)]
    parts.says(at, "cross_attention_layers", listed, OF_CROSSING[1], "derived")
    parts.says(at, "intermediate_size", *widened(raw), "derived")
    theta: Evidence = "stated" if "rope_theta" in raw else "assumed"
    parts.says(at, "rope_theta", raw.get("rope_theta", 5e5), "rope_theta", theta)
    if switch(raw, "use_scaled_rope"):
        factor = raw.get("rope_scaling_factor") or STRETCHED["factor"]
        parts.says(at, "rope_scaling", {**STRETCHED, "factor": factor}, "use_scaled_rope", "implied")  # fmt: skip
    parts.implies(VISION, TOWER)
    parts.says(VISION, "image_size", raw["vision_chunk_size"], "vision_chunk_size")
    return parts.spelled("Meta")


def realtime(raw: Json) -> Spelled:
    """Voxtral Realtime: Mistral whose MLPs are scaled by the delay, and its encoder of sound."""
    needed(raw, OF_REALTIME)
    only(raw, {"use_biases": (False,), "causal": (True,), "ada_rms_norm_t_cond": (True,), "ada_rms_norm_t_cond_dim": (RANK,)})  # fmt: skip
    nothing_else(raw, (*OF_REALTIME, *REALTIME_TOO, *LENGTHS, *NOT_TOLD, "use_biases", "causal", "quantization"))  # fmt: skip
    heard = _object(_object(raw, "multimodal"), "whisper_model_args", "multimodal.")
    where = "multimodal.whisper_model_args."
    sound, fewer = (_object(heard, key, where) for key in ("encoder_args", "downsample_args"))
    parts = Parts(raw, "voxtral_realtime", {LANGUAGE_MODEL: "voxtral_realtime_text", AUDIO: "voxtral_realtime_encoder"})  # fmt: skip
    same_names = {key: key for key in ("head_dim", "sliding_window")}
    of_text = {**TEXT, **same_names, "n_kv_heads": "num_key_value_heads", "hidden_dim": "intermediate_size"}  # fmt: skip
    parts.copies(LANGUAGE_MODEL, raw, of_text)
    theta: Evidence = "stated" if raw.get("rope_theta") is not None else "assumed"
    base = 1e6 if raw.get("rope_theta") is None else raw["rope_theta"]
    parts.says(LANGUAGE_MODEL, "rope_theta", base, "rope_theta", theta)
    said = [key for key in LENGTHS if raw.get(key) is not None]
    for key in said[1:]:
        same(raw[key], raw[said[0]], (key, said[0]))
    length, key = (raw[said[0]], said[0]) if said else (LONGEST, "")
    parts.says(LANGUAGE_MODEL, "max_position_embeddings", length, key)
    parts.implies(LANGUAGE_MODEL, {"hidden_act": "silu"})
    tied = "tied_embeddings"
    parts.says("", "tie_word_embeddings", raw.get(tied, False), tied if tied in raw else "")
    where += "encoder_args."
    _audio_keys(parts, sound, where)
    needed(fewer, ("downsample_factor",), "multimodal.whisper_model_args.downsample_args.")
    parts.copies("", fewer, {"downsample_factor": "downsample_factor"}, "multimodal.whisper_model_args.downsample_args.")  # fmt: skip
    if raw.get("quantization"):
        parts.config["quantization"] = raw["quantization"]
    return parts.spelled("Mistral", context=bool(said))


def _audio_keys(parts: Parts, sound: Json, where: str) -> None:
    needed(sound, (*OF_SOUND, "audio_encoding_args"), where)
    only(sound, SOUND_IN_ONE_WAY, where)
    nothing_else(sound, (*OF_SOUND, *SOUND_IN_ONE_WAY, *SOUND_TOO), where)
    if sound.get("n_kv_heads") is not None:
        same(sound["n_kv_heads"], sound["n_heads"], (f"{where}n_kv_heads", f"{where}n_heads"))
    parts.copies(AUDIO, sound, OF_SOUND, where)
    spectrum = _object(sound, "audio_encoding_args", where)
    needed(spectrum, ("num_mel_bins",), f"{where}audio_encoding_args.")
    bins = f"{where}audio_encoding_args.num_mel_bins"
    parts.says(AUDIO, "num_mel_bins", spectrum["num_mel_bins"], bins)
    parts.implies(AUDIO, {"hidden_act": "silu"})


def _object(raw: Json, key: str, where: str = "") -> Json:
    value = raw.get(key)
    if not isinstance(value, Mapping):
        raise Refusal(f"{where}{key} is {quoted(value)}, expected an object; correct it")
    return value
