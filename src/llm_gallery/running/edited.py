"""What a reader's change of a printed function moves: its output on the same inputs, the scores, what is kept.

It needs nothing but numpy: a lesson's page runs it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from typing import Any

import numpy as np

from llm_gallery.running import draws
from llm_gallery.running.program import Array, Program, Wrong

CLOSE = 1e-10
"""Of the largest score: what float64 loses at most where the same is added in another order, through all layers.

Of the catalog's miniatures Ornith 1.5's lose the most, 2e-12; what is kept wrongly moves the scores by parts of ten.
"""
PRINTED = 2_000
"""Characters of what the code prints."""
ROWS, CHANNELS, PANELS = 64, 256, 8
"""Of an array that is drawn: the most of each."""
OUTPUT, SHARES = "output", "p"
"""What a function gives; what attention calls the share of each token, which tells more."""


class Session:
    """A printed function on the miniature that it was printed for; `data` is what `site/run_in_page.py` writes."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        arrays = {name: draws.numbers(name, shape) for name, shape in data["arrays"].items()}
        whole = {name: draws.whole(name, *one) for name, one in data["whole"].items()}
        self.arrays: dict[str, Array] = {**arrays, **whole}
        self.tokens = draws.text(*data["tokens"])
        self.printed = self._program(data["code"])
        self.scores, self.past = self.printed.noted(self.tokens)
        self.calls = list(self.printed.calls)
        if not self.calls:
            raise Wrong(f"the model never calls {data['function']}")
        self.shown = self.calls[data["call"]]
        self.printed.again(self.shown, self.printed, look=True)
        self.views = {OUTPUT: leaves(self.shown.gave)[0], **self.printed.seen}
        wanted = (data["look"], SHARES, OUTPUT)
        self.look = next(name for name in wanted if name in self.views)
        self.yours: Program | None = None
        self.own_views: Mapping[str, Array] = {}

    def _program(self, code: str) -> Program:
        drafts = self.data.get("drafts", False)
        return Program(self.data["file"], code, self.data["function"], self.arrays, drafts=drafts)

    def run(self, code: str) -> dict[str, Any]:
        """What the code gives beside the printed one; where it gives nothing, `failed` says why and in which line."""
        said = io.StringIO()
        try:
            with redirect_stdout(said), set_back():
                return self._compared(code) | {"printed": said.getvalue()[:PRINTED]}
        except Wrong as wrong:
            failed = {"line": wrong.line, "said": wrong.said}
            return {"failed": failed, "printed": said.getvalue()[:PRINTED]}

    def _compared(self, code: str) -> dict[str, Any]:
        self.yours = None
        yours = self._program(code)
        shown, moved, largest, same = self.views[OUTPUT], 0.0, 0.0, True
        for call in self.calls:
            output, *held = leaves(call.gave)
            own, *own_held = leaves(yours.again(call, self.printed, look=call is self.shown))
            if call is self.shown:
                shown = own
            moved, largest = max(moved, apart([output], [own])), max(largest, size(output))
            same = same and apart(held, own_held) == 0
        scores, past = yours.scores(self.tokens)
        if scores.shape != self.scores.shape:
            raise Wrong(f"the scores are {said(scores)}, expected {said(self.scores)}")
        self.yours = yours
        self.own_views = {OUTPUT: shown, **yours.seen}
        likeliest = scores.argmax(axis=-1) != self.scores.argmax(axis=-1)
        return {
            "calls": len(self.calls),
            "shape": {"printed": list(self.views[OUTPUT].shape), "yours": list(shown.shape)},
            "output": {"moved": number(moved), "largest": largest},
            "scores": {
                "moved": number(apart([self.scores], [scores])),
                "largest": size(self.scores),
                "likeliest": int(likeliest.sum()),
                "tokens": len(self.scores),
            },
            "kept": {"printed": numbers_kept(self.past), "yours": numbers_kept(past), "same": same},
            "views": [*self.views],
            "look": self.look,
        }

    def check(self) -> dict[str, Any]:
        """Whether the code that ran last gives one token after another what it gives all at once.

        Where each token sees those after it, none stands alone, and there is nothing to compare.
        """
        if self.yours is None:
            raise Wrong("nothing has run")
        if self.data.get("at_once"):
            return {"at_once": True}
        try:
            with set_back():
                at_once = self.yours.scores(self.tokens)[0]
                single = self.yours.scores(self.tokens, apart=True)[0]
        except Wrong as wrong:
            return {"failed": {"line": wrong.line, "said": wrong.said}}
        moved = apart([at_once], [single])
        largest = size(at_once)
        return {
            "moved": number(moved),
            "largest": largest,
            "agree": bool(moved < CLOSE * largest),
        }

    def view(self, name: str) -> dict[str, Any]:
        """An array of the shown call as panels of rows, as printed and as the reader's code has it."""
        return {
            "shape": list(self.views[name].shape),
            "printed": panels(self.views[name], len(self.scores)),
            "yours": panels(self.own_views[name], len(self.scores))
            if name in self.own_views
            else None,
        }


