"""What a concept adds to blocks, taken out again: facts, parts, stored numbers, or a word that another takes the place of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.concepts._concept import Without
from llm_gallery.mechanisms.attended import counted


def taken_out(block: Block, added: Without) -> Block:
    """The block without it. Raises ValueError where a fused tensor doesn't say whose rows are whose."""
    inside, tensors = tuple(_inside(block, added)), _tensors(block, added)
    bare = replace(block.lacking(*added.facts), inside=inside, tensors=tensors)
    return counted(bare, **added.instead) if added.instead else bare


def _inside(block: Block, added: Without) -> Iterator[Block]:
    for part in block.inside:
        left = tuple(role for role in part.roles if role not in added.roles)
        if part.kind in added.kinds or (part.roles and not left):
            continue
        bare = replace(part, tensors=_tensors(part, added)) if added.stored else part
        yield bare if left == part.roles else _rows(bare, left)


def _tensors(block: Block, added: Without) -> tuple[Tensor, ...]:
    stored = (tensor for tensor in block.tensors if tensor.role not in added.stored)
    return tuple(left for tensor in stored if (left := _left(block, tensor, added)) is not None)


def _left(block: Block, tensor: Tensor, added: Without) -> Tensor | None:
    """A tensor of several roles without those that go: experts keep gate and up in one."""
    named = tuple(role for role in tensor.role.split() if role != "bias")
    left = tuple(role for role in named if role not in added.roles)
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
    rest = sum(many for role, many in zip(roles, rows, strict=True) if role in left)
    return whole * rest // sum(rows)
