"""A printed file at work, with nothing but numpy and the standard library in reach."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

WITHIN = {"numpy", "json", "re", "sys", "math", "collections", "pathlib", "typing", "__future__"}


class Printed:
    """A printed file that has been executed, and a checkpoint that it runs."""

    def __init__(self, text: str) -> None:
        self.names: dict[str, Any] = {"__name__": "printed"}
        self.names["__builtins__"] = {**vars(builtins), "__import__": _only}
        exec(compile(text, "printed.py", "exec"), self.names)

    def weights(self, folder: Path) -> Any:
        """The checkpoint's arrays as the file reads them."""
        return self.names["Weights"](self.names["checkpoint"](folder))

    def scores(self, weights: Any, *texts: Sequence[int]) -> Any:
        """Logits of tokens that come in several calls."""
        count = self.names["LAYERS"] * self.names.get("PASSES", 1)
        past: list[dict[str, Any]] = [{} for _ in range(count)]
        made, seen = [], 0
        for tokens in texts:
            positions = np.arange(seen, seen + len(tokens))
            made.append(self.names["model"](weights, np.array(tokens), past, positions))
            seen += len(tokens)
        return np.concatenate(made)

    def generated(self, weights: Any, tokens: Sequence[int], count: int) -> list[int]:
        """The tokens that it says come next."""
        return [*self.names["generate"](weights, tokens, count)]


def _only(name: str, *rest: Any) -> Any:
    asking = rest[0] if rest else None
    if asking and asking.get("__name__") == "printed" and name.partition(".")[0] not in WITHIN:
        raise ImportError(f"a printed file imports {name}")
    return builtins.__import__(name, *rest)


def isolated(file: Path, folder: Path, tokens: Sequence[int]) -> list[str]:
    """What the file prints when it is run, by an interpreter that sees no folder of ours: -I."""
    return [sys.executable, "-I", str(file), str(folder), *map(str, tokens)]
