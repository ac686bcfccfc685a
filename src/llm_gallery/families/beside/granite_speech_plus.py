"""Granite Speech Plus: Granite Speech, whose Q-Former may read several layers of the conformer side by side.

Reference: transformers/models/granite_speech_plus/modular_granite_speech_plus.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Count, config, same
from llm_gallery.families.beside._conformer import Conformer, conformer
from llm_gallery.families.beside.granite_speech import GraniteSpeech, projector


@config("granite_speech_plus_encoder")
class PlusConformer(Conformer):
    cat_hidden_layers: tuple[Count, ...] | None


@config("granite_speech_plus")
class GraniteSpeechPlus(GraniteSpeech):
    encoder_config: PlusConformer


def granite_speech_plus(c: GraniteSpeechPlus, stream: int) -> tuple[Block, ...]:
    """The Q-Former is as wide in its keys as all that it reads, where the config lists what that is."""
    if (read := c.encoder_config.cat_hidden_layers) is not None:
        wide = c.encoder_config.hidden_dim * (len(read) + 1)
        names = ("projector_config.encoder_hidden_size", "hidden_dim of all cat_hidden_layers")
        same(c.projector_config.encoder_hidden_size, wide, names)
    return conformer(c.encoder_config), projector(c, stream)
