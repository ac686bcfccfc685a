"""Writes families/_defaults.json: the reference's defaults for every key, so that no default is typed by hand.

Usage: python -m tools.generate_defaults [--check]. Needs the `truth` extra (transformers, no weights).
"""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any, get_args

from llm_gallery.families import beside, names
from llm_gallery.families._config import defaults
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._registry import module_name
from llm_gallery.recognition.epsilon import KEYS
from llm_gallery.recognition.lone_names import TEXTS
from llm_gallery.recognition.other_types import BY_NAME, BY_TASK, OF_ITS_OWN, WITH_TEXT
from llm_gallery.recognition.wrapper_rows import ROWS
from llm_gallery.recognition.wrapper_table import WRAPPERS
from tools import reference
from tools.generated import MARK, ROOT, settled

TARGET = ROOT / "src/llm_gallery/families/_defaults.json"
BLT = ("blt_global_transformer", "blt_local_decoder", "blt_local_encoder", "blt_patcher")
NESTED = (
    *BLT,
    "cohere_compass_vision", "gemma4_audio", "gemma4_unified_audio", "gemma4_unified_vision", "gemma4_vision",
    "glm5_next_text", "glm5_next_vision", "inkling_audio", "inkling_vision",
    "idefics_perciever", "idefics_vision", "kimi_k25_vision", "llama4_vision_model",
    "minimax_m3_vl_vision", "mistral_large4_text", "mllama_text_model", "mllama_vision_model", "muse_glimmer_text", "muse_glimmer_vision",
    "muse_spark_audio", "muse_spark_text", "muse_spark_vision",
    "pixtral", "qwen3_5_vision", "qwen3_vl_moe_text",
    "qwen3_vl_moe_vision", "qwen3_vl_text", "qwen3_vl_vision", "siglip_vision_model",
    "voxtral_realtime_encoder", "voxtral_realtime_text",
)  # fmt: skip
"""Model types of the configs that a family nests, which are no families themselves."""
SIMPLE = (int, float, str, bool, type(None), list, tuple, dict)
OF_ONE_TASK = 4
"""Of so many tasks a model is no language model even if it has a class for such, too: BERT's, BART's, MusicGen's."""
UNORDERED = ("dory", "dots3_note_text")
"""Whose class fills in its kinds of layers by way of a set: in another order each time."""
UNTYPED = {
    "fun_asr_nano_adaptor": ("fun_asr_nano", "adaptor_config"),
    "nemotron3_diarization_head": ("nemotron3_diarization", "head_config"),
    "qwen3_omni_moe_code2wav": ("qwen3_omni_moe", "code2wav_config"),
    "qwen3_omni_moe_talker": ("qwen3_omni_moe", "talker_config"),
}
"""Parts whose classes have no type in the reference: the wrapper that has one, and its key."""
FILLING = {"nemotron_h_omni": ("audio_config",)}
"""Wrappers whose classes put their own values into stated parts beside the language model, and the keys of those parts."""
LACKING = frozenset(name for name in names() if not defaults(name))
"""Types that transformers lacks. Nothing is filled in for them: a config without a needed key is refused."""
READ = {
    **dict.fromkeys(("dory", "hrm_text"), ("initializer_range",)),
    **dict.fromkeys(BLT, ("rms_norm_eps",)),
}
"""Keys that others read nothing of: HRM-Text's embedding and Dory's scales are divided by one, BLT's parts have epsilons of their own."""
SPELLED = {
    # Other names of keys, in releases whose own code reads them and whose values are the reference's defaults:
    # https://huggingface.co/moonshotai/Kimi-K2.5/blob/main/configuration_kimi_k25.py
    "kimi_k25_vision": {
        "vt_hidden_size": "hidden_size",
        "vt_intermediate_size": "intermediate_size",
        "vt_num_hidden_layers": "num_hidden_layers",
        "init_pos_emb_height": "pos_emb_height",
        "init_pos_emb_width": "pos_emb_width",
    },
    # transformers/models/dots3_note/configuration_dots3_note.py, __post_init__: the names in the release's config.
    "dots3_note_vision_encoder": {
        "embed_dim": "hidden_size",
        "num_heads": "num_attention_heads",
        "use_bias": "attention_bias",
    },
    "dots3_note_audio_encoder": {
        "whisper_adapter_in_dim": "adapter_input_size",
        "whisper_adapter_out_dim": "adapter_out_dim",
        "adapter_output_size": "adapter_out_dim",
    },
    # transformers/models/molmo2/configuration_molmo2.py, __post_init__: the names in the release's config.
    "molmo2_vision": {
        "image_default_input_size": "image_size",
        "image_patch_size": "patch_size",
        "image_num_pos": "num_position_embeddings",
    },
    "molmo2_adapter": {"vit_layers": "vision_feature_layer"},
    # https://huggingface.co/Qwen/Qwen2.5-Omni-7B/blob/main/config.json
    "qwen2_5_omni_dit": {
        "depth": "num_hidden_layers",
        "dim": "hidden_size",
        "heads": "num_attention_heads",
    },
    # https://huggingface.co/thinkingmachines/Inkling/blob/main/config.json
    "inkling_vision": {"n_channels": "num_channels"},
    # transformers/models/gemma4_unified/configuration_gemma4_unified.py has these as one number.
    "gemma4_unified_audio": {
        "output_proj_dims": "audio_embed_dim",
        "hidden_size": "audio_embed_dim",
        "audio_samples_per_token": "audio_embed_dim",
    },
    # transformers/models/longcat_flash/configuration_longcat_flash.py calls the depth by a name of its own.
    "longcat_flash": {"num_hidden_layers": "num_layers"},
    # transformers/models/gpt_neox/configuration_gpt_neox.py, convert_rope_params_to_dict
    "gpt_neox": {"rotary_pct": "partial_rotary_factor", "rotary_emb_base": "rope_theta"},
    # transformers/models/gpt_neox_japanese/configuration_gpt_neox_japanese.py, the same
    "gpt_neox_japanese": {"rotary_pct": "partial_rotary_factor", "rotary_emb_base": "rope_theta"},
}


