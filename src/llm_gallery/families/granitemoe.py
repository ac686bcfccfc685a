"""Granite 3 MoE: Granite with a softmax over the chosen experts in place of the MLP.

Reference: transformers/models/granitemoe/modular_granitemoe.py
Model: https://huggingface.co/ibm-granite/granite-3.1-3b-a800m-instruct
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.granite import attention, scaled
from llm_gallery.families.granitemoehybrid import GraniteExperts, moe
from llm_gallery.families.llama import pre_norm


@config("granitemoe")
class GraniteMoe(GraniteExperts):
    pass


def granitemoe(c: GraniteMoe) -> Block:
    return scaled(c, [pre_norm(c, attention(c), moe(c))] * c.num_hidden_layers)
