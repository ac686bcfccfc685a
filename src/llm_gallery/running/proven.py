"""Which families run: those whose scores equal the reference's, token by token, as tests/truth/test_running.py proves."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Architecture, Block, walk
from llm_gallery.architecture.kinds import APART
from llm_gallery.mechanisms.forward import runs

WIRED = ("language_model", "group", "stack", "layer", "residual", "sum")
"""Kinds that the walk itself goes through."""
PROVEN = frozenset(
    {
        "afmoe", "cohere", "cohere2", "cohere2_moe", "cohere2_vision", "deepseek_v2", "deepseek_v3", "dots1",
        "ernie4_5_moe", "falcon", "gemma2", "gemma3", "gemma3_text", "glm4", "glm4_moe", "gpt2", "gpt_oss",
        "granite", "hy_v3", "kimi_k2", "laguna", "llama", "mellum", "minimax_m2", "mistral", "mistral3",
        "mixtral", "olmo", "olmo2", "olmo3", "olmoe", "phi3", "qwen2", "qwen3", "qwen3_moe", "sarvam_mla",
        "sarvam_moe", "smollm3", "solar_open", "stablelm", "starcoder2",
    }
)  # fmt: skip
"""Their model types; a family joins when its runs are proven, and none leaves."""


def refused(architecture: Architecture) -> str:
    """Why an architecture can't run yet; empty where it can."""
    if architecture.guess:
        return f"its type is unknown, and {architecture.guess} only stands in for it"
    if kinds := lacking(architecture.root):
        return f"no forward of {', '.join(kinds).replace('_', ' ')}"
    if architecture.model_type not in PROVEN:
        return f"no run of {architecture.model_type} was compared with the reference"
    return ""


def lacking(root: Block) -> tuple[str, ...]:
    """Kinds of the language model that have no forward."""
    found = dict.fromkeys(block.kind for block in _parts(root))
    return tuple(kind for kind in found if kind not in WIRED and not runs(kind))


def _parts(root: Block) -> Iterator[Block]:
    """Every block of the language model, without what is stored beside it."""
    for part in root.inside:
        if part.kind not in APART:
            yield from (block for _, block in walk(part))
