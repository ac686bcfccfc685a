"""OLMo 3: OLMo 2 with a sliding window in three layers of four.

Reference: transformers/models/olmo3/modular_olmo3.py
Paper: https://arxiv.org/abs/2512.13961
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Length, config
from llm_gallery.families._layers import every_nth, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim
from llm_gallery.families.olmo2 import post_norm


@config("olmo3")
class Olmo3(Llama):
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None


def olmo3(c: Olmo3) -> Block:
    local, full = (
        post_norm(
            c,
            grouped_query(
                c,
                qk_norm="all heads",
                window=c.sliding_window if is_local else None,
                positions=rope(
                    c,
                    head_dim(c),
                    layer_type="sliding_attention" if is_local else "full_attention",
                    scaled=not is_local,  # the context extension leaves the windows alone
                ),
            ),
        )
        for is_local in (True, False)
    )
    pattern = sliding(c.layer_types, c.num_hidden_layers, every_nth(4, c.num_hidden_layers))
    return decoder(c, [local if is_local else full for is_local in pattern])