@contextmanager
def set_back() -> Iterator[None]:
    """What code inside sets in numpy or among the builtins has its value again: a page's Python runs other lessons, too."""
    names = [name for name in sys.modules if name.partition(".")[0] in ("builtins", "numpy")]
    before = [(vars(sys.modules[name]), dict(vars(sys.modules[name]))) for name in names]
    try:
        yield
    finally:
        for held, values in before:
            held.update(values)


def leaves(value: Any) -> list[Array]:
    """The arrays of what a function gives, its output first."""
    return [*_leaves(value)] or [np.zeros(0)]


def _leaves(value: Any) -> Iterator[Array]:
    if isinstance(value, np.ndarray | np.generic | float | int):
        yield np.asarray(value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)


def apart(printed: list[Array], yours: list[Array]) -> float:
    """The largest difference of two lists of arrays; infinite where shapes differ or a number is none."""
    if [one.shape for one in printed] != [one.shape for one in yours]:
        return float("inf")
    most = 0.0
    for one, other in zip(printed, yours, strict=True):
        with np.errstate(all="ignore"):
            far = np.abs(one.astype(float) - other.astype(float))
            far = np.where((one == other) | (np.isnan(one) & np.isnan(other)), 0, far)
        most = max(most, float(np.where(np.isnan(far), np.inf, far).max(initial=0)))
    return most


def size(array: Array) -> float:
    """The largest number, whatever its sign, among those that are finite."""
    return float(np.abs(array[np.isfinite(array)]).max(initial=0))


def numbers_kept(past: list[Any]) -> int:
    """Numbers that all layers keep; an array that several read counts once."""
    return sum({id(one): one.size for layer in past for one in leaves(layer)}.values())


def number(value: float) -> float | None:
    """A number as JSON has it: none where it is infinite."""
    return value if np.isfinite(value) else None


def said(array: Array) -> str:
    """A shape in words."""
    return " × ".join(map(str, array.shape)) or "one number"


def panels(array: Array, tokens: int) -> list[list[list[float | None]]]:
    """Rows of numbers: a row a token where the first axis is the tokens', else a panel for each of the first axis."""
    if not array.size:
        return []
    if array.ndim > 2 and array.shape[0] != tokens:
        stack = array.reshape(-1, *array.shape[-2:])[:PANELS]
    elif array.ndim == 0:
        stack = array.reshape(1, 1, 1)
    else:
        stack = array.reshape(1, 1, -1) if array.ndim == 1 else array.reshape(1, len(array), -1)
    cut = np.round(stack[:, :ROWS, :CHANNELS].astype(float), 6)
    return [[[number(one) for one in row] for row in panel] for panel in cut.tolist()]
