"""Which language model a wrapper is around where its releases differ: by a version, or by what attends and routes.

Reference: vllm/model_executor/models/minicpmv.py, minicpmo.py and deepseek_vl2.py, which choose by the same keys
"""

from __future__ import annotations

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json

VERSIONS = {
    "2.0": "minicpm",
    "2.5": "llama",
    "2.6": "qwen2",
    "4.0": "llama",
    "4.5": "qwen3",
}
"""The language models of MiniCPM-V and MiniCPM-o."""
UNSTATED = {"minicpmo": "2.6", "minicpmv": "2.5"}
WIDTH_OF_THE_FIRST = 2304
"""Of MiniCPM-V 2.0, which states no version, as 2.5 doesn't."""


def by_version(raw: Json) -> str:
    """The type of MiniCPM-V's or -o's language model. Raises Refusal for a version that nobody looked up."""
    said = raw.get("version", UNSTATED.get(str(raw.get("model_type"))))
    if "version" not in raw and raw.get("hidden_size") == WIDTH_OF_THE_FIRST:
        said = "2.0"
    word = str(said)
    model_type = VERSIONS.get(word if "." in word else f"{word}.0")
    if model_type is None:
        raise Refusal(
            f"version is {quoted(said)}, expected one of {', '.join(VERSIONS)}, whose language models "
            "are known; see docs/adding-a-family.md"
        )
    return model_type


def of_deepseek(inner: Json) -> str:
    """The type of DeepSeek VL2's or OCR's language model, which calls itself DeepSeek V2 whatever it is."""
    if inner.get("topk_method") == "noaux_tc":
        return "deepseek_v3"
    return "deepseek_ocr2_text" if inner.get("use_mla") is False else "deepseek_v2"


def by_spelling(inner: Json) -> str:
    """The type of Step 3.7's language model: which of its two spellings the keys are in."""
    return "step3p7_saved" if "n_routed_experts" in inner else "step3p7_text"
