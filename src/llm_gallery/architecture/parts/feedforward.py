"""Channel mixers: plain and gated MLPs, and mixtures of experts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import UNSTATED, Fact
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.parts.basic import facts, linear, settings, shifted, with_settings
from llm_gallery.architecture.refusal import quoted

KINDS: Kinds = {
    "mlp": ("mixes channels",),
    "moe": ("mixes channels",),
    "receptance_mlp": ("mixes channels",),
    "router": ("serves a mixer",),
    "shared_gate": ("serves a mixer",),
}
"""What is built here, and its place in a model."""

GATE_UP = ("gate_proj", "up_proj", "down_proj")
GATE_UP_FUSED = ("gate_up_proj", "down_proj")
"""The matrices of a gated MLP, as most checkpoints name them."""


def gated_mlp(
    name: str,
    *,
    width: int,
    inner: int,
    activation: str,
    bias: bool = False,
    fused: bool = False,
    limit: float | None = None,
    gain: float | None = None,
    shift: int | None = None,
    names: Sequence[str] | None = None,
) -> Block:
    """down(activation(gate x) * up x). `fused` stores gate and up as one; `limit` clamps before the product.

    The gate is x sigmoid(`gain` x) where the sigmoid has a gain; `shift` is added to up before the
    product. `names` are those of the matrices in order of computation, where they aren't gate, up and down.
    Paper: https://arxiv.org/abs/2002.05202
    """
    *first, down = names or (GATE_UP_FUSED if fused else GATE_UP)
    wide = [
        linear(
            part,
            width,
            inner * len(role),
            role=role,
            bias=bias,
            rows=[inner] * len(role) if len(role) > 1 else (),
        )
        for part, role in zip(first, _widening(len(first)), strict=True)
    ]
    slots = facts(
        inner=inner,
        width=width,
        activation=activation,
        gated=True,
        bias=bias,
        limit=limit,
        gain=gain,
        shift=shift,
    )
    back = linear(down, inner, width, role="down", bias=bias)
    return Block("mlp", name, slots, (), (*wide, back))


def biased_at_last(mlp: Block) -> Block:
    """The same MLP, of whose matrices only that back to the stream adds a learned vector."""
    *wide, down = mlp.inside
    back = linear(
        down.name, down.number("inputs"), down.number("outputs"), role=down.roles, bias=True
    )
    slots = {**mlp.facts, **facts(output_bias=True)}
    return replace(mlp, facts=slots, inside=(*wide, back))


def limited_after(mlp: Block) -> Block:
    """The same gated MLP, whose limit, where it has one, holds what the activation gives, not what it gets."""
    return with_settings(mlp, limit_after=True) if "limit" in mlp.facts else mlp


def sparse(mlp: Block, share: float, cutoff: float) -> Block:
    """The same gated MLP, of whose gate only what exceeds its mean by `cutoff` deviations counts.

    That leaves out about the `share` that is told, as a normal distribution has it.
    """
    slots = {**mlp.facts, **facts(sparsity=share)}
    return with_settings(replace(mlp, facts=slots), cutoff=cutoff)


def _widening(matrices: int) -> tuple[tuple[str, ...], ...]:
    """What the matrices to the inner width hold: gate and up, as rows of one or apart."""
    return (("gate", "up"),) if matrices == 1 else (("gate",), ("up",))


def plain_mlp(
    name: str,
    *,
    width: int,
    inner: int,
    activation: str,
    names: tuple[str, str] = ("up_proj", "down_proj"),
    bias: bool = False,
    transposed: bool = False,
) -> Block:
    """down(activation(up x))."""
    up, down = names
    inside = (
        linear(up, width, inner, role="up", bias=bias, transposed=transposed),
        linear(down, inner, width, role="down", bias=bias, transposed=transposed),
    )
    slots = facts(inner=inner, width=width, activation=activation, gated=False, bias=bias)
    return Block("mlp", name, slots, (), inside)


def receptance_mlp(name: str, *, width: int, inner: int) -> Block:
    """RWKV-4's channel mixing: sigmoid(receptance x) * value(relu(key x)^2), x mixed with the last token."""
    inside = (
        linear("key", width, inner, role="key"),
        linear("receptance", width, width, role="receptance"),
        linear("value", inner, width, role="value"),
    )
    slots = facts(inner=inner, width=width, activation="relu2")
    return Block("receptance_mlp", name, slots, shifted("key", "receptance", width=width), inside)


