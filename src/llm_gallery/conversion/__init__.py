"""A model as llama.cpp's converter writes it: the keys of a GGUF, and its tensors with where each comes from."""

from llm_gallery.conversion.converted import Conversion, converted
from llm_gallery.conversion.tensor import GgufTensor

__all__ = ["Conversion", "GgufTensor", "converted"]
