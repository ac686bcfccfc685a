"""Falcon Mamba: Mamba whose step, input and output pass a norm that learns nothing.

Reference: transformers/models/falcon_mamba/modular_falcon_mamba.py
Paper: https://arxiv.org/abs/2410.05355
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, residual, rms_norm
from llm_gallery.families._config import config
from llm_gallery.families.mamba import NOT_COMPUTED, Mamba, language_model, state_space, step_rank


@config("falcon_mamba", unused=(*NOT_COMPUTED, "mixer_rms_eps", "use_falcon_mambapy"))
class FalconMamba(Mamba):
    pass


def falcon_mamba(c: FalconMamba) -> Block:
    mixer = normed(state_space(c), c.state_size, step_rank(c), learned=False)
    return language_model(c, layer(residual(rms_norm("norm", c.hidden_size), mixer)))


def normed(mixer: Block, states: int, steps: int, *, learned: bool) -> Block:
    """The same mixer with norms on what the input chooses: step, B and C."""
    norms = (
        rms_norm("dt_layernorm", steps, learned=learned, role="step_norm"),
        rms_norm("b_layernorm", states, learned=learned, role="B_norm"),
        rms_norm("c_layernorm", states, learned=learned, role="C_norm"),
    )
    return replace(mixer, inside=(*mixer.inside, *norms))