def held(model_type: str) -> dict[str, Any]:
    """Defaults by key, and the reference's second names for keys."""
    cls = class_of(model_type)
    own = declared(cls)
    filled = {
        field.name: field.default
        for field in dataclasses.fields(cls)
        if field.name in own
        and (field.name not in IGNORED or field.name in READ.get(model_type, ()))
        and isinstance(field.default, SIMPLE)
    }
    filled.update(rotary(cls, filled))
    eps = [field.default for field in dataclasses.fields(cls) if field.name in own & {*KEYS}]
    typed = {field.name: field.type for field in dataclasses.fields(cls)}
    return {
        "defaults": dict(sorted(filled.items())),
        "aliases": dict(sorted({**cls.attribute_map, **SPELLED.get(model_type, {})}.items())),
        "class": reference.classes().get(reference.BUILT_AS.get(model_type, model_type), ""),
        "parts": chosen(cls),
        **({"epsilon": eps[0]} if eps and isinstance(eps[0], float) else {}),
        "never_null": sorted(key for key in typed if key in filled and not nullable(typed[key])),
    }


def class_of(model_type: str) -> Any:
    """The reference's config class of a type."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    if model_type in UNTYPED:
        wrapper, key = UNTYPED[model_type]
        return CONFIG_MAPPING[wrapper].sub_configs_defaults[key].config_class
    return CONFIG_MAPPING[reference.BUILT_AS.get(model_type, model_type)]


def inside(wrapper: str) -> dict[str, Any]:
    """What a wrapper's class fills into a language model's config that states nothing but its type.

    Most take the defaults of their own only where there is no such config, which is refused here.
    """
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    name = reference.BUILT_AS.get(wrapper, wrapper)
    if name not in CONFIG_MAPPING or not fills(CONFIG_MAPPING[name]):
        return {}
    specs = getattr(CONFIG_MAPPING[name], "sub_configs_defaults", {})
    filled = dict(getattr(specs.get("text_config"), "init_kwargs", None) or {})
    rotary = filled.pop("rope_parameters", None) or {}
    theta = {"rope_theta": rotary["rope_theta"]} if "rope_theta" in rotary else {}
    kept = {
        key: value
        for key, value in {**filled, **theta}.items()
        if key not in IGNORED or key in KEYS
    }
    return dict(sorted(kept.items()))


def around(wrapper: str) -> dict[str, Any]:
    """What a wrapper's class fills in: of its language model under `inside`, of other parts by their keys."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    filled = inside(wrapper)
    keys = FILLING.get(wrapper, ())
    parts = {key: CONFIG_MAPPING[wrapper].sub_configs_defaults[key].init_kwargs for key in keys}
    return {**({"inside": filled} if filled else {}), **({"inside_parts": parts} if parts else {})}


def fills(cls: type) -> bool:
    """Whether the class puts its own values into a stated config, as seen by the depth that it fills in."""
    spec = getattr(cls, "sub_configs_defaults", {}).get("text_config")
    if spec is None or "num_hidden_layers" not in spec.init_kwargs:
        return False
    depth = spec.init_kwargs["num_hidden_layers"]
    width = spec.init_kwargs["hidden_size"]  # Fun-ASR asks that it be another part's
    held = cls(text_config={"model_type": spec.model_type, "hidden_size": width})
    return bool(held.get_text_config().num_hidden_layers == depth)


