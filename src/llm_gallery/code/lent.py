"""What several layers share, in a printed file: the names under which a checkpoint stores it once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llm_gallery.architecture.block import Block, join, stack_path, walk

STORED_AS = '''\
def stored_as(name: str) -> str:
    """The name under which the checkpoint has an array that several layers share, or an adapter of one of them."""
    for path, other in LENT.items():
        if f"{name}.".startswith(f"{path}."):
            return other + name.removeprefix(path)
    return name
'''


def lent(root: Block) -> Mapping[str, str]:
    """Paths below which a layer's arrays have other names, the longest first, and the path that stands in theirs."""
    found = {ours: theirs for ours, theirs in _paths(root) if ours != theirs}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _paths(root: Block) -> Iterator[tuple[str, str]]:
    layers = f"{stack_path(root)}."
    for path, block in walk(root):
        if block.kind == "state_sum":  # that is read before the layers
            continue
        for tensor in block.tensors:
            stored = tensor.stored_as or (tensor.tied_to if path.startswith(layers) else None)
            if stored is not None:
                yield _shortest(join(path, tensor.name), stored, layers.count(".") + 1)


def _shortest(ours: str, theirs: str, least: int) -> tuple[str, str]:
    """Both without the segments that they end with in common; a part of a layer, or a layer of so many segments."""
    one, other = ours.split("."), theirs.split(".")
    while (
        len(one) > least
        and one[-1] == other[-1]
        and (one[-2] == other[-2] or not one[-2].isdecimal())
    ):
        one.pop()
        other.pop()
    return ".".join(one), ".".join(other)


def names(root: Block) -> Iterator[str]:
    """What a file says of them: nothing, or a table and who looks it up."""
    if found := lent(root):
        rows = "".join(f"    {ours!r}: {theirs!r},\n" for ours, theirs in found.items())
        yield f"LENT = {{\n{rows}}}\n\n\n{STORED_AS}"
