"""Random configs of multimodal types of which the language model alone is described, drawn with a seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from llm_gallery.architecture.block import Architecture
from llm_gallery.families import beside
from llm_gallery.families._config import defaults
from llm_gallery.families._registry import module_name
from llm_gallery.recognition.any_wrapper import alone_family
from llm_gallery.recognition.lone_names import text_class
from llm_gallery.recognition.wrapper_rows import NOT_FLAT, ROWS
from tests.truth.mutations import ABSENT, Config, _as, _of, _scaling
from tests.truth.mutations_beside import drawn_beside
from tools.digests import Shapes

TOWERS: Mapping[str, Mapping[str, Any]] = {
    "aya_vision": {"vision_config": {"num_attention_heads": 16}},
    "chameleon": {"vocabulary_map": {"<image>": 1}},
    "emu3": {"vocabulary_map": {"<image>": 1}},
    "granite4_vision": {
        "downsample_rate": "1/2",
        "deepstack_layer_map": [],
        "spatial_target_layers": [],
    },
}
"""What the reference needs where it can't build its own default."""
JOINED = {
    "dots3_note": (
        ("vision_config", "adapter_out_dim"),
        ("audio_config", "adapter_out_dim"),
    ),
    "inkling2": (("vision_config", "text_hidden_size"),),
    "inkling2_loop": (("vision_config", "text_hidden_size"),),
    "granite_docling": (("vision_config", "out_hidden_size"),),
    "hy_v4_vl": (("vision_config", "out_hidden_size"),),
    "llava_onevision1_5": (("vision_config", "out_hidden_size"),),
    "molmo2": (("adapter_config", "text_hidden_size"),),
}
"""Keys of other parts that must be the language model's width."""
OF_THE_HEAD = {"ovis2": ("hidden_size", "vocab_size")}
"""Keys outside of the language model's config that size its head, as its own do."""
UNSTRETCHED = ("fuyu",)
"""Types of which the reference can't read a context extension at the top."""
WITHOUT = {
    "qwen2_vl_text": ("head_dim",),
    "qwen2_5_vl_text": ("head_dim",),
    "glm4v_text": ("head_dim", "attention_bias"),
    "glm_ocr_text": ("attention_bias",),
    "glm4v_moe_text": ("use_qk_norm", "num_nextn_predict_layers"),
    "qwen3_omni_moe_text": ("use_sliding_window",),
}
"""Keys of the family that its type inside a wrapper lacks."""

WRITER = "model.decoder."
"""How the names of DiffusionGemma's layers begin that write a canvas: theirs alone are scales, and an MLP."""

NOT_BUILT = {
    "apertus1p5": "it stores xIELU's two constants beside each layer's weights, and drawn vocabularies are too small for its sounds: see test_parts_beside.py",
    "gemma3n": "its tower needs libraries of pictures (PIL, timm)",
    "fast_vlm": "its tower needs a library of pictures (PIL)",
    "perception_lm": "its tower needs a library of pictures (PIL)",
    "phi3_v": "transformers has no such type",
    "phi4mm": "transformers has no such type",
    "deepseek_vl_v2": "transformers has no such type",
    "dots_ocr": "transformers has no such type",
    "internvl_chat": "transformers has no such type",
    "kimi_vl": "transformers has no such type",
    "step3_vl": "transformers has no such type",
    "llava_llama": "transformers has no such type",
    "llava_mistral": "transformers has no such type",
    "llava_qwen": "transformers has no such type",
    "llava_qwen2": "transformers has no such type",
    "got": "transformers has no such type",
    "logics": "transformers has no such type",
    "mineru2_qwen": "transformers has no such type",
    "videochat_flash_qwen": "transformers has no such type",
    "minicpmo": "transformers has no such type",
    "minicpmv": "transformers has no such type",
    "vibevoice_decoder": "the release's own form of what transformers calls vibevoice",
    "qwen3_asr_thinker": "the release's own form of what transformers calls qwen3_asr",
}
NAMED_OTHERWISE = {
    "qianfan_ocr": "saving renames the tower's layers, and by the same rule the language model's",
}
PLACED = {r"hc_head\.hc_pre\.hc_head_": "hc_pre.hc_head.hc_head_", r"^model\.model\.": "model."}
"""Names that renaming back finds within a wrapper a word too late (Hy4's last connection) or prefixes twice (LLaVA-OneVision 1.5)."""
OF_TEXT = re.compile(r"(model\.)?(language_model|llm|lm_head)\.")
OF_TOWERS = (
    "model.embed_tokens_extend.", "model.projector.", "model.qwen2_model.", "model.sam_model.", "model.view_seperator",
    "model.image_newline", "model.resampler_model.", "model.vqmodel.", "model.vision_model.", "model.visual.",
)  # fmt: skip
"""What Phi-4 multimodal, DeepSeek OCR and Inkling 2 keep of other parts among their language models'."""


