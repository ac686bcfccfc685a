"""TeleChat 3: Llama, whose stretched rotation raises scores by less than YaRN's does.

Cosine and sine are multiplied by 1 + 0.07 ln factor, where YaRN has 0.1; MLX takes 0.1, which is another model.

Reference: vllm/model_executor/models/llama.py, which loads TeleChat3ForCausalLM (transformers has no such type), and
vllm/model_executor/layers/rotary_embedding/telechat3_scaling_rope.py
Model: https://huggingface.co/Tele-AI/TeleChat3-36B-Thinking
"""

from __future__ import annotations

from math import log

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived, fact, known
from llm_gallery.architecture.parts import Positions
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Size, config, same
from llm_gallery.families._rope import rope
from llm_gallery.families._rope_scale import extension
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu

OWN = "telechat3-yarn"
BEFORE = "original_max_position_embeddings"
SLOPE = 0.07
"""By which a score's factor grows with the logarithm of the stretch; YaRN's is 0.1."""


@config("telechat3", classes=("Telechat3ForCausalLM", "TeleChat3ForCausalLM"))
class Telechat3(Llama):
    """Defaults are those of the release's class, which derives from Llama's."""

    num_key_value_heads: Size | None = None
    rope_theta: float = 10000.0
    hidden_act: str = "silu"
    tie_word_embeddings: bool = False
    attention_bias: bool = False
    mlp_bias: bool = False


def telechat3(c: Telechat3) -> Block:
    attention = grouped_query(c, positions=positions(c))
    return decoder(c, [pre_norm(c, attention, swiglu(c))] * c.num_hidden_layers)


def positions(c: Telechat3) -> Positions:
    """YaRN's angles; cosines and sines are multiplied by their own factor."""
    plain = rope(c, head_dim(c), own_kind=OWN)
    said = fact(plain.scaling)
    if said.value != OWN:
        return plain
    key, scaling = extension(c)
    for name in ("attention_factor", "mscale", "mscale_all_dim"):
        if scaling.get(name) is not None:
            raise Refusal(
                f"{key}.{name} is {quoted(scaling[name])}, expected none: its effect on {OWN} isn't known; remove it"
            )
    if plain.factor is None or plain.original_context is None:
        raise Refusal(
            f"{key} lacks factor or {BEFORE}, expected both, by which {OWN} stretches the context; add them"
        )
    ratio = (
        c.max_position_embeddings / plain.original_context
    )  # some readers take it for the factor
    same(plain.factor, ratio, (f"{key}.factor", f"max_position_embeddings / {BEFORE}"))
    share = SLOPE * log(max(plain.factor, 1.0)) + 1
    return plain._replace(
        scaling=known("yarn", said.evidence, said.source),
        scale=None if share == 1 else derived(share**2, f"({SLOPE} ln factor + 1)^2"),
    )
