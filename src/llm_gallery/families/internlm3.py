"""InternLM3: Llama whose biases have keys of their own.

Reference: transformers/models/internlm3/modular_internlm3.py
Model: https://huggingface.co/internlm/internlm3-8b-instruct
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, llama


@config("internlm3")
class InternLM3(Llama):
    pass


def internlm3(c: InternLM3) -> Block:
    return llama(c)
