"""Links beside the tree: indices, keys and streams that one block makes and another reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from llm_gallery.architecture.block import Block, Link, distinct, join, walk
from llm_gallery.architecture.refusal import Refusal

Found = Iterable[tuple[str, Block]]
"""Every block with its path, in order of computation."""


def links(root: Block) -> tuple[Link, ...]:
    """A multi-token-prediction module reads the last layer's stream and the next token's embedding."""
    modules = [block.name for block in root.inside if block.kind == "multi_token_prediction"]
    stated = {fact for block in distinct(root) for fact in block.facts}
    chosen = tuple(
        link for fact, flows in _READERS.items() if fact in stated for link in flows(walk(root))
    )
    if not modules:
        return chosen
    stack, table = (
        next(path for path, block in walk(root) if block.kind == kind)
        for kind in ("stack", "embedding")
    )
    return (
        Link(stack, modules[-1], "stream after the last layer"),
        Link(table, modules[-1], "embedding of the next token"),
        *chosen,
    )


def _shortcuts(blocks: Found) -> Iterator[Link]:
    """Experts on a shortcut read what an earlier part of their layer reads."""
    source = ""
    for path, block in blocks:
        if "source" in block.roles:
            source = path
        elif "shortcut" in block.facts:
            yield Link(source, path, "input of the experts")


def _shared_indices(blocks: Found) -> Iterator[Link]:
    """Layers without an indexer see the tokens that the last layer with one chose."""
    source = ""
    for path, block in blocks:
        if block.kind == "indexer":
            source = path
        elif "shared_index" in block.facts:
            yield Link(source, path, "chosen tokens")


def _shared_keys(blocks: Found) -> Iterator[Link]:
    """Layers without keys and values of their own see those of the last such layer of their reach; latents, with or without positions."""
    sources: dict[object, str] = {}
    for path, block in blocks:
        if block.kind not in ("attention", "latent_attention"):
            continue
        latent = block.kind == "latent_attention"
        kind = (block.value("window"), block.value("position") if latent else None)
        if "shared_kv" in block.facts:
            if kind not in sources:
                raise Refusal(
                    f"{path} has no keys and values of its own, expected an earlier layer of its "
                    "kind that has; check num_kv_shared_layers and layer_types"
                )
            yield Link(sources[kind], path, "keys and values")
        else:
            sources[kind] = path


def _shared_weights(blocks: Found) -> Iterator[Link]:
    """Attention of later layers runs in the weights of the first of its turn."""
    sources: dict[str, str] = {}
    for path, block in blocks:
        if not block.attends or "weight_sets" not in block.facts:
            continue
        first = block.inside[0]
        (weight,) = (tensor for tensor in first.tensors if tensor.role == "weight")
        name = join(join(path, first.name), weight.name)
        if weight.tied_to is None:
            sources[name] = path
        else:
            yield Link(sources[weight.tied_to], path, "weights")


def _memory(blocks: Found) -> Iterator[Link]:
    """Gated memory units read what the last state space that lends it read of its state."""
    source = ""
    for path, block in blocks:
        if block.value("lends_memory"):
            source = path
        elif "shared_memory" in block.facts:
            yield Link(source, path, "memory")


_READERS: Mapping[str, Callable[[Found], Iterator[Link]]] = {
    "shared_index": _shared_indices,
    "shared_kv": _shared_keys,
    "shared_memory": _memory,
    "shortcut": _shortcuts,
    "weight_sets": _shared_weights,
}
"""The flows by the fact that a block states which reads from elsewhere."""
