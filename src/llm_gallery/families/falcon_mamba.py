"""Falcon Mamba: Mamba whose step, input and output pass a norm that learns nothing.

The inner width is `intermediate_size`: the reference computes `expand` times the width and lets the stated key
overwrite it.

Reference: transformers/models/falcon_mamba/modular_falcon_mamba.py
Paper: https://arxiv.org/abs/2410.05355
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, residual, rms_norm
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import config
from llm_gallery.families.mamba import NOT_COMPUTED, Mamba, language_model, state_space, step_rank


@config("falcon_mamba", unused=(*NOT_COMPUTED, "use_falcon_mambapy"))
class FalconMamba(Mamba):
    mixer_rms_eps: float


def falcon_mamba(c: FalconMamba) -> Block:
    steps, eps = step_rank(c), c.mixer_rms_eps
    if eps < 0:
        raise Refusal(
            f"mixer_rms_eps is {quoted(eps)}, expected a small number from 0 on; correct it"
        )
    mixer = normed(state_space(c), c.state_size, steps, learned=False, eps=eps)
    return language_model(c, layer(residual(rms_norm("norm", c.hidden_size), mixer)))


def normed(
    mixer: Block, states: int, steps: int, *, learned: bool, eps: float | None = None
) -> Block:
    """The same mixer with norms on what the input chooses: step, B and C."""
    norms = (
        rms_norm("dt_layernorm", steps, learned=learned, role="step_norm", eps=eps),
        rms_norm("b_layernorm", states, learned=learned, role="B_norm", eps=eps),
        rms_norm("c_layernorm", states, learned=learned, role="C_norm", eps=eps),
    )
    return replace(mixer, inside=(*mixer.inside, *norms))