def chosen(cls: type) -> dict[str, str]:
    """The parts that the reference builds as their own model_type says, and the type of one that says none."""
    from transformers import AutoConfig

    specs = getattr(cls, "sub_configs_defaults", {})
    held = sorted((key, spec) for key, spec in specs.items() if spec.config_class is AutoConfig)
    return {key: spec.model_type for key, spec in held}


def nullable(hint: Any) -> bool:
    """Whether the reference takes null for a key."""
    return hint is Any or type(None) in get_args(hint)


def declared(cls: type) -> set[str]:
    """The keys that a config class and its own config parents declare, not the base class's."""
    from transformers import PreTrainedConfig

    own = cls.__mro__[: cls.__mro__.index(PreTrainedConfig)]
    return {"tie_word_embeddings"}.union(
        *(vars(parent).get("__annotations__", {}) for parent in own)
    )


def rotary(cls: type, filled: dict[str, Any]) -> dict[str, Any]:
    """What the class fills in about rotation after reading: base, rotated part, extension."""
    if "rope_parameters" not in filled:
        return {}
    made = cls().rope_parameters or {}
    theta = getattr(cls, "default_theta", None)
    if isinstance(theta, dict):
        return {"rope_theta": theta["global"], "rope_local_base_freq": theta["local"]}
    kinds = [value for value in made.values() if isinstance(value, dict)]
    if any(value != kinds[0] for value in kinds):  # one rotation per kind of layer
        through_a_set = getattr(cls, "model_type", "") in UNORDERED
        return {
            "rope_parameters": dict(sorted(made.items(), reverse=True)) if through_a_set else made
        }
    made = kinds[0] if kinds else made
    found = {key: made[key] for key in ("rope_theta", "partial_rotary_factor") if key in made}
    if "rope_theta" not in found and theta is not None:
        found["rope_theta"] = theta
    if made.get("rope_type", "default") != "default":
        # a config that states rope_theta alone keeps the class's extension
        found["rope_parameters"] = {key: made[key] for key in made if key not in found}
    return found


def others() -> dict[str, list[str]]:
    """The reference's types that no family describes and that are no decoder-only language models, by what they are."""
    from transformers.models.auto import modeling_auto as auto
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES

    def having(*tasks: str) -> set[str]:
        return {name for task in tasks for name in getattr(auto, f"MODEL_FOR_{task}_MAPPING_NAMES")}

    described = {*names(), *ROWS, *TEXTS, *WRAPPERS}
    spoken = having("CAUSAL_LM", "IMAGE_TEXT_TO_TEXT", "MULTIMODAL_LM")
    left = {name for name in CONFIG_MAPPING_NAMES if module_name(name) not in described}
    left -= {*BY_NAME, *OF_ITS_OWN}
    whole = {name for name in left if "text_config" in CONFIG_MAPPING[name].sub_configs}
    left -= whole
    made: dict[str, list[str]] = {}
    for words, task in WITH_TEXT.items():
        made[words] = sorted(whole & having(task) - spoken)
    for place, (words, tasks) in enumerate(BY_TASK.items()):
        found = left & having(*tasks)
        found -= spoken if place >= OF_ONE_TASK else set()
        made[words] = sorted(found)
        left -= found
    for name in sorted(left - spoken):
        if holders := [other for other in CONFIG_MAPPING_NAMES if name in _parts(other)]:
            holder = next((other for other in holders if name.startswith(other)), holders[0])
            made.setdefault(f"a part of {holder}", []).append(name)
    return made


def _parts(name: str) -> set[str]:
    """The types of the configs that one of the reference's nests."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    nested = CONFIG_MAPPING[name].sub_configs.values()
    return {str(getattr(part, "model_type", "")) for part in nested} - {name}


def types() -> set[str]:
    """Every type whose defaults are held: families, what they nest, and what wrappers have beside them."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    built = reference.classes()
    known = [
        name for name in beside.names() if reference.BUILT_AS.get(name, name) in CONFIG_MAPPING
    ]
    parts = {kind for name in known for kind in beside.model_types(beside.keys(name))}
    return {
        *(name for name in names() if reference.BUILT_AS.get(name, name) in built),
        *(name for name in parts if reference.BUILT_AS.get(name, name) in CONFIG_MAPPING),
        *NESTED,
        *(name for name in TEXTS if reference.BUILT_AS.get(name, name) in CONFIG_MAPPING),
        *UNTYPED,
    }


def main() -> int:
    wrappers = {name: filled for name in (*ROWS, *names()) if (filled := around(name))}
    whole = types()
    made = {
        "//": MARK.format(tool="tools/generate_defaults.py"),
        "transformers": reference.version(),
        "model_types": {
            name: {**(held(name) if name in whole else {}), **wrappers.get(name, {})}
            for name in sorted({*whole, *wrappers})
        },
        "others": others(),
    }
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    return settled(__doc__ or "", "tools.generate_defaults", {TARGET: text})


if __name__ == "__main__":
    sys.exit(main())
