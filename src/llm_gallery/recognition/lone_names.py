"""Types of language models that exist inside wrappers alone, by name: what they are stands in `_lone_types`."""

from __future__ import annotations

from typing import Any

from llm_gallery.families._registry import function, keys

TEXTS: dict[str, str] = {
    "qwen2_vl_text": "qwen2",
    "qwen2_5_vl_text": "qwen2",
    "qwen2_5_omni_text": "qwen2",
    "qwen3_omni_moe_text": "qwen3_moe",
    "glm4v_text": "glm4",
    "glm_ocr_text": "glm4",
    "glm4v_moe_text": "glm4_moe",
    "paddleocr_vl_text": "ernie4_5",
    "granite_docling_text": "granite",
    "phi4_multimodal": "phi3",
    "granite4_vision_text": "granite",
    "hunyuan_vl_text": "hunyuan_v1_dense",
    "emu3_text_model": "llama",
    "deepseek_ocr2_text": "deepseek",
    "unlimited_ocr_text": "deepseek",
    "hy_v4_vl_text": "hy_v4",
    "cosmos3_edge_text": "arcee",
    "diffusion_gemma_text": "gemma4_text",
    "molmo2_text": "molmo2_text",
    "ernie4_5_vl_moe_text": "ernie4_5_vl_moe_text",
    "chameleon": "chameleon",
    "step3p7_text": "step3p5",
    "step3p7_saved": "step3p5",
}
"""Each with the family whose tree it is; where it has that of none, its own name."""


def text_class(model_type: str) -> Any:
    """The keys of a language model's type."""
    if model_type not in TEXTS:
        return keys(model_type)
    from llm_gallery.recognition.lone_types import (
        KEYS,  # some fifteen families, which few configs need
    )

    return KEYS[model_type]


def text_function(model_type: str) -> Any:
    """What makes its tree."""
    if model_type in TEXTS:
        from llm_gallery.recognition.lone_types import OWN

        if model_type in OWN:
            return OWN[model_type]
    return function(TEXTS.get(model_type, model_type))
