"""Experts as pictures: a square each, lit where it runs, and beside them those that always run."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import SHARES, unstated_choice
from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._fitting import SMALL, arrow
from llm_gallery.figure.internals._squares import Grid, grid, lit, spread, squares
from llm_gallery.figure.kit.blocks import Node, Sheet, Words, centred
from llm_gallery.figure.kit.shapes import About, Box, Mark
from llm_gallery.figure.kit.text import Content, Span, width
from llm_gallery.mechanisms.activation import mlp_style
from llm_gallery.mechanisms.mlp import nonlinearity
from llm_gallery.mechanisms.router import router_of
from llm_gallery.mechanisms.wording import singular

RIM = 9.0
"""Px between the experts' squares and the edge of their block."""
APART = 18.0
"""Px from the experts to the choices that run none, whose words are broader than they."""
SHARED, UNCOUNTED, NAMED = 28.0, 80.0, 36.0
"""Px that the shared experts' block takes, the routed ones' where they are too many to draw, and the height of one block for all."""


def _mlps(block: Block) -> list[Block]:
    return [child for child in block.inside if "gated" in child.facts]


def expert(block: Block) -> Block:
    """The routed expert: what is stored in many copies."""
    return max(_mlps(block), key=lambda mlp: mlp.copies)


def always(block: Block) -> Block | None:
    """The shared expert, if there is one."""
    routed = expert(block)
    return next((mlp for mlp in _mlps(block) if mlp is not routed), None)


def phrases(expert: Block) -> list[str]:
    """One expert in phrases, the most telling first: its widths, its function, what bounds its gate and its other half."""
    phrases = [arrow(expert.number("width"), expert.number("inner"))]
    plain = expert.value("activation") == "silu" and expert.value("gain") is None
    if not plain:
        phrases.append(nonlinearity(expert) if expert.value("gain") else mlp_style(expert))
    if (most := expert.value("limit")) is not None:
        phrases += [f"gate at most {most:g}", f"up within ± {most:g}"]
    if (on_gate := expert.value("gate_softcap")) is not None:
        phrases.append(f"gate softcap {on_gate:g}")
    if (most := expert.value("up_softcap")) is not None:
        phrases.append(f"up softcap {most:g}")
    if (shift := expert.value("shift")) is not None:
        phrases.append(f"up + {shift:g}")
    return [*phrases, *([mlp_style(expert)] if plain else [])]


def _box(
    lane: float, y: float, wide: float, high: float, about: About | None, *, dashed: bool = False
) -> Node:
    """The block around squares, from its upper edge."""
    x, edge = lane - wide / 2, "moe.edge"
    box = Box(x, y, wide, high, fill="matrix", edge=edge, dashed=dashed, about=about)
    return Node(box, (box,))


def routed(sheet: Board, shown: Grid, lane: float, low: float) -> Node:
    """A square an expert; those that run are lit, those of groups out of the choice are grey.

    One block where a picture beside the drawing has the squares.
    """
    use, block = sheet.use, sheet.use.block
    if use.pictured:
        return _named(sheet, lane, low)
    wide, high = shown.size if shown.countable else (UNCOUNTED, UNCOUNTED / 2)
    about = use.about(expert(block), "one of the routed experts")
    node = sheet.add(_box(lane, low - high - 2 * RIM, wide + 2 * RIM, high + 2 * RIM, about))
    x, y = node.centre
    if not shown.countable:
        many = f"{block.number('experts'):,}"
        sheet.label(x, y + 4, many, role="moe.text", anchor="middle")
        return node
    sheet.put(*choice(block, shown, x, y, "moe.line"))
    return node


def _named(sheet: Board, lane: float, low: float) -> Node:
    """All experts as one block."""
    use = sheet.use
    words = singular(f"{use.block.number('experts'):,} experts")
    wide = width(words, 13, 600) + 28
    about = use.about(expert(use.block), "one of the routed experts")
    box = Box(
        lane - wide / 2, low - NAMED, wide, NAMED, fill="moe.solid", labelled=True, about=about
    )
    return sheet.add(Node(box, (box, *centred(box, "moe.on", Words(4.7, words, 13, 600)))))


def groups(block: Block) -> int:
    """How many groups the router chooses among before it chooses experts; 1 where it doesn't."""
    return block.number("groups") if "groups" in block.facts else 1


def choice(block: Block, shown: Grid, x: float, y: float, role: str) -> Iterator[Mark]:
    """The squares of all experts around (x, y), a cluster a group, and an illustration of what runs for a token, if known."""
    used = block.number("groups_used") if "groups_used" in block.facts else shown.groups
    taken = spread(used, shown.groups)
    yield squares(shown, x, y, "moe.edge", taken)
    if others := [group for group in range(shown.groups) if group not in taken]:
        yield squares(shown, x, y, "hairline", others)
    if unstated_choice(block):
        return
    numbers = [
        taken[i % len(taken)] * shown.each + inside
        for i, inside in enumerate(_inside(block.number("used"), len(taken), shown.each))
    ]
    yield lit(shown, x, y, role, numbers)


def _inside(used: int, groups: int, each: int) -> list[int]:
    """For each lit expert its place in its group; no two of a group share one."""
    rounds = -(-used // groups)
    places = [spread(rounds, each, 0.13 + 0.37 * group) for group in range(groups)]
    return [places[i % groups][i // groups] for i in range(used)]


def shared(sheet: Board, lane: float, beside: Node) -> Node:
    """The experts that every token runs, as high as those beside them."""
    use = sheet.use
    about = use.about(always(use.block), "shared expert")
    node = _box(lane, beside.box.y, SHARED, beside.box.height, about)
    return _squared(sheet, node, use.block.number("shared"), "moe.solid")


IDLE = "norm.edge"
"""The squares of choices that run nothing: greys that are seen on their ground in every theme."""


def idle(sheet: Board, lane: float, beside: Node) -> Node:
    """Choices of the router that run no expert, as high as those that do: close to them, on a lane at most."""
    use = sheet.use
    count = use.block.number("identity_experts")
    lane = min(lane, beside.box.bounds.right + APART + SHARED / 2)
    about = use.facts("choices that run no expert", "identity_experts")
    node = _box(lane, beside.box.y, SHARED, beside.box.height, about, dashed=True)
    _squared(sheet, node, count, IDLE)
    words: Content = (Span(f"{count:,}", 600), " idle")
    sheet.label(lane, node.box.y - 6, words, size=SMALL, anchor="middle")
    return node


def _squared(sheet: Sheet, node: Node, count: int, role: str) -> Node:
    """A block with its squares, as far as they can be seen."""
    shown = grid(1, count, SHARED - 10, node.box.height - 12, 14)
    sheet.add(node)
    if shown.countable:
        sheet.put(squares(shown, *node.centre, role))
    return node


def shared_words(block: Block) -> list[Content]:
    """How many always run, how wide they are where that differs, and what gates them."""
    count = block.number("shared")
    lines: list[Content] = [(Span(f"{count:,}", 600), " shared")] if count else []
    if "shared_inner" in block.facts:
        lines.append(f"{block.number('shared_inner'):,} inner")
    if block.value("shared_gate"):
        lines.append("× σ(gate)")
    if block.value("combined") == SHARES:
        lines.append("× its share")
    router = router_of(block)
    if router is not None and count and router.number("outputs") == block.number("experts") + count:
        lines.append("weighed too")
    return lines
