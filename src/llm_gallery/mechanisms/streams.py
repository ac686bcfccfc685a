"""How branches read several residual streams and write to them, as drawings: one for each way that a stack names."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import ALTERNATING, GATED_STREAMS, HYPER
from llm_gallery.mechanisms.stream_drawing import Forms, StreamDrawing, StreamMap, StreamSign


def count(block: Block) -> str:
    """How many streams there are."""
    return f"{block.number('streams'):,}"


def square(block: Block) -> str:
    """How many weights mix them."""
    return f"{count(block)} × {count(block)}"


def rounds(block: Block) -> str:
    """How often rows and columns are brought to a sum of 1."""
    return f", {block.number('rounds'):,} rounds" if "rounds" in block.facts else ""


def written_by(block: Block) -> str:
    """What makes the weights by which a branch is written: twice a sigmoid where the block states no other bound."""
    most = block.settings.get("magnitude", 2)
    return "sigmoid" if most == 1 else f"{most:g} × sigmoid"


def mixes(block: Block) -> bool:
    """Whether streams mix beside a branch."""
    return "mixing" in block.facts


def writing(block: Block) -> Forms:
    """What makes the weights of what is written."""
    return (written_by(block), f"{count(block)} to write"), (written_by(block), "")


def mixing(block: Block) -> Forms:
    """What makes the weights by which streams mix."""
    notes = f"{square(block)}{rounds(block)}", square(block), ""
    return tuple(("Sinkhorn", note) for note in notes)


HYPER_CONNECTIONS = StreamDrawing(
    title="Hyper-connections",
    high=306,
    signs=(
        StreamSign(
            "+",
            0,
            "Write",
            (
                lambda block: f"{count(block)} weights, {written_by(block)}",
                "one result, to all streams",
            ),
            writing,
        ),
        StreamSign(
            "×",
            54,
            "Mix",
            (
                lambda block: f"{square(block)}, rows and columns",
                lambda block: f"sum to 1 (Sinkhorn{rounds(block)})",
            ),
            mixing,
            facts=("mixing", "rounds"),
            where=mixes,
        ),
        StreamSign(
            "",
            108,
            "Read",
            (lambda block: f"{count(block)} weights, sigmoid", "a weighted sum of all streams"),
            lambda block: (("sigmoid", f"{count(block)} to read"),),
        ),
    ),
    maps=(StreamMap(),),
    taken="weighted sum",
    given="times weights",
    formulas=lambda block: (
        "_x_~i~ ← Σ~j~ _M_~ij~ _x_~j~" if mixes(block) else "_x_~i~ ← _x_~i~",
        "+ _w_~i~ branch( Σ~j~ _r_~j~ _x_~j~ )",
    ),
    words=lambda block: (
        "The weights are made anew for each token. Rows and columns of M each sum to 1, so that mixing neither adds "
        "nor loses."
        if mixes(block)
        else "The weights are made anew for each token. The streams don't mix with one another."
    ),
    mixed=mixes,
)
"""Paper: https://arxiv.org/abs/2512.24880"""

GATED = StreamDrawing(
    title="Gated streams",
    high=330,
    signs=(
        StreamSign(
            "+",
            0,
            "Write",
            (lambda block: f"{count(block)} gates, 2 × sigmoid", "one result, to each its share"),
            lambda block: (("2 × sigmoid", "{shape}"), ("2 × sigmoid", "")),
            role="write",
        ),
        StreamSign(
            "",
            92,
            "Read",
            ("a gate a channel, sigmoid", "mean of normed, gated streams"),
            lambda block: (("sigmoid", ""),),
            gate=True,
        ),
    ),
    maps=(
        StreamMap("read_down", slanted="narrowing", then="SiLU"),
        StreamMap("read", slanted="widening"),
    ),
    taken="gated mean",
    given="times gates",
    formulas=lambda block: ("_x_~i~ ← _x_~i~", "+ _w_~i~ branch( mean~j~ _g_~j~ norm(_x_~j~) )"),
    words="Gates are made anew for each token: one for each channel of each stream to read, one for each stream to "
    "write. The streams don't mix with one another.",
)
"""Report: https://github.com/QwenLM/Qwen3.8-Flash-Next/blob/main/tech_report.pdf"""

ALTERNATING_UPDATES = StreamDrawing(
    title="Alternating updates",
    high=318,
    signs=(
        StreamSign(
            "+",
            0,
            "Correct",
            (lambda block: f"{count(block)} shares", "of what the layer changed"),
            lambda block: (("1 + shares", count(block)),),
            role="correct",
        ),
        StreamSign("", 84, "Work", ("one layer", "on the first stream"), first=True),
        StreamSign(
            "×",
            120,
            "Guess",
            (lambda block: f"{square(block)} weights", "each stream from all"),
            lambda block: (("maps", square(block)),),
            role="predict",
        ),
    ),
    maps=(StreamMap("modality", "tanh"),),
    of_first=True,
    branch="layer",
    formulas=lambda block: (
        "_x_~i~ ← _x_~i~ + Σ~j~ _M_~ij~ _x_~j~",
        "_x_~i~ ← _x_~i~ + _w_~i~ ( layer( _x_~1~ ) − _x_~1~ )",
    ),
    words="Maps and shares are made anew for each token: of the first stream before the layer, of what the layer gives "
    "after it. Only one stream is worked on.",
    place="a layer",
)
"""Paper: https://arxiv.org/abs/2301.13310"""

DRAWINGS: Mapping[str, StreamDrawing] = {
    HYPER: HYPER_CONNECTIONS,
    GATED_STREAMS: GATED,
    ALTERNATING: ALTERNATING_UPDATES,
}
"""The drawing of each way that is several streams with weights, as a stack names it."""
