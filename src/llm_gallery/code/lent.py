"""What several layers share, in a printed file: the names under which a checkpoint stores it once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llm_gallery.architecture.block import Block, distinct, join, main_stack, stack_path, walk

START = "start"
"""The role of what a state is before a layer wrote it, which is read before the layers."""
STORED_AS = '''\
def stored_as(name: str) -> str:
    """The name under which the checkpoint has an array that several layers share, or an adapter of one of them."""
'''
OF_ALL = """\
    if (own := name.rpartition(".")[2]) in OF_EVERY_LAYER:
        return OF_EVERY_LAYER[own]
"""
OF_SOME = """\
    for path, other in LENT.items():
        if f"{name}.".startswith(f"{path}."):
            return other + name.removeprefix(path)
"""


def of_all(root: Block) -> Mapping[str, str]:
    """Names of arrays that stand in many parts and are one, and what a checkpoint calls it."""
    found: dict[str, set[str]] = {}
    tied = set()
    for block in distinct(root):
        for tensor in block.tensors:
            found.setdefault(tensor.name, set()).add(tensor.stored_as or "")
            tied |= {tensor.name} if tensor.run_before else set()
    one = {name: stored.pop() for name, stored in found.items() if len(stored) == 1}
    return {name: stored for name, stored in one.items() if stored and name in tied}


def lent_paths(root: Block) -> Mapping[str, str]:
    """Paths below which a layer's arrays have other names, the longest first, and the path that stands in theirs."""
    found: dict[str, str] = {}
    least = f"{stack_path(root)}.".count(".") + 1
    names = [*_names(root)]
    kept = {path for ours, theirs in names if theirs == ours for path in _above(ours)}
    for ours, theirs in names:
        for path, other in reversed([*_shortened(ours, theirs, least)]):
            if path not in kept and found.setdefault(path, other) == other:
                break  # a shorter path may stand for another already, and the longest that fits is taken
    different = {ours: theirs for ours, theirs in found.items() if ours != theirs}
    return dict(sorted(different.items(), key=lambda pair: -len(pair[0])))


def _names(root: Block) -> Iterator[tuple[str, str]]:
    """The name of each array, and the one that the checkpoint has: another where it stands elsewhere."""
    layers, known = f"{stack_path(root)}.", of_all(root)
    for path, block in walk(root) if _lends(root) else ():
        for tensor in block.tensors:
            if tensor.name in known or tensor.role == START:
                continue
            stored = tensor.stored_as or (tensor.tied_to if path.startswith(layers) else None)
            yield join(path, tensor.name), stored or join(path, tensor.name)


def _above(name: str) -> Iterator[str]:
    """All paths that a name lies below."""
    while name:
        name = name.rpartition(".")[0]
        yield name


def _lends(root: Block) -> bool:
    """Whether anything but an end of the model has another's array: to look for it, all paths are made."""
    stack = main_stack(root)
    stored = (tensor.stored_as for block in distinct(root) for tensor in block.tensors)
    tied = (tensor.tied_to for block in distinct(stack or root) for tensor in block.tensors)
    return any(stored) or any(tied)


def _shortened(ours: str, theirs: str, least: int) -> Iterator[tuple[str, str]]:
    """Both without more and more of the segments that they end with in common; at last a part of a layer, or a layer of so
    many segments.
    """
    one, other = ours.split("."), theirs.split(".")
    yield ours, theirs
    while (
        len(one) > least
        and one[-1] == other[-1]
        and (one[-2] == other[-2] or not one[-2].isdecimal())
    ):
        one.pop()
        other.pop()
        yield ".".join(one), ".".join(other)


def names(root: Block) -> Iterator[str]:
    """What a file says of them: nothing, or a table and who looks it up."""
    tables = {"OF_EVERY_LAYER": (of_all(root), OF_ALL), "LENT": (lent_paths(root), OF_SOME)}
    held = {table: pair for table, pair in tables.items() if pair[0]}
    if held:
        said = "\n".join(_table(name, rows) for name, (rows, _) in held.items())
        looked_up = "".join(code for _, code in held.values())
        yield f"{said}\n\n{STORED_AS}{looked_up}    return name\n"


def _table(name: str, rows: Mapping[str, str]) -> str:
    said = "".join(f"    {ours!r}: {theirs!r},\n" for ours, theirs in rows.items())
    return f"{name} = {{\n{said}}}\n"
