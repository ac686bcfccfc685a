"""An architecture as JSON and back: versioned, without loss; equal layers are written once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

from llm_gallery.architecture.block import Architecture, Block, Link, Tensor
from llm_gallery.architecture.fact import Evidence, Fact
from llm_gallery.architecture.kinds import TRAITS
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.architecture.roles import roles

VERSION = 2

Json = dict[str, Any]


def to_json(architecture: Architecture) -> Json:
    """Plain dicts, lists and scalars: `blocks` holds each distinct block, the others point into it."""
    table = _Table()
    root = table.index(architecture.root)
    return {
        "version": VERSION,
        "model_type": architecture.model_type,
        "root": root,
        "blocks": table.rows,
        "links": [[link.source, link.target, link.flow] for link in architecture.links],
        "unread": list(architecture.unread),
        "assumed": list(architecture.assumed),
        "warnings": list(architecture.warnings),
        "guess": architecture.guess,
        "uncounted": list(architecture.uncounted),
        "canvas": architecture.canvas,
    }


def from_json(data: Mapping[str, Any]) -> Architecture:
    """The architecture that `to_json` wrote. Raises Refusal for another version or a broken file."""
    version = data.get("version")
    if version != VERSION:
        raise Refusal(
            f"the architecture has version {version!r}, expected {VERSION}; write it anew"
        )
    try:
        blocks: list[Block] = []
        for row in data["blocks"]:
            blocks.append(_block(row, blocks))
        return Architecture(
            data["model_type"],
            blocks[data["root"]],
            tuple(Link(*link) for link in data["links"]),
            tuple(data["unread"]),
            tuple(data["assumed"]),
            tuple(data["warnings"]),
            data.get("guess", ""),
            tuple(data.get("uncounted", ())),
        )
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise Refusal(
            f"the architecture's JSON is broken at {error}, expected what schema.to_json writes"
        ) from error


class _Table:
    """Blocks by identity, each row after the rows it points to."""

    def __init__(self) -> None:
        self.rows: list[Json] = []
        self.seen: dict[int, int] = {}

    def index(self, block: Block) -> int:
        if id(block) not in self.seen:
            inside = [self.index(part) for part in block.inside]
            self.rows.append(_row(block, inside))
            self.seen[id(block)] = len(self.rows) - 1
        return self.seen[id(block)]


def _row(block: Block, inside: list[int]) -> Json:
    row: Json = {"kind": block.kind, "name": block.name}
    if block.facts:
        row["facts"] = {
            name: [fact.value, fact.evidence, fact.source] for name, fact in block.facts.items()
        }
    if block.tensors:
        row["tensors"] = [[t.name, list(t.shape), t.tied_to, *_last(t)] for t in block.tensors]
    if inside:
        row["inside"] = inside
    if block.copies != 1 or block.used != 1 or block.stacked:
        row["copies"] = [block.copies, block.used, block.stacked]
    if block.table:
        row["table"] = [block.table, block.read]
    if block.roles:
        row["roles"] = list(block.roles)
    if block.settings:
        row["settings"] = dict(block.settings)
    return row


def _last(tensor: Tensor) -> list[str]:
    """What few tensors state: a role, and a name of their own."""
    if tensor.stored_as:
        return [tensor.role, tensor.stored_as]
    return [tensor.role] if tensor.role else []


def _block(row: Mapping[str, Any], blocks: list[Block]) -> Block:
    copies, used, stacked = row.get("copies", (1, 1, False))
    table, read = row.get("table", (0, 0))
    return Block(
        _kind(row["kind"]),
        row["name"],
        {
            name: Fact(v, _evidence(e), source)
            for name, (v, e, source) in row.get("facts", {}).items()
        },
        tuple(Tensor(name, tuple(shape), *rest) for name, shape, *rest in row.get("tensors", ())),
        tuple(blocks[index] for index in row.get("inside", ())),
        copies,
        used,
        stacked,
        table,
        read,
        roles(tuple(row.get("roles", ()))),
        row.get("settings", {}),
    )


def _kind(word: str) -> str:
    if not TRAITS[word]:
        raise ValueError(f"kind {word!r}")
    return word


def _evidence(word: str) -> Evidence:
    if word not in get_args(Evidence):
        raise ValueError(f"evidence {word!r}")
    return cast(Evidence, word)
