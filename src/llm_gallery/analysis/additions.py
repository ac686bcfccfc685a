"""A concept taken out of a block: its facts, parts and stored numbers removed, or another word in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Value
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.attended import counted


@dataclass(frozen=True, slots=True)
class Addition:
    """What blocks that show a concept have because of it."""

    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()  # of parts inside, or of their share of a fused matrix
    kinds: tuple[str, ...] = ()  # of parts inside
    stored: tuple[str, ...] = ()  # roles of its own tensors and of those of its parts
    instead: Mapping[str, Value] = field(default_factory=dict)  # facts, as they are without it

    def taken_from(self, block: Block, concept: str) -> Block:
        """The block without it, where it shows the concept; else as it is."""
        return self.out_of(block) if concept in concepts_of(block) else block

    def out_of(self, block: Block) -> Block:
        """The block without it. Raises ValueError where a fused tensor doesn't say whose rows are whose."""
        inside = tuple(self._inside(block))
        bare = replace(block.lacking(*self.facts), inside=inside, tensors=self._tensors(block))
        return counted(bare, **self.instead) if self.instead else bare

    def _inside(self, block: Block) -> Iterator[Block]:
        for part in block.inside:
            left = tuple(role for role in part.roles if role not in self.roles)
            if part.kind in self.kinds or (part.roles and not left):
                continue
            kept = replace(part, tensors=self._tensors(part)) if self.stored else part
            yield kept if left == part.roles else _rows(kept, left)

    def _tensors(self, block: Block) -> tuple[Tensor, ...]:
        found = (self._left(block, one) for one in block.tensors if one.role not in self.stored)
        return tuple(one for one in found if one is not None)

    def _left(self, block: Block, tensor: Tensor) -> Tensor | None:
        """A tensor of several roles without those that go: experts keep gate and up in one."""
        named = tuple(role for role in tensor.role.split() if role != "bias")
        left = tuple(role for role in named if role not in self.roles)
        if left == named:
            return tensor
        return _narrowed(tensor, block, named, left) if left else None


def _rows(part: Block, left: tuple[str, ...]) -> Block:
    """A fused matrix with the rows of some of its roles."""
    tensors = tuple(_narrowed(tensor, part, part.roles, left) for tensor in part.tensors)
    outputs = _share(part.number("outputs"), part, part.roles, left)
    return counted(replace(part, roles=left, tensors=tensors), outputs=outputs)


def _narrowed(tensor: Tensor, of: Block, roles: tuple[str, ...], left: tuple[str, ...]) -> Tensor:
    """A tensor with the rows of some of its roles; a transposed one has them behind."""
    shape = list(tensor.shape)
    at = len(shape) - 1 if of.settings.get("transposed") else 0
    shape[at] = _share(shape[at], of, roles, left)
    return tensor._replace(shape=tuple(shape))


def _share(whole: int, of: Block, roles: tuple[str, ...], left: tuple[str, ...]) -> int:
    rows: tuple[int, ...] = tuple(of.settings.get("rows", ()))
    if len(rows) != len(roles):
        raise ValueError(f"{of.kind} {of.name}: rows of {roles} are {rows}, expected one each")
    kept = sum(many for role, many in zip(roles, rows, strict=True) if role in left)
    return whole * kept // sum(rows)


_PLAIN_POSITIONS = Addition(instead={"position": "none"})
_OWN_FUNCTION = ("activation_learned", "gate_softcap", "up_softcap")

ADDITIONS: Mapping[str, Addition] = {
    "attention-sinks": Addition(facts=("sinks",), stored=("sinks",)),
    "gated-attention": Addition(facts=("gate",), roles=("gate", "gate_down")),
    "qk-norm": Addition(facts=("qk_norm",), roles=("query_norm", "key_norm"), kinds=("key_scale",)),
    "alibi": _PLAIN_POSITIONS,
    "sinusoidal-positions": _PLAIN_POSITIONS,
    "rope": Addition(
        facts=(
            "rotated",
            "rope_base",
            "rope_scaling",
            "rope_factor",
            "original_context",
            "rotated_scale",
        ),
        instead={"position": "none"},
    ),
    "relative-positions": Addition(
        facts=("extent",),
        roles=("distance",),
        stored=("distances",),
        instead={"position": "none"},
    ),
    "bidirectional-attention": Addition(facts=("bidirectional", "given_both_ways")),
    "convolved-attention": Addition(facts=("convolved",), kinds=("convolution",)),
    "swiglu": Addition(roles=("gate",), instead={"gated": False}),
    "geglu": Addition(roles=("gate",), instead={"gated": False}),
    "situ": Addition(facts=_OWN_FUNCTION, instead={"activation": "silu"}),
    "polynorm": Addition(
        facts=_OWN_FUNCTION,
        stored=("polynomial", "polynomial_bias"),
        instead={"activation": "silu"},
    ),
    "sigmoid-routing": Addition(instead={"scoring": "softmax"}),
    "sqrtsoftplus-routing": Addition(instead={"scoring": "softmax"}),
    "softmax-routing": Addition(instead={"scoring": "sigmoid"}),
    "bias-balanced-routing": Addition(facts=("correction",), stored=("correction",)),
}
"""Of each concept that leaves its block a block of the same kind."""
