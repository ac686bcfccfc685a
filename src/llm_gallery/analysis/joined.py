"""How parts are joined, undone: one stream for several, norms behind branches, what stands beside, what stands apart."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from llm_gallery.architecture.block import Block, mixing
from llm_gallery.architecture.kinds import OTHER_MODALITIES
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.attended import counted
from llm_gallery.mechanisms.state import SHIFT
from llm_gallery.mechanisms.wiring import placement

Change = Callable[[Block], Block]


def with_parts(block: Block, inside: Iterable[Block]) -> Block:
    """The block with these of its parts; itself where none is missing."""
    left = tuple(inside)
    return block if len(left) == len(block.inside) else replace(block, inside=left)


def lacking_kinds(*kinds: str) -> Change:
    """Without parts of some kinds, wherever they stand."""
    return lambda block: with_parts(
        block, (part for part in block.inside if part.kind not in kinds)
    )


def one_stream(block: Block) -> Block:
    """A stream that branches read as it is and add to: no connections, whatever they mixed."""
    if block.is_stack:
        return block.lacking("residual", "streams", "saved_every")
    return with_parts(block, (part for part in block.inside if not _of_streams(part)))


def _of_streams(part: Block) -> bool:
    """Whether a connection is one to the stream; ZAYA's router has one to that of the layer before."""
    return part.connects and all(tensor.role != "memory" for tensor in part.tensors)


def unnormed_sums(block: Block) -> Block:
    """What a branch gives is added as it is: only the norm before it stays."""
    if placement(block) != "sandwich":
        return block
    first = next(at for at, part in enumerate(block.inside) if any(mixing(part)))
    before, after = block.inside[: first + 1], block.inside[first + 1 :]
    return with_parts(block, (*before, *(part for part in after if not part.is_norm)))


def norms_before(block: Block) -> Block:
    """The norms of a layer before its branches, where they stand behind them or on the stream."""
    if placement(block) == "post" and block.inside[-1].is_norm:
        return replace(block, inside=(block.inside[-1], *block.inside[:-1]))
    if "stream-norm" in concepts_of(block):
        return replace(block, inside=tuple(_led(block.inside)))
    return block


def norms_behind(block: Block) -> Block:
    """The norm of a branch behind it, where it stands before."""
    if placement(block) != "pre" or not block.inside[0].is_norm:
        return block
    return replace(block, inside=(*block.inside[1:], block.inside[0]))


def _led(parts: tuple[Block, ...]) -> Iterable[Block]:
    """Each branch with the norm that stood behind it on the stream in front."""
    for part, behind in zip(parts, (*parts[1:], None), strict=True):
        if part.is_norm:
            continue
        normed = behind is not None and behind.is_norm
        yield replace(part, inside=(behind, *part.inside)) if behind and normed else part


def unplaced(block: Block) -> Block:
    """No row for each place, and attention that asks for none."""
    if block.attends and block.value("position") == "learned":
        return counted(block, position="none")
    return lacking_kinds("position_embedding")(block)


def plain_weights(block: Block) -> Block:
    """Norms that multiply by their weights, not by one more."""
    if not block.settings.get("offset"):
        return block
    return replace(block, settings={**block.settings, "offset": 0.0})


def experts_alone(block: Block) -> Block:
    """Experts without the MLP beside them."""
    if not block.is_sum or not any(part.is_mixture for part in mixing(block)):
        return block
    mixed = (part for part in block.inside if not all(block.is_mlp for block in mixing(part)))
    return with_parts(block, mixed)


def text_alone(block: Block) -> Block:
    """Without the part that reads images, and without what fits that to the stream where nothing else needs it."""
    others = {part.kind for part in block.inside} & {*OTHER_MODALITIES}
    gone: Collection[str] = ("vision_tower",) if "audio_tower" in others else OTHER_MODALITIES
    return lacking_kinds(*gone)(block)


def same_sign(block: Block) -> Block:
    """Heads that only add: none is subtracted from others."""
    if "noise_heads" not in block.facts:
        return block
    heads, noise = block.number("heads"), block.number("noise_heads")
    inside = tuple(
        _of_heads(part, heads - noise, heads) if part.roles == ("query",) else part
        for part in block.inside
        if part.roles != ("noise_share",)
    )
    return counted(replace(block.lacking("noise_heads"), inside=inside), heads=heads - noise)


def _of_heads(matrix: Block, some: int, heads: int) -> Block:
    """A matrix with the rows of some heads."""
    tensors = tuple(
        tensor._replace(shape=(tensor.shape[0] * some // heads, *tensor.shape[1:]))
        for tensor in matrix.tensors
    )
    outputs = matrix.number("outputs") * some // heads
    return counted(replace(matrix, tensors=tensors), outputs=outputs)


def attention_alone(block: Block) -> Block:
    """Of mixers side by side the one that attends; the others are left out."""
    mixers = [part for part in block.inside if part.mixes_tokens]
    if len(mixers) < 2 or not any(part.attends for part in mixers):
        return block
    return with_parts(block, (part for part in block.inside if part.attends or part not in mixers))


def unshifted(block: Block) -> Block:
    """Projections that read the token alone: no shares of the one before, which is then not kept."""
    left = tuple(tensor for tensor in block.tensors if not tensor.role.endswith(SHIFT))
    return block if len(left) == len(block.tensors) else replace(block, tensors=left)
