"""Facts as callouts and papers write them: scales, bases, positions, activations."""

from __future__ import annotations

from math import isclose, isqrt, sqrt

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.mechanisms._mechanism import Callout, callout
from llm_gallery.mechanisms.activation import function
from llm_gallery.mechanisms.facts import term

NOPE, NO_POSITIONS, WITHOUT_POSITIONS = "NoPE", "no positions", "without positions"
NOT_ENCODED = "no positional encoding"
"""What attention without positions is called in figures and tables, beside its block, and in a sentence."""
SLIDING_WINDOW, SWA, CHUNKED = "sliding-window", "SWA", "chunked"
"""What attention that doesn't reach all tokens is called, before its name, and in short."""
WINDOW = "Sliding window"
"""The title of attention that reads only the last tokens."""
DSA = "DSA"
"""What the field calls the choice of single tokens by an indexer."""


def factor_words(scale: object) -> str:
    """A constant factor in digits; nothing where there is none or it is 1."""
    return f"{scale:.4g}" if isinstance(scale, (int, float)) and scale not in (0, 1) else ""


def times(scale: object) -> str:
    """The same as it is written beside a line: "× 0.125"."""
    return f"× {factor}" if (factor := factor_words(scale)) else ""


def times_root(scale: float) -> str:
    """The same of a root: "× √12" where it is a whole number's, which is exact and shorter."""
    square = round(scale * scale)
    told = square != isqrt(square) ** 2 and isclose(scale, sqrt(square), rel_tol=1e-12)
    return f"× √{square:,}" if told else times(scale)


def decimal(fact: Fact) -> str:
    """At most three places."""
    return f"{float(str(fact.value)):.3f}".rstrip("0").rstrip(".")


def rope_base(fact: Fact) -> str:
    """10k, 500k, 1M, 1e11: a rotary base; one that isn't round to four digits, 208.5M."""
    value = float(str(fact.value))
    if value >= 1e9:
        return f"{value:g}".replace("e+", "e")
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size and value / size == round(value / size, 2):
            return f"{value / size:g}{unit}"
    if value >= 1e6:
        return f"{value / 1e6:.4g}M"
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def positions(block: Block) -> list[Callout]:
    """How a mixer knows positions, and how far they are stretched."""
    rows: list[Callout] = []
    if block.value("position") == "none":
        none, of_what = NO_POSITIONS.split(" ", 1)
        rows.append((none, of_what, ("position",)))
    if "extent" in block.facts:
        rows.append(callout(block, "extent", "distances"))
    if "rope_base" in block.facts:
        rows.append((rope_base(block.facts["rope_base"]), "RoPE base", ("rope_base",)))
    if "rope_scaling" in block.facts:
        keys = tuple(key for key in EXTENSION if key in block.facts)
        by, name, first = _stretched(block), _scaling(block), _before(block)
        if by:
            rows.append((by, f"{name}, from {first}" if first else name, keys))
        elif first:
            rows.append((first, f"before {name}", keys))
    for key, name in (("rotated_scale", "rotated scores"), ("score_scale", "scores")):
        if written := times(block.value(key)):
            rows.append((written, name, (key,)))
    return rows


def chosen_on(block: Block, name: str) -> str:
    """What the field calls attention of a name by what it reads and whether it knows positions: "SWA GQA", "DSA on MLA"."""
    words = [SWA] if "window" in block.facts else []
    words += [NOPE] if block.value("position") == "none" else []
    indexer = block.child("indexer")
    whole = indexer is not None and "block_size" in indexer.facts
    chosen = f"{DSA} on " if "selected" in block.facts and not whole else ""
    return chosen + " ".join((*words, name))


def extension(block: Block) -> str:
    """How the context was extended, by how much, and from where: "YaRN × 40 from 4,096"; "" where it wasn't."""
    if "rope_scaling" not in block.facts:
        return ""
    first = _before(block)
    said = _scaling(block), _stretched(block), f"from {first}" if first else ""
    return " ".join(filter(None, said))


def _stretched(block: Block) -> str:
    """By how much: a factor, or the number of a rule that has its own in the place of one; "" where it has a list."""
    if (alpha := dict(block.settings.get("stretch") or ()).get("alpha")) is not None:
        return f"α {alpha:,g}"
    return f"× {decimal(block.facts['rope_factor'])}" if "rope_factor" in block.facts else ""


def _scaling(block: Block) -> str:
    """What stretched the positions is called."""
    scaling = str(block.value("rope_scaling"))
    return _SCALINGS.get(scaling) or term("rope_scaling").worded(scaling) or f"{scaling} RoPE"


def _before(block: Block) -> str:
    """The context before it was extended, where that is known."""
    first = block.value("original_context")
    return f"{first:,}" if isinstance(first, int) else ""


def activation(block: Block) -> str:
    """The activation as it is written in papers."""
    if (gain := block.value("gain")) is not None:
        return f"x σ({gain:.4g} x)"
    return function(str(block.value("activation")))[:12]


EXTENSION = ("rope_scaling", "rope_factor", "original_context")
"""The facts of an extended context."""
_SCALINGS = {"linear": "linear RoPE", "llama3": "Llama 3 RoPE"}
"""Extensions that are called otherwise where no label says what they extend."""