def shifted_mlp(
    name: str,
    *,
    width: int,
    inner: int,
    activation: str,
    shares: Sequence[Tensor],
    names: Sequence[str] = ("key", "value"),
) -> Block:
    """Channel mixing since RWKV-6: value(activation(key x)), x mixed with the last token, of which `shares` are kept.

    With three names it is gated by sigmoid(receptance x), as RWKV-4's.
    """
    key, value, *receptance = names
    inside = (
        linear(key, width, inner, role="key"),
        *(linear(one, width, width, role="receptance") for one in receptance),
        linear(value, inner, width, role="value"),
    )
    slots = facts(inner=inner, width=width, activation=activation)
    made = Block("receptance_mlp", name, slots, tuple(shares), inside)
    return with_settings(made, shares_last=True)


def experts(expert: Block, *, stored: int, used: int) -> Block:
    """`stored` copies of an MLP, each under its own number, of which `used` run for one token."""
    name = f"{expert.name}.0" if stored == 1 else expert.name  # one alone is numbered too
    return replace(expert, name=name, copies=stored, used=used)


def stacked_experts(
    name: str,
    *,
    stored: int,
    used: int,
    width: int,
    inner: int,
    activation: str,
    bias: bool = False,
    limit: float | None = None,
    gain: float | None = None,
    shift: int | None = None,
    names: Sequence[str] = GATE_UP_FUSED,
    outputs_first: bool = False,
) -> Block:
    """Gated experts in tensors with a leading expert axis, each matrix as [inputs, outputs] unless told.

    `names` are two where gate and up are rows of one matrix, three where they are apart. The gate is
    x sigmoid(`gain` x) where the sigmoid has a gain; `shift` is added to up before the product.
    """
    *first, down = names
    rows = int(inner) * 2 // len(first)
    kept = []
    for part, inputs, outputs, held in (
        *zip(first, [int(width)] * 2, [rows] * 2, _widening(len(first)), strict=False),
        (down, int(inner), int(width), ("down",)),
    ):
        role = " ".join(held)
        shape = (outputs, inputs) if outputs_first else (inputs, outputs)
        kept.append(Tensor(part, shape, role=role))
        if bias:
            kept.append(Tensor(f"{part}_bias", (outputs,), role=f"{role} bias"))
    whose = settings(
        transposed=not outputs_first or None,
        rows=[int(inner)] * 2 if len(first) == 1 else [],
    )
    slots = facts(
        inner=inner,
        width=width,
        activation=activation,
        gated=True,
        bias=bias,
        limit=limit,
        gain=gain,
        shift=shift,
    )
    return Block(
        "mlp", name, slots, tuple(kept), copies=stored, used=used, stacked=True, settings=whose
    )


def stacked_rows(
    names: tuple[str, str], *, stored: int, used: int, width: int, activation: str
) -> Block:
    """Experts of one channel, each a row of two tables: what it reads of a token, and what it adds.

    Paper: https://arxiv.org/abs/2407.04153
    """
    kept = (
        Tensor(name, (1, int(width)), role=role)
        for name, role in zip(names, ("up", "down"), strict=True)
    )
    slots = facts(inner=1, width=width, activation=activation, gated=False, bias=False)
    whose = settings(flat=True, inputs_first=["down"])
    return Block(
        "mlp", "", slots, tuple(kept), copies=stored, used=used, stacked=True, settings=whose
    )


def flat(experts: Block) -> Block:
    """The same stacked experts in matrices of all experts' rows, of which the one back has as many as the others.

    It is stored as [inputs, outputs] where the others are [outputs, inputs] (DBRX).
    """
    stored = tuple(
        tensor._replace(shape=tensor.shape[::-1]) if tensor.role == "down" else tensor
        for tensor in experts.tensors
    )
    return with_settings(replace(experts, tensors=stored), flat=True, inputs_first=["down"])