def _deepseek_ocr(draw: Random, text: str = "deepseek_ocr2_text") -> Config:
    """Which layers have experts is listed; a release says how many of the first have none."""
    without = ("first_k_dense_replace", "topk_method", "rope_theta")
    made = _of(draw, text_class(text), *without, scaled=False)
    layers = made["num_hidden_layers"]
    return {**made, "mlp_layer_types": [draw.choice(["dense", "sparse"]) for _ in range(layers)]}


def _emu3(draw: Random) -> Config:
    """Its class needs an id for padding, and shares keys among eight heads where no key says otherwise."""
    made = _of(draw, text_class("emu3_text_model"), pad_token_id=0)
    return {"num_key_value_heads": made["num_attention_heads"], **made}


def _thirds(draw: Random, held: Config, rotated: int) -> Config:
    """Pairs of a rotation shared among time, height and width, which the class asks to be all."""
    pairs = rotated // 2
    first = draw.randint(1, pairs - 2)
    section = [first, 1, pairs - first - 1]
    theta = draw.choice([10000.0, 1e8])
    made = {"rope_type": "default", "rope_theta": theta, "mrope_section": section}
    plain = {key: value for key, value in held.items() if not key.startswith("rope_")}
    return plain | {"rope_parameters": made}


def _hy_v4(draw: Random) -> Config:
    made = text_config("hy_v4", draw) | {"qk_rope_head_dim": 64}
    return _thirds(draw, made, 64)


def _cosmos3_edge(draw: Random) -> Config:
    dim = draw.choice([8, 128])
    made = text_config("arcee", draw) | {"head_dim": dim}
    return _thirds(draw, made, dim)


def _ernie4_5_vl(draw: Random) -> Config:
    sizes = draw.choice([ABSENT, [32, 16], [8, 8]])
    own: Config = {
        "moe_intermediate_size": sizes,
        "moe_num_experts": 6,
        "moe_k": draw.choice([1, 2]),
    }
    heads = draw.choice([2, 4])  # of 128 channels, as the class turns them by default
    fit: Config = {
        "num_attention_heads": heads,
        "num_key_value_heads": 2,
        "hidden_size": 128 * heads,
    }
    without = ("head_dim", "rope_theta", "rope_parameters")
    return _of(draw, text_class("ernie4_5_vl_moe_text"), *without, **fit, **own)


def _molmo2(draw: Random) -> Config:
    listed = draw.choice([ABSENT, [], [0, 2]])
    return _of(draw, text_class("molmo2_text"), rope_scaling_layers=listed, additional_vocab_size=5)


def _diffusion_gemma(draw: Random) -> Config:
    """Gemma 4's sizes with experts; the class spells what full layers have of their own as releases do."""
    experts = {"num_experts": 6, "top_k_experts": 2, "moe_intermediate_size": 32}
    without = ("per_layer_config", "sliding_window", "rope_theta")
    made = _of(draw, text_class("diffusion_gemma_text"), *without, scaled=False)
    full = {"global_head_dim": 64, "num_global_key_value_heads": draw.choice([1, None])}
    return {**made, **experts, **full, "sliding_window": draw.choice([2, 512])}


def _step3p7(draw: Random) -> Config:
    """The release's spelling: a value a layer, and one for each module that predicts."""
    layers, modules = draw.choice([1, 5]), draw.choice([0, 2])
    kinds = ["full_attention", *draw.choices(["full_attention", "sliding_attention"], k=layers - 1)]
    kinds += ["sliding_attention"] * modules
    full = [kind == "full_attention" for kind in kinds]
    groups, dim = draw.choice([1, 2]), 16
    limit = draw.choice([None, [0.0, 7, None, 2.5, 0.0][:layers] + [0.0] * modules])
    return {
        "vocab_size": 97,
        "hidden_size": draw.choice([32, 96]),
        "intermediate_size": 48,
        "moe_intermediate_size": 24,
        "share_expert_dim": draw.choice([16, 40]),
        "max_position_embeddings": 512,
        "sliding_window": draw.choice([2, 512]),
        "num_hidden_layers": layers,
        "num_nextn_predict_layers": modules,
        "layer_types": kinds,
        "rope_theta": [3e6 if one else 10000.0 for one in full],
        "partial_rotary_factors": [0.5 if one else 1.0 for one in full],
        "rope_scaling": draw.choice([None, _scaling(draw)]),
        "yarn_only_types": ["full_attention"],
        "num_attention_heads": 2 * groups,
        "num_attention_groups": groups,
        "head_dim": dim,
        "attention_other_setting": {
            "attention_type": "sliding_attention",
            "num_attention_heads": 3 * groups,
            "num_attention_groups": groups,
            "head_dim": dim,
        },
        "moe_layers_enum": draw.choice(["4", "0", "0, 2,3"]) if layers > 3 else "0",
        "moe_num_experts": 6,
        "moe_top_k": draw.choice([1, 2]),
        "moe_router_activation": "sigmoid",
        "moe_router_scaling_factor": 3.0,
        "norm_expert_weight": True,
        "use_head_wise_attn_gate": True,
        "use_moe_router_bias": True,
        "use_qk_norm": True,
        "zero_centered": True,
        "swiglu_limits": limit,
        "swiglu_limits_shared": limit,
    }


