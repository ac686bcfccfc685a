"""An adaptive norm's scale: made of how far the text stays behind the sound, so that one model has any delay.

Paper: https://arxiv.org/abs/2602.11298
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Names, inert
from llm_gallery.mechanisms.linear import OF_LOW_RANK

MECHANISM = inert(
    kind="delay_scale",
    names=Names("delay scale", within="a scale by the delay", counted="Delay scales"),
    colour="norm",
    does="Scales every channel of a normed vector by what a small MLP makes of the delay: the same for all tokens.",
    concepts=("adaptive-norm",),
    formula=lambda block: (
        "_x_ · ( 1 + _W_^up^ GELU( _W_^down^ _t_ ) )",
        f"_t_: waves of {block.number('delay'):,} tokens of delay",
    ),
    purposes=OF_LOW_RANK,
)
