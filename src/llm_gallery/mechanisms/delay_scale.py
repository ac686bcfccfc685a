"""An adaptive norm's scale: made of how far the text stays behind the sound, so that one model has any delay.

Paper: https://arxiv.org/abs/2602.11298
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Names, inert

MECHANISM = inert(
    kind="delay_scale",
    names=Names("delay scale", within="a scale by the delay", counted="Delay scales"),
    colour="norm",
    does="Scales every channel of a normed vector by what a small MLP makes of the delay: the same for all tokens.",
    concepts=("adaptive-norm",),
)
