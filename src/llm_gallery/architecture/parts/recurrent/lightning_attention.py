"""Lightning Attention."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.attention import QUERY_KEY_VALUE, Positions, rotation_settings
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm
from llm_gallery.architecture.parts.recurrent._apart import projected


def lightning_attention(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    positions: Positions,
    names: tuple[str, str, str, str],
    activation: str | None = None,
    qk_norms: tuple[str, str] | None = None,
    norm_groups: int | None = None,
    norm_eps: float | None = None,
    grouped: bool = False,
    state_dtype: str,
) -> Block:
    """Linear attention with one constant decay a head and layer: S <- a S + k vT, o = q S, then norm and gate.

    `names` are those of the joint q, k, v matrix, "" where each has one, the norm, the output gate and the output projection;
    `activation` is that of q, k and v; where they are `grouped`, rows of each head stand together; `norm_eps` is
    the norm's epsilon, where it isn't the model's own. Paper: https://arxiv.org/abs/2401.04658
    """
    inner, groups = heads * head_dim, heads if grouped else 1
    joint, norm, gate, out = names
    each = [inner // groups] * 3
    projections = (
        (linear(joint, width, 3 * inner, role=QUERY_KEY_VALUE, rows=each, groups=groups),)
        if joint
        else projected(width, inner, inner, inner)
    )
    inside = (
        *projections,
        *(
            rms_norm(held, head_dim, role=role)
            for held, role in zip(qk_norms or (), ("query_norm", "key_norm"), strict=False)
        ),
        rms_norm(norm, inner, role="output_norm", eps=norm_eps),
        linear(gate, width, inner, role="gate"),
        linear(out, inner, width, role="output"),
    )
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        position=positions.kind,
        rotated=positions.rotated,
        rope_base=positions.base,
        rope_scaling=positions.scaling,
        rope_factor=positions.factor,
        original_context=positions.original_context,
        rotated_scale=positions.scale,
        activation=activation,
        qk_norm=None if qk_norms is None else "per head",
        norm_groups=norm_groups,
        gate="sigmoid",
        state_dtype=state_dtype,
    )
    return Block(
        "lightning_attention", name, slots, (), inside, settings=rotation_settings(positions)
    )
