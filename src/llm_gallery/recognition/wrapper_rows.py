"""Multimodal types whose language model is a family's: where its config stands, and under which names it is stored.

Reference: transformers/models/<type>/configuration_<type>.py, and the names that its classes save.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from llm_gallery.families._config import Json
from llm_gallery.families._saved import Saved
from llm_gallery.recognition.wrapper_keys import (
    OF_GOT,
    OF_LLAVA,
    OF_MINICPM,
    OF_PADDLE,
    OF_PHI4,
    OF_VIBEVOICE,
    OF_VIDEOCHAT,
)
from llm_gallery.recognition.wrapper_texts import by_spelling, by_version, of_deepseek


class Row(NamedTuple):
    """One wrapper type."""

    inner: str  # the language model's type where its config states none
    body: str = "model.language_model"
    output: str = "lm_head"
    tied: bool | None = False  # where neither config says; None: as the language model's class
    says: Literal["outer", "inner", "either", "nobody"] = "outer"  # which config ties the head
    at: str = "text_config"  # empty where its keys always stand at the top
    of_old: str = ""  # where releases keep it that the reference reads too
    flat: bool = False  # whether older configs have the language model's keys at the top
    named: bool = True  # whether its tensors are stored under these names
    others: tuple[str, ...] = ()  # keys at the top that say nothing of the language model
    old: str = ""  # what releases called its type before the reference had it
    head_outside: bool = False  # whether keys outside of the language model's size an untied head
    by: Callable[[Json], str] | None = None  # the language model's type where releases differ
    parts: Mapping[str, str] = {}  # other names of its family's parts
    stored: Mapping[str, str] = {}  # other names of what its family's parts store themselves
    note: str = ""  # what it does beside its family's, and no number says
    canvas: str = (
        ""  # the key of how many tokens it denoises at once; empty where it writes one by one
    )
    saved: Saved | None = (
        None  # what transformers saves otherwise; None: as of its language model's type
    )


ADAPTED = {
    name: f"{name}.base_layer" for name in ("qkv_proj", "o_proj", "gate_up_proj", "down_proj")
}
"""How a matrix is stored that adapters stand beside."""
OF_NEMO = {"embeddings": "embed_tokens", "norm_f": "norm"}
IN_FULL = {name: f"_fp32_params.{name}" for name in ("A_log", "D", "dt_bias")}
"""What NeMo calls parts of Nemotron-H, and numbers of its Mamba that it keeps in full."""
OF_DIFFUSERS = {"q_proj": "to_q", "k_proj": "to_k", "v_proj": "to_v", "o_proj": "to_out"}
"""What Cosmos 3 calls its projections."""
OF_PICTURES = (
    "pictures are tokens of its vocabulary, which it reads and is never asked for: its class sets their scores to the "
    "least number"
)
OF_THE_CANVAS = (
    "described is how it reads a text; it writes a canvas of tokens at once, each of which sees all others, with the "
    "same weights unless no ends are tied; its numbers of layers there, and the MLP by which it reads its last scores, "
    "are not counted"
)
OF_THE_ANSWER = (
    "sliding_window is of its answer alone: each token that it writes sees the whole prompt and the last of the "
    "answer, so that what is kept of a text is that of its prompt"
)
OF_FEWER_PICTURES = (
    "where llm_compress_type is stated, tokens of pictures are dropped between the layers of llm_compress_layer_list: "
    "what is kept of a text isn't changed by that"
)
OF_INTERNVIT = Saved(
    {
        r"^(language_model\.model)\.encoder\.": r"\1.",
        r"^(vision_model\..+)\.attention\.([qk]_norm)": r"\1.attn.\2",
    }
)
"""Saving gives the tower's names to the language model's layers, and names to the tower's norms that no release has."""
OF_BOTH = Saved(
    {
        r"^model\.decoder\.(?!self_conditioning|.*\.(layer_scalar|bias)$)": "model.encoder.language_model."
    }
)
"""What reads and what writes share their matrices, which are saved under the writer's names."""
INSIDE = ("language_model.model", "language_model.lm_head")
ROWS: dict[str, Row] = {
    "apertus1p5": Row("apertus1p5_text"),
    "aria": Row("aria_text", *INSIDE),
    "aya_vision": Row("cohere2", *INSIDE, tied=True),
    "blip_2": Row("opt", *INSIDE, tied=None, says="inner"),
    "chameleon": Row("chameleon", "model", tied=None, at="", note=OF_PICTURES),
    "cosmos3_edge": Row("cosmos3_edge_text", "", says="nobody", parts=OF_DIFFUSERS),
    "deepseek_ocr2": Row("deepseek_ocr2_text", "model"),
    "deepseek_vl": Row("llama", tied=True),
    "deepseek_vl_hybrid": Row("llama", tied=True),
    "deepseek_vl_v2": Row("deepseek_v2", "model", at="language_config", named=False, others=("lm_head", "rm_head", "use_mla"), by=of_deepseek),
    "diffusion_gemma": Row("diffusion_gemma_text", "model.encoder.language_model", tied=True, others=("canvas_length",), note=OF_THE_CANVAS, canvas="canvas_length", saved=OF_BOTH),
    "dots_ocr": Row("qwen2", "model", tied=None, at="", others=("attention_bias",)),
    "dots3_note": Row("dots3_note_text", "model", flat=True),
    "emu3": Row("emu3_text_model", "text_model.model", "text_model.lm_head"),
    "ernie4_5_vl_moe": Row("ernie4_5_vl_moe_text", "model", tied=True),
    "exaone4_5": Row("exaone4", old="exaone4_5_text"),
    "fast_vlm": Row("qwen2", tied=None, says="either"),
    "fun_asr_nano": Row("qwen3", tied=True),
    "fuyu": Row(
        "persimmon", *INSIDE, flat=True, others=("image_size", "num_channels", "patch_size")
    ),
    "gemma3n": Row("gemma3n_text", tied=True),
    "glm46v": Row("glm4v_text", says="either"),
    "glm4v": Row("glm4v_text", says="either", flat=True),
    "glm4v_moe": Row("glm4v_moe_text", says="either"),
    "glm_ocr": Row("glm_ocr_text", says="either"),
    "glmasr": Row("llama", *INSIDE, tied=True),
    "glmga": Row("glm4v_text", says="either"),
    "got": Row("qwen2", "model", tied=None, at="", others=OF_GOT),
    "got_ocr2": Row("qwen2", *INSIDE, tied=True),
    "granite4_vision": Row("granite4_vision_text"),
    "granite_docling": Row("granite_docling_text", "model.text_model", tied=True),
    "granite_speech": Row("granite", *INSIDE, tied=True),
    "granite_speech_plus": Row("granite", *INSIDE, tied=True),
    "hunyuan_vl": Row("hunyuan_vl_text", "model", tied=True, says="either", flat=True),
    "hy_v4_vl": Row("hy_v4_vl_text", "model", saved=Saved({r"hc_head\.hc_pre\.": "hc_pre.hc_head."})),
    "hyperclovax_vision_v2": Row("hyperclovax", output="model.language_model.lm_head", tied=True),
    "idefics2": Row("mistral", "model.text_model"),
    "idefics3": Row("llama", "model.text_model"),
    "inkling2": Row("inkling2_text", "model", "model.llm.unembed", says="nobody"),
    "inkling2_loop": Row("inkling2_loop_text", "model", "model.llm.unembed", says="nobody"),
    "instructblip": Row("opt", *INSIDE, tied=None, says="inner"),
    "instructblipvideo": Row("opt", *INSIDE, tied=None, says="inner"),
    "internvl": Row("qwen2", *INSIDE, tied=True),
    "internvl_chat": Row("qwen2", *INSIDE, tied=None, says="inner", at="llm_config"),
    "janus": Row("llama", tied=True),
    "kimi_vl": Row("deepseek_v3", *INSIDE),
    "lfm2_vl": Row("lfm2", tied=True),
    "lfm3_vl": Row("lfm3", tied=True),
    "lighton_ocr": Row("qwen3", tied=True),
    "llava": Row("llama", *INSIDE, tied=None, says="either"),
    "llava_llama": Row("llama", "model", tied=None, at="", others=OF_LLAVA),
    "llava_mistral": Row("mistral", "model", tied=None, at="", others=OF_LLAVA),
    "llava_next": Row("llama", *INSIDE),
    "llava_next_video": Row("llama", *INSIDE, tied=None, says="either"),
    "llava_onevision": Row("qwen2", *INSIDE, tied=None, says="either"),
    "llava_onevision1_5": Row("qwen3", "model", saved=Saved({r"^model\.model\.": "model."})),
    "llava_qwen": Row("qwen2", "model", tied=None, at="", others=OF_LLAVA),
    "llava_qwen2": Row("qwen2", "model", tied=None, at="", others=OF_LLAVA),
    "logics": Row("qwen3", "model", tied=None, at="", others=OF_LLAVA),
    "mineru2_qwen": Row("qwen2", "model", tied=None, at="", others=OF_LLAVA),
    "minicpm_ocr": Row("qwen3_5_text", tied=True),
    "minicpmo": Row("qwen2", "llm.model", "llm.lm_head", tied=None, at="", others=OF_MINICPM, by=by_version),
    "minicpmv": Row("qwen2", "llm.model", "llm.lm_head", tied=None, at="", others=OF_MINICPM, by=by_version),
    "minicpmv4_6": Row("qwen3_5_text"),
    "minicpmv4_7": Row("qwen3_5_text"),
    "molmo2": Row(
        "molmo2_text", "model.transformer", says="nobody", saved=Saved(recut=("wte.embedding", "wte.new_embedding"))
    ),
    "moss_transcribe_diarize": Row("qwen3", tied=True),
    "nemo_speechlm": Row(
        "nemotron_h", "llm.model", "llm.lm_head", says="nobody", parts=OF_NEMO, stored=IN_FULL
    ),
    "nemotron_h_omni": Row(
        "nemotron_h", "language_model.backbone", "language_model.lm_head", tied=None, says="inner"
    ),
    "omniasr": Row("llama", tied=None, says="nobody"),
    "ovis2": Row("qwen2", tied=True, head_outside=True),
    "ovis2_5": Row("qwen3", "llm.model", "llm.lm_head"),
    "paddleocr_vl": Row("paddleocr_vl_text", "model", tied=True, says="either", flat=True, others=OF_PADDLE),
    "paligemma": Row("gemma", *INSIDE, tied=True),
    "perception_lm": Row("llama", tied=None),
    "phi3_v": Row("phi3", "model", tied=None, flat=True),
    "phi4_multimodal": Row("phi4_multimodal", "model", at=""),
    "phi4mm": Row("phi3", "model", tied=None, flat=True, others=OF_PHI4, parts=ADAPTED),
    "pp_chart2table": Row("qwen2", *INSIDE, tied=True),
    "qianfan_ocr": Row("qwen3", *INSIDE, saved=OF_INTERNVIT),
    "qwen2_5_omni": Row(
        "qwen2_5_omni_text", "thinker.model", "thinker.lm_head", at="thinker_config.text_config"
    ),
    "qwen2_5_omni_thinker": Row("qwen2_5_omni_text", "model"),
    "qwen2_5_vl": Row("qwen2_5_vl_text", "model", flat=True, says="either"),
    "qwen2_audio": Row("qwen2", *INSIDE, says="nobody"),
    "qwen2_vl": Row("qwen2_vl_text", "model", flat=True, says="either"),
    "qwen3_asr": Row("qwen3", tied=True),
    "qwen3_asr_thinker": Row(
        "qwen3", "thinker.model", "thinker.lm_head", tied=None, says="inner", at="thinker_config.text_config", old="qwen3_asr_text"
    ),
    "qwen3_omni_moe": Row(
        "qwen3_omni_moe_text", "thinker.model", "thinker.lm_head", at="thinker_config.text_config"
    ),
    "qwen3_omni_moe_thinker": Row("qwen3_omni_moe_text", "model"),
    "shieldgemma2": Row("gemma3_text", "model.language_model.model", tied=True, says="either"),
    "smolvlm": Row("llama", "model.text_model"),
    "step3_vl": Row("step3_text", "model", others=("understand_projector_stride", "projector_bias")),
    "step3p7": Row("step3p7_text", "model", others=("hidden_size", "max_position_embeddings"), old="step3p5", by=by_spelling),
    "unlimited_ocr": Row("unlimited_ocr_text", "model", of_old="language_config", old="deepseek_v2", others=("lm_head", "rm_head", "sliding_window_size"), note=OF_THE_ANSWER),
    "vibevoice_decoder": Row("qwen2", tied=None, says="inner", at="decoder_config", others=OF_VIBEVOICE),
    "vibevoice": Row("qwen2", tied=None, says="inner"),
    "vibevoice_asr": Row("qwen2", *INSIDE, says="nobody"),
    "videochat_flash_qwen": Row("qwen2", "model", tied=None, at="", others=OF_VIDEOCHAT, note=OF_FEWER_PICTURES),
    "video_llama_3": Row("qwen2", tied=None, says="either"),
    "video_llava": Row("llama", *INSIDE),
    "vipllava": Row("llama", *INSIDE),
    "voxtral": Row("llama", *INSIDE, says="nobody"),
}  # fmt: skip
"""Wrappers that change nothing in their language model: the reference's, as tests/truth/test_any_wrapper.py shows, and
those of releases with code of their own: Phi's, DeepSeek VL2 and OCR, Kimi VL, InternVL, LLaVA, MiniCPM-V and -o."""

RELEASED_AS = {
    "llava": ("mm_vision_tower", "llava_llama"),
    "qwen3_asr": ("thinker_config", "qwen3_asr_thinker"),
    "vibevoice": ("decoder_config", "vibevoice_decoder"),
}
"""Types that the reference took over with other keys and names: a key of the release's own, and the row of that."""
NOT_FLAT = ("glm4v",)
"""Types whose first files have the language model's keys at the top, where the reference doesn't look for them."""
