"""Terms that several mechanisms have in common, in the words of a figure's legend; each names those that it has."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A word or a sign of figures, and what it means in a plain line."""

    term: str
    meaning: str


SOFTMAX = Term("Softmax", "Makes shares of scores: they are positive and add up to 1.")
SCORES = (
    Term(
        "q, k, v",
        "Query, key and value: a query is compared with keys, and what fits is read as values.",
    ),
    Term(
        "Query heads",
        "Attention runs many times side by side; each time is a head, with queries of its own.",
    ),
    SOFTMAX,
    Term(
        "q · k / √128",
        "Every score: the product of query and key, divided so that it stays in range.",
    ),
)
"""Of attention."""
STATE = Term("State", "What a layer keeps of the past in numbers that don't grow.")
MATRIX = (STATE, Term("S", "The state of a head: a matrix of numbers."))
FADING = (*MATRIX, Term("α, λ", "How much of the state stays from one token to the next."))
CORRECTED = Term("β", "How strongly a token corrects the state.")
MAMBA = (
    STATE,
    Term(
        "h, A, B, C, Δ",
        "Mamba's state, how it fades, what is written, what is read, and how large a step is.",
    ),
)
INNER = Term("Inner width", "How many numbers an MLP works on between its matrices.")
ACTIVATION = Term(
    "SiLU, GELU, ReLU", "Functions that let large numbers pass and stop negative ones."
)
