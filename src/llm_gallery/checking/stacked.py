"""Experts in stacks where the release has them one by one, and the other way round: the same matrices, stored otherwise.

transformers 5 keeps experts in memory as `experts.gate_up_proj` (experts, 2 x inner, width) and `experts.down_proj`
(experts, width, inner); saving undoes that unless told not to (`save_original_format=False`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from llm_gallery.checking.described import DescribedTensor
from llm_gallery.checking.matrix import Matrix

SINGLE = re.compile(r"(.+\.experts)\.(\d+)\.(\w+)\.weight", re.ASCII)
ROLES = {"gate_proj": "gate", "w1": "gate", "up_proj": "up", "w3": "up", "down_proj": "down", "w2": "down"}  # fmt: skip
"""What a matrix of an expert is for, by its name."""
STACKS = {"gate_up_proj": ("gate", "up"), "gate_proj": ("gate",), "up_proj": ("up",), "down_proj": ("down",)}  # fmt: skip
"""Whose rows a stack's matrices have below one another."""
Described = Mapping[str, DescribedTensor]
Shape = tuple[int, ...]


def restacked(held: Mapping[str, Matrix], wanted: Described) -> tuple[Described, str]:
    """The described tensors, experts of them as they are stored, and how a report says it."""
    lacking = [name for name in wanted if ".experts." in name and name not in held]
    if not lacking:
        return wanted, ""
    stacks = dict(_stacks(held, {name: wanted[name] for name in lacking}))
    if stacks:
        gone = {name: stack for stack, (names, _) in stacks.items() for name in names}
        made = {
            gone.get(name, name): stacks[gone[name]][1] if name in gone else tensor
            for name, tensor in wanted.items()
        }
        return made, "experts are read as stacks of one tensor for all"
    singles = dict(_singles(held, {name: wanted[name] for name in lacking}))
    if not singles:
        return wanted, ""
    made = {}
    for name, tensor in wanted.items():
        made.update(singles.get(name, {name: tensor}))
    return made, "experts are read as one tensor for each"


def _stacks(
    held: Mapping[str, Matrix], lacking: Described
) -> Iterator[tuple[str, tuple[list[str], DescribedTensor]]]:
    """Stored stacks of experts that are described one by one: their names, and what a stack is."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in lacking:
        if (found := SINGLE.fullmatch(name)) and found[3] in ROLES:
            rows[found[1], ROLES[found[3]]].append(name)
    for prefix in dict.fromkeys(prefix for prefix, _ in rows):
        for word, roles in STACKS.items():
            stack = f"{prefix}.{word}"
            if stack not in held or not all((prefix, role) in rows for role in roles):
                continue
            names = [name for role in roles for name in rows[prefix, role]]
            shapes = [lacking[rows[prefix, role][0]].shape for role in roles]
            if len({shape[1:] for shape in shapes}) == 1:
                shape = (len(names) // len(roles), sum(s[0] for s in shapes), *shapes[0][1:])
                yield stack, (names, lacking[names[0]]._replace(shape=shape))


def _singles(held: Mapping[str, Matrix], lacking: Described) -> Iterator[tuple[str, Described]]:
    """Described stacks whose experts are stored one by one: what takes the place of each."""
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for name in held:
        if (found := SINGLE.fullmatch(name)) and found[3] in ROLES:
            words[found[1]].setdefault(ROLES[found[3]], found[3])
    for name, tensor in lacking.items():
        prefix, _, word = name.rpartition(".")
        down = lacking.get(f"{prefix}.down_proj")
        first = lacking.get(f"{prefix}.gate_up_proj") or lacking.get(f"{prefix}.up_proj")
        roles = STACKS.get(word, ())
        if down is None or first is None or not roles or not {*roles} <= {*words[prefix]}:
            continue
        shape = _of_an_expert(tensor.shape, len(roles), turned=_turned(first.shape, down.shape))
        yield (
            name,
            {
                f"{prefix}.{expert}.{words[prefix][role]}.weight": tensor._replace(shape=shape)
                for expert in range(tensor.shape[0])
                for role in roles
            },
        )


def _turned(first: Shape, down: Shape) -> bool:
    """Whether stacks have inputs before outputs: the width is then the first's rows and the second's columns."""
    return first[1] == down[2] and first[2] in (down[1], 2 * down[1])


def _of_an_expert(stack: Shape, parts: int, *, turned: bool) -> Shape:
    """(outputs, inputs) of a matrix of one expert."""
    outputs, inputs = (stack[2], stack[1]) if turned else (stack[1], stack[2])
    return outputs // parts, inputs
