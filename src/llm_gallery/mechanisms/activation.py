"""Names of an MLP after its activation, and the concept that explains it."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.facts import term

GATED = {"SiLU": "SwiGLU", "GELU": "GeGLU", "ReLU": "ReGLU"}
SYMBOLS = {"softplus, base 2": "softplus", "squared ReLU": "ReLU²"}
"""What drawings have for a word of prose."""
CONCEPTS = {
    "SwiGLU": "swiglu",
    "GELU": "gelu",
    "GeGLU": "geglu",
    "squared ReLU": "relu-squared",
    "xIELU": "xielu",
    "SiTU": "situ",
    "PolyNorm": "polynorm",
}


def activation(stored: str) -> str:
    """The function as drawings have it; a name that nobody knows stays as it is."""
    return _drawn(_words(stored))


def function(stored: str) -> str:
    """The same, however it is approximated."""
    return _drawn(_plain(stored))


def mlp_style(block: Block) -> str:
    """An MLP in one word, as drawings have it: "SwiGLU", "GeGLU", "GELU (tanh)", "ReLU²"."""
    stored = str(block.value("activation"))
    return _gated(function(stored)) if block.value("gated") else activation(stored)


def mlp_field(block: Block) -> str:
    """An MLP as the field names it, after its function however that is approximated: "SwiGLU", "GELU", "ReLU²"."""
    if mlp_concept(block) is None:
        return ""
    plain = function(str(block.value("activation")))
    return GATED.get(plain, plain) if block.value("gated") else plain


def mlp_words(block: Block) -> str:
    """An MLP in prose, however its function is approximated: "SwiGLU", "GELU", "squared ReLU"."""
    plain = _plain(str(block.value("activation")))
    return _gated(plain) if block.value("gated") else plain


def mlp_concept(block: Block) -> str | None:
    """The id of the concept of an MLP's activation."""
    plain = _plain(str(block.value("activation")))
    return CONCEPTS.get(GATED.get(plain, plain) if block.value("gated") else plain)


def _gated(plain: str) -> str:
    return GATED.get(plain, f"gated {plain}")


def _words(stored: str) -> str:
    return term("activation").values.get(stored, stored)


def _plain(stored: str) -> str:
    return "GELU" if stored.startswith("gelu") else _words(stored)


def _drawn(word: str) -> str:
    return SYMBOLS.get(word, word)