OWN: Mapping[str, Callable[[Random], Config]] = {
    "chameleon": lambda draw: _of(draw, text_class("chameleon")),
    "cosmos3_edge_text": _cosmos3_edge,
    "deepseek_ocr2_text": _deepseek_ocr,
    "diffusion_gemma_text": _diffusion_gemma,
    "emu3_text_model": _emu3,
    "ernie4_5_vl_moe_text": _ernie4_5_vl,
    "hy_v4_vl_text": _hy_v4,
    "molmo2_text": _molmo2,
    "step3p7_text": _step3p7,
    "unlimited_ocr_text": lambda draw: _deepseek_ocr(draw, "unlimited_ocr_text"),
}
"""Types inside wrappers that can't be drawn as their families: the reference lacks those, or fills in otherwise."""
TIED_AT_THE_TOP = ("hunyuan_vl", "paddleocr_vl")
"""Types whose class heeds its tie where the language model's keys stand at the top, but not that there is none."""


def of_the_language_model(model_type: str, stored: Shapes) -> Shapes:
    """Of all that the reference stores of a wrapper, what is its language model's."""
    if model_type in NAMED_OTHERWISE:
        return {name: shape for name, shape in stored.items() if OF_TEXT.match(name)}
    return {
        name: shape
        for name, shape in stored.items()
        if name.startswith(below(model_type)) and not name.startswith(OF_TOWERS)
    }


def placed(name: str) -> str:
    """The name as the language model alone is saved."""
    for wrong, right in PLACED.items():
        name = re.sub(wrong, right, name)
    return name


def of_what_is_described(made: Architecture, stored: Shapes) -> Shapes:
    """Of all that the reference stores of a wrapper, what that description has: all, or the language model."""
    if made.canvas:  # what only writes a canvas isn't described
        return {name: shape for name, shape in stored.items() if not name.startswith(WRITER)}
    if not made.uncounted:
        return stored
    return of_the_language_model(made.model_type, stored)


def below(model_type: str) -> tuple[str, ...]:
    """How the names of its language model's tensors begin."""
    row = ROWS[module_name(model_type)]
    bodies = (f"{row.body}.",) if row.body else ("embed_tokens.", "layers.", "norm.")
    return (*bodies, f"{row.output}.")


def wrapped_config(model_type: str, draw: Random) -> Config:
    """A config of that type around a language model of its usual one; the tie is said outside, inside or nowhere."""
    row = ROWS[module_name(model_type)]
    family = alone_family(row.inner)
    drawn = OWN[row.inner](draw) if row.inner in OWN else text_config(family, draw)
    text = {k: v for k, v in drawn.items() if k not in WITHOUT.get(row.inner, ())}
    made: Config = {**text, "model_type": row.inner}
    filled = defaults(model_type).get("inside" if row.at else "defaults", {})
    heads = made.get("num_attention_heads", 1)
    if heads % filled.get("num_key_value_heads", 1):
        made.setdefault("num_key_value_heads", heads)
    tied = draw.choice([True, False])
    made.pop("tie_word_embeddings", None)
    flat = row.flat and model_type not in NOT_FLAT
    if not row.at or (flat and draw.choice([True, False])):
        if model_type in UNSTRETCHED:
            made = {k: v for k, v in made.items() if not k.startswith("rope_")}
        tied = tied or model_type in TIED_AT_THE_TOP
        others = {**TOWERS.get(model_type, {}), **joined(model_type, made["hidden_size"], draw)}
        return {**made, **others, "model_type": model_type, "tie_word_embeddings": tied}
    *outer, last = row.at.split(".")
    held: Config = {last: made, **TOWERS.get(model_type, {})}
    if draw.choice([True, False]):
        held["tie_word_embeddings"] = tied
    others = joined(model_type, made["hidden_size"], draw)
    others |= {key: made[key] for key in OF_THE_HEAD.get(model_type, ())}
    for key in reversed(outer):  # one at most
        held = {key: {**held, **others.pop(key, {})}}
    return {"model_type": model_type, **held, **others}


def joined(model_type: str, width: int, draw: Random) -> Config:
    """The parts beside the language model, of that width where they meet it."""
    name = module_name(model_type)
    made = drawn_beside(name, draw) if name in beside.names() else {}
    for part, key in JOINED.get(model_type, ()):
        made[part] = {**made.get(part, {}), key: width}
    if name == "fun_asr_nano":
        made["adaptor_config"] |= {"hidden_size": width, "intermediate_size": width // 4}
    return made


def text_config(family: str, draw: Random) -> Config:
    """One of the family's own random configs."""
    from tests.truth.test_random_configs import FAMILIES  # it gathers every family's

    return dict(FAMILIES.get(family, _as(family))(draw))