def router(
    name: str,
    *,
    width: int,
    experts: int,
    bias: bool = False,
    correction: str | None = None,
    beside: str | Tensor | None = None,
) -> Block:
    """One score an expert. `correction` names the stored bias that balances the choice, not the weight.

    `beside` is that bias, or its name, where the checkpoint stores it next to the router, not in it.
    """
    scores = linear(name, width, experts, bias=bias)
    if beside:
        if isinstance(beside, str):
            beside = Tensor(beside, (int(experts),))
        own = tuple(tensor._replace(name=f"{name}.{tensor.name}") for tensor in scores.tensors)
        return replace(
            scores, kind="router", name="", tensors=(*own, beside._replace(role="correction"))
        )
    if correction:
        stored = (*scores.tensors, Tensor(correction, (int(experts),), role="correction"))
        return replace(scores, kind="router", tensors=stored)
    return replace(scores, kind="router")


OF_EXPERTS = (
    "activation_learned", "gate_softcap", "up_softcap", "limit", "gain", "shift", "output_scale",
)  # fmt: skip
"""What an expert states of its activation, and its mixture too."""


def _biased(scores: Block) -> bool:
    """Whether a map of the router, which may be an MLP, adds a vector; what balances the choice is no such bias."""
    return scores.value("bias") is True or any(_biased(part) for part in scores.inside)


SHARES = "shares"
"""How routed and shared outputs are joined where a softmax says of each token how much of either."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What every token runs beside the experts chosen for it."""

    expert: Block
    count: int = 1  # shared experts that the one wide MLP stands for
    gate: Block | None = None  # scales its output by a learned sigmoid, or gives both shares
    combined: str | None = None  # "average" or SHARES where it and the routed aren't just added


def mixture_of_experts(
    name: str,
    *,
    router: Block,
    experts: Block,
    scoring: str,
    shared: Shared | None = None,
    groups: tuple[int, int] | None = None,
    scale: float | None = None,
    normalized: bool | Fact | None = None,
    weights_input: bool = False,
    softcap: float | None = None,
    identity_experts: int | None = None,
    correction: bool | None = None,
) -> Block:
    """Each token runs some of the stored experts, chosen by the router, beside the shared ones.

    `scoring` is the router's function ("softmax", "sigmoid"); `groups` how many groups the experts
    stand in, and in how many a token chooses; `normalized` says whether the chosen weights sum to 1
    before `scale`; `weights_input` whether the weight multiplies the expert's input (Llama 4)
    instead of its output; `softcap` bounds the router's logits; `identity_experts` are choices that
    run no expert, so that what is used is the most that can run; `correction` is stated where the
    router is more than one matrix.
    What the experts state of their activation and biases is stated of the mixture too.
    """
    beside = () if shared is None else (shared.expert, shared.gate)
    slots = facts(
        experts=experts.copies,
        used=experts.used,
        inner=experts.facts["inner"],
        activation=experts.facts["activation"],
        **{name: experts.facts[name] for name in OF_EXPERTS if name in experts.facts},
        bias=experts.value("bias") or None,
        router_bias=_biased(router) or None,
        shared=0 if shared is None else shared.count,
        shared_inner=None if shared is None else _own_width(shared, experts),
        shared_gate=True
        if shared is not None and shared.gate is not None and shared.combined != SHARES
        else None,
        scoring=scoring,
        groups=None if groups is None else groups[0],
        groups_used=None if groups is None else groups[1],
        scale=scale,
        normalized=normalized,
        weights_input=weights_input or None,
        combined=None if shared is None else shared.combined,
        softcap=softcap,
        identity_experts=identity_experts,
        correction=correction or len(router.tensors) > 1 + bool(router.value("bias")) or None,
    )
    inside = tuple(part for part in (router, experts, *beside) if part is not None)
    return Block("moe", name, slots, (), inside)


def _own_width(shared: Shared, experts: Block) -> Fact | None:
    """The inner width of the shared experts' MLP; None where it is that of as many routed ones."""
    alike = shared.count * experts.number("inner")
    inner = shared.expert.facts["inner"]
    return None if shared.expert.copies * shared.expert.number("inner") == alike else inner


def unstated_choice(mixture: Block) -> bool:
    """Whether a config leaves open how many experts the router picks: what is counted is then the most."""
    return mixture.value("used") == UNSTATED


def of_unstated_choice(mixture: Block, said: Fact) -> Block:
    """The mixture whose config leaves open how many experts run; `said` is what stands under that key.

    All its experts have to be counted as used: the most that can be.
    """
    stated = {**mixture.facts, "used": replace(said, value=UNSTATED)}
    unknown = f"{said.source} is {quoted(said.value)}: how many experts run for a token isn't known"
    return with_settings(replace(mixture, facts=stated), unknown=unknown)
