"""Types of language models that exist inside wrappers alone: keys of their own, around the tree of a family.

Reference: transformers/models/<type>/configuration_<type>.py and modeling_<type>.py
"""

from __future__ import annotations

from typing import Any, Literal

from llm_gallery.families._chameleon_text import ChameleonText, chameleon
from llm_gallery.families._config import Count, Few, Size, config
from llm_gallery.families._ernie4_5_vl_text import Ernie45VlText, ernie4_5_vl_text
from llm_gallery.families._molmo2_text import Molmo2Text, molmo2_text
from llm_gallery.families._registry import Family
from llm_gallery.families.arcee import Arcee
from llm_gallery.families.deepseek import AnyDeepseek
from llm_gallery.families.ernie4_5 import Ernie45
from llm_gallery.families.gemma4_text import Gemma4Text
from llm_gallery.families.glm4 import Glm4
from llm_gallery.families.glm4_moe import Glm4Moe
from llm_gallery.families.granite import Granite
from llm_gallery.families.hunyuan_v1_dense import HunyuanV1Dense
from llm_gallery.families.hy_v4 import HyV4
from llm_gallery.families.llama import Llama
from llm_gallery.families.phi3 import Phi3
from llm_gallery.families.qwen2 import Qwen2
from llm_gallery.families.qwen3_moe import Qwen3Moe
from llm_gallery.recognition.step3p7_text import (
    Step37Saved,
    Step37Text,
    step3p7_saved,
    step3p7_text,
)


@config("qwen2_vl_text", unused=("head_dim",))
class Qwen2VlText(Qwen2):
    head_dim: None = None  # an even share of the width, whatever a key says
    tie_word_embeddings: bool = False  # said outside


@config("qwen2_5_vl_text", unused=("head_dim",))
class Qwen25VlText(Qwen2):
    head_dim: None = None  # an even share of the width, whatever a key says
    tie_word_embeddings: bool = False


@config("qwen2_5_omni_text")
class Qwen25OmniText(Qwen2):
    pass


@config("qwen3_omni_moe_text", computes={"uneven": True})
class Qwen3OmniMoeText(Qwen3Moe):
    use_sliding_window: bool = True  # no such key: a window that is stated is used
    tie_word_embeddings: bool = False


@config("glm4v_text", unused=("attention_bias", "head_dim"), computes={"pairs": True})
class Glm4vText(Glm4):
    attention_bias: bool = True  # no such key: q, k and v have biases
    head_dim: None = None  # an even share of the width, whatever a key says
    tie_word_embeddings: bool = False


@config("glm_ocr_text", unused=("attention_bias",), computes={"pairs": True})
class GlmOcrText(Glm4):
    attention_bias: bool = False
    tie_word_embeddings: bool = False


@config(
    "glm4v_moe_text", unused=("use_qk_norm",), computes={"uneven": False}
)  # pictures take three parts of a rotation
class Glm4vMoeText(Glm4Moe):
    use_qk_norm: bool = False  # none, whatever a key says
    num_nextn_predict_layers: Few = 0


@config("paddleocr_vl_text")
class PaddleOcrVlText(Ernie45):
    pass


@config("granite_docling_text")
class GraniteDoclingText(Granite):
    pass


@config("granite4_vision_text")
class Granite4VisionText(Granite):
    pass


@config("hunyuan_vl_text")
class HunyuanVlText(HunyuanV1Dense):
    pass


@config("emu3_text_model")
class Emu3Text(Llama):
    pass


@config("phi4_multimodal")
class Phi4MultimodalText(Phi3):
    pass


@config(
    "deepseek_ocr2_text",
    unused=(
        "head_dim", "kv_lora_rank", "n_group", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "topk_group",
        "v_head_dim",
    ),
)  # fmt: skip
class DeepseekOcrText(AnyDeepseek):
    """DeepSeek V2's experts without its latent attention; also of DeepSeek VL2's smallest."""

    num_key_value_heads: Size | None = None
    head_dim: None = None
    first_k_dense_replace: Count = 0
    norm_topk_prob: Literal[False] = False
    routed_scaling_factor: float = 1.0
    topk_method: Literal["greedy"] = "greedy"
    use_mla: Literal[False] = False


@config(
    "unlimited_ocr_text",
    unused=("head_dim", "layer_types", "n_group", "sliding_window", "topk_group"),
)
class UnlimitedOcrText(DeepseekOcrText):
    """Its window is of what it writes alone: a prompt is read whole, as a row below says."""

    first_k_dense_replace: Count = 1


@config(
    "hy_v4_vl_text",
    unused=("rope_interleave",),
    computes={"latents": "the model's epsilon", "pairs": True},
)
class HyV4VlText(HyV4):
    pass


@config("cosmos3_edge_text")
class Cosmos3EdgeText(Arcee):
    pass


@config(
    "diffusion_gemma_text",
    unused=(
        "attention_k_eq_v", "enable_moe_block", "hidden_size_per_layer_input", "num_kv_shared_layers",
        "use_double_wide_mlp", "vocab_size_per_layer_input",
    ),
)  # fmt: skip
class DiffusionGemmaText(Gemma4Text):
    """Gemma 4 with experts, whose full layers' keys are their values: the class has no switches."""

    attention_k_eq_v: bool = True
    enable_moe_block: bool = True
    num_kv_shared_layers: Count = 0
    use_double_wide_mlp: bool = False
    final_logit_softcapping: float | None = 30.0  # the class's own, which is no field of it
    vocab_size_per_layer_input: Size = 1


KEYS: dict[str, Any] = {
    "qwen2_vl_text": Qwen2VlText,
    "qwen2_5_vl_text": Qwen25VlText,
    "qwen2_5_omni_text": Qwen25OmniText,
    "qwen3_omni_moe_text": Qwen3OmniMoeText,
    "glm4v_text": Glm4vText,
    "glm_ocr_text": GlmOcrText,
    "glm4v_moe_text": Glm4vMoeText,
    "paddleocr_vl_text": PaddleOcrVlText,
    "granite_docling_text": GraniteDoclingText,
    "phi4_multimodal": Phi4MultimodalText,
    "granite4_vision_text": Granite4VisionText,
    "hunyuan_vl_text": HunyuanVlText,
    "emu3_text_model": Emu3Text,
    "deepseek_ocr2_text": DeepseekOcrText,
    "unlimited_ocr_text": UnlimitedOcrText,
    "hy_v4_vl_text": HyV4VlText,
    "cosmos3_edge_text": Cosmos3EdgeText,
    "diffusion_gemma_text": DiffusionGemmaText,
    "molmo2_text": Molmo2Text,
    "ernie4_5_vl_moe_text": Ernie45VlText,
    "chameleon": ChameleonText,
    "step3p7_text": Step37Text,
    "step3p7_saved": Step37Saved,
}
"""The keys of each."""
OWN: dict[str, Family] = {
    "chameleon": chameleon,
    "ernie4_5_vl_moe_text": ernie4_5_vl_text,
    "molmo2_text": molmo2_text,
    "step3p7_text": step3p7_text,
    "step3p7_saved": step3p7_saved,
}
"""What makes the trees that are no family's."""
