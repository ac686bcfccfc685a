"""A published `modeling_*.py` read as text for what it says of a model; nothing in it is executed.

The parts that its classes make have the names that the checkpoint's tensors have, so they are compared with a
family's tensors; what it imports from transformers' models says whom it is made after.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, fields

from llm_gallery.architecture.block import Block, tensors, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._registry import keys

LARGEST = 2 * 2**20
"""Characters that are read; the longest in transformers has 300,000."""
MODELS = "transformers.models."
MADE = re.compile(r"(^|_)[A-Z]")
"""How the name of a class begins, in `self.q_proj = nn.Linear(...)`."""
AHEAD = "multi_token_prediction"
"""Modules that a checkpoint may hold and that modeling files leave out."""
LEAVES = frozenset({"weight", "bias"})
NORMS = {"rmsnorm": "rms_norm", "layernorm": "layer_norm"}
"""Words in the names of norms' classes, and the kinds of norms that blocks are."""
UNSTORED = re.compile(
    r"(^|_)(act(_fn|ivation(_fn)?)?|dropout|loss\w*|rotary\w*|rope|drop\w*|inv_freq|config|cache)$|^mask"
)
"""Names of parts that store nothing: functions, angles, losses."""


@dataclass(frozen=True, slots=True)
class Modeling:
    """The names in a modeling file."""

    parts: frozenset[str]  # of modules and parameters, as `self.` has them
    norms: frozenset[str]  # kinds
    after: frozenset[str]  # model types whose classes it imports or inherits
    keys: frozenset[str]  # of the config, as it reads them


def modeling(text: str) -> Modeling:
    """The names in the text of a file. Raises Refusal where it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Refusal(
            "the modeling file beside the config is no Python, expected a module; remove it, or get it again"
        ) from None
    parts, norms, after, read = set[str](), set[str](), set[str](), set[str]()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)],
                value=ast.Call() as call,
            ) if MADE.search(_called(call)):
                parts.add(name)
            case ast.Call() if MADE.search(_called(node)):
                norms |= _norms(_called(node))
            case ast.ImportFrom(module=str(module)) if MODELS in f"transformers.{module}.":
                after |= _after(module)
            case ast.Attribute(
                value=ast.Name(id="config") | ast.Attribute(attr="config"), attr=key
            ):
                read.add(key)
    stored = {name for name in parts - LEAVES if not UNSTORED.search(name)}
    return Modeling(frozenset(stored), frozenset(norms), frozenset(after), frozenset(read))


def likeness(file: Modeling, root: Block, family: str) -> float:
    """How far a tree has the parts that a file has: common names among all names of both, 0 to 1.

    The keys of the config count as names too, and the family, which the file may import.
    """
    known, read = {field.name for field in fields(keys(family))}, file.keys - IGNORED
    ours = _named(root) | _kinds(root) | {f"config.{key}" for key in known} | {family}
    theirs = file.parts | file.norms | {f"config.{key}" for key in read}
    theirs |= file.after & {family}
    return len(ours & theirs) / len(ours | theirs)


def unlike(file: Modeling, root: Block) -> tuple[list[str], list[str]]:
    """The parts that only the file has, and those that only the tree has, in alphabetical order."""
    ours = _named(root)
    return sorted(file.parts - ours), sorted(ours - file.parts)


def _named(root: Block) -> set[str]:
    """The words of the tensors' names that are no numbers."""
    blocks = [block for block in root.inside if block.kind != AHEAD]
    words = {
        word for block in blocks for tensor in tensors(block) for word in tensor.name.split(".")
    }
    return {word for word in words if not word.isdecimal()} - LEAVES


def _kinds(root: Block) -> set[str]:
    return {block.kind for _, block in walk(root)} & {*NORMS.values()}


def _called(call: ast.Call) -> str:
    """The last word of what is called: Linear of nn.Linear(...)."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _norms(name: str) -> set[str]:
    """The kind of norm that a class is, by its name."""
    return set([kind for word, kind in NORMS.items() if word in name.lower()][:1])


def _after(module: str) -> set[str]:
    """The model type in transformers.models.llama.modeling_llama."""
    match = re.search(r"(?:^|\.)models\.(\w+)", module)
    return {match[1]} if match else set()
