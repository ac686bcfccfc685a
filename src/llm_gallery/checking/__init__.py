"""Tensors of an architecture against those that a checkpoint's headers list: what is missing, what differs, what each part weighs."""

from llm_gallery.checking.compare import compare, listed
from llm_gallery.checking.gguf import compare as compare_gguf
from llm_gallery.checking.report import Report

__all__ = ["Report", "compare", "compare_gguf", "listed"]
