"""How attention chooses blocks by the means of their keys, as a drawing below the attention that reads them.

Paper: https://arxiv.org/abs/2509.24663
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import MARGIN, Board
from llm_gallery.figure.internals._fitting import ON_HERO, SIZES, on_hero
from llm_gallery.figure.internals._lanes import lanes
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import PILL, Node, pill
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.text import fit, formula
from llm_gallery.mechanisms.attended import COARSER
from llm_gallery.mechanisms.colour import MIXING
from llm_gallery.mechanisms.wording import root

BROADEST = 210.0
SQUARES, LAST = 24, 5
"""Blocks of the row, and those before the token among them: as many as show what is done, whatever the text's length."""
BEST = (5, 8, 13, 16)
"""Those of the others that score best: an illustration."""
MOST, SIDE = 480.0, 0.76
"""Px of the row at most, and a square's share of its place."""
TITLED = 20.0
"""Px over the row, in which the title stands."""


def chosen(use: Use) -> str:
    """Which blocks attention sees, in the words of its own block; nothing where it sees all."""
    block = _choosing(use)
    return "" if block is None else f"over the tokens of {block.number('sparse_blocks'):,} blocks"


def symbols(use: Use) -> tuple[str, ...]:
    """What stands in the formula of the score, a phrase each."""
    block = _choosing(use)
    if block is None:
        return ()
    coarse = COARSER * block.number("sparse_means")
    return (f"_Z_: the sum of the same over means of {coarse:,} keys",)


def below(above: Board) -> float:
    """Puts the choice under an attention's drawing that makes it; gives back the height that it takes."""
    use = above.use
    block = _choosing(use)
    if block is None:
        return 0.0
    sheet = Board(use=use, colour=above.colour)
    tall = _drawing(sheet, block)
    start, many, size = (block.number(f"sparse_{name}") for name in ("from", "blocks", "block"))
    note = f"{many:,} of {size:,} tokens" + (f", from {start:,} on" if start > 1 else "")
    return above.set_over(sheet, tall, "Choice of blocks", note)


def _drawing(sheet: Board, block: Block) -> float:
    use, colour = sheet.use, sheet.colour
    streams = lanes(sheet, ["q", "k"], BROADEST)
    streams.enter("q", "queries")
    streams.enter("k", "kept keys")
    means, every = block.number("sparse_means"), block.number("sparse_every")
    said = f"{means:,} keys → 1"
    forms = ((said, f"mean, every {every:,}"), (said, "mean"), (f"{means:,} → 1", ""))
    about = use.facts("means of keys", "sparse_means", "sparse_every")
    streams.pill("k", forms, MIXING, y=sheet.spacing.first, about=about)
    about = use.facts("score of each block", "sparse_block", "heads", "kv_heads", "head_dim")
    node = streams.over(["q", "k"], high=50, gap=15, about=about)
    divided = f" / {root(block.number('scale_dim'))}" if block.number("scale_dim") > 1 else ""
    on_hero(sheet, node, -7, formula(f"score = Σ exp( _q k_^T^{divided} ) / _Z_"), colour)
    together, size = block.number("heads") // block.number("kv_heads"), block.number("sparse_block")
    best = f"the best mean of {size:,} tokens"
    lower = (f"{best}, {together:,} queries together", f"{best}, {together:,} queries", best)
    if fitted := fit(lower, node.box.width - ON_HERO, SIZES):
        on_hero(sheet, node, 13, fitted[0], colour, size=fitted[1])
    return _row(sheet, node, block)


def _row(sheet: Board, score: Node, block: Block) -> float:
    """Blocks of a long text, and which of them are read: some by their place, the others by their score."""
    colour, wide = sheet.colour, min(MOST, sheet.use.width - 2 * MARGIN)
    left, pitch = score.top.x - wide / 2, wide / SQUARES
    first, before = (int(str(block.settings[f"{name}_blocks"])) for name in ("first", "last"))
    own = before + 1
    best = block.number("sparse_blocks") - first - own
    about = sheet.use.facts("blocks read", "sparse_blocks", "sparse_block", "sparse_from")
    y = score.top.y - sheet.spacing.gap - 8 - PILL / 2
    each = wide * 0.27
    words = (
        (left + each / 2, "the first" if first == 1 else f"first {first:,}", range(1)),
        (score.top.x, f"{best:,} best", BEST),
        (left + wide - each / 2, f"last {own:,}", range(SQUARES - LAST, SQUARES)),
    )
    bus, low = y - PILL / 2 - 8, y - PILL / 2 - 16
    lit = set[int]()
    for x, said, read in words if first else words[1:]:
        node = sheet.add(pill(x, y, said, colour, wide=each, about=about))
        if read is BEST:
            sheet.wire(score.top, node.bottom)
        ends = [Point(left + (at + SIDE / 2) * pitch, low) for at in read]
        start = node.top if len(ends) > 1 else Point(ends[0].x, node.top.y)
        for end in ends:
            corner = () if end.x == start.x else (Point(start.x, bus), Point(end.x, bus))
            sheet.wire(start, *corner, end, arrow=False, role=f"{colour}.line")
        lit |= {*read}
    side = SIDE * pitch
    for at in range(SQUARES):
        fill = f"{colour}.solid" if at in lit else f"{colour}.40"
        sheet.put(Box(left + at * pitch, low - side, side, side, radius=1, fill=fill, open=True))
    return TITLED + side - low


def _chooses(block: Block) -> bool:
    return "sparse_from" in block.facts


def _choosing(use: Use) -> Block | None:
    return next((block for block, _ in use.variants if _chooses(block)), None)
