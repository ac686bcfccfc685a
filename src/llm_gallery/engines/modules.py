"""The modules that a config names: whole paths, parts of them, wildcards, regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from llm_gallery.architecture.refusal import Refusal, quoted

PATTERN = "re:"
"""What compressed-tensors writes before a regular expression."""
_LONGEST, _MOST_REPEATS = 200, 3
"""Of a pattern: more could take minutes against a path of a hundred characters."""
_NESTED = re.compile(r"\)[*+{?]")


class Modules:
    """Modules as a config lists them; a name stands for all inside it, and for the end of a longer path.

    Raises Refusal for a pattern that is no regular expression, or that could take for ever.
    """

    def __init__(self, names: Iterable[object], where: str) -> None:
        texts = [name for name in names if isinstance(name, str)]
        self._names = frozenset(n for n in texts if not n.startswith(PATTERN) and "*" not in n)
        self._patterns = tuple(_compiled(n, where) for n in texts if n not in self._names)

    def __contains__(self, path: str) -> bool:
        """Whether the module at a path is among them."""
        parts = path.split(".")
        ends = range(1, len(parts) + 1)
        if any(".".join(parts[a:b]) in self._names for b in ends for a in range(b)):
            return True
        return any(pattern.match(path) for pattern in self._patterns)

    def __bool__(self) -> bool:
        return bool(self._names or self._patterns)


@lru_cache(maxsize=4096)
def _compiled(name: str, where: str) -> re.Pattern[str]:
    """The pattern of a name: after "re:" what the start of a path must match, else wildcards for a part of it."""
    is_pattern = name.startswith(PATTERN)
    text = name.removeprefix(PATTERN)
    if not is_pattern:
        wild = ".*".join(map(re.escape, text.split("*")))
        text = rf"(?:.*\.)?{wild}(?:\..*)?\Z"
    repeats = sum(map(name.count, "*+{?"))
    try:
        if len(name) > _LONGEST or repeats > _MOST_REPEATS:
            raise re.error("it repeats too much")
        if is_pattern and _NESTED.search(text):
            raise re.error("it repeats a group")
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise Refusal(
            f"{where} names modules by {quoted(name)}, expected a name, wildcards or a short regular "
            f"expression: {error}; correct it"
        ) from None
