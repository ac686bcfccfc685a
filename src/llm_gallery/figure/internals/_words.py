"""What engineers call activations and MLPs."""

from __future__ import annotations

from llm_gallery.architecture.block import Block

_ACTIVATIONS = {
    "silu": "SiLU",
    "swish": "SiLU",
    "gelu": "GELU",
    "gelu_new": "GELU (tanh)",
    "gelu_pytorch_tanh": "GELU (tanh)",
    "gelu_fast": "GELU (tanh)",
    "relu": "ReLU",
    "relu2": "ReLU²",
    "sigmoid": "sigmoid",
    "poly_norm": "PolyNorm",
    "situ": "SiTU",
    "xielu": "xIELU",
}
_GATED = {"SiLU": "SwiGLU", "GELU": "GeGLU", "GELU (tanh)": "GeGLU", "ReLU": "ReGLU"}


def activation(name: str) -> str:
    """The function as papers write it; a name that nobody knows stays as it is."""
    return _ACTIVATIONS.get(name, name)


def mlp_style(block: Block) -> str:
    """An MLP in one word: "SwiGLU", "GeGLU", "ReLU²"."""
    spoken = activation(str(block.value("activation")))
    if not block.value("gated"):
        return spoken
    return _GATED.get(spoken, f"gated {spoken}")
