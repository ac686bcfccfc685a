"""Writes tests/engines/vllm.txt: what vLLM's own functions reserve for a request of each model, as digests.

Usage: python -m tools.generate_vllm_digests [--check [MODEL...]]. With models, their lines alone are looked at.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator

from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import entries
from llm_gallery.recognition import describe
from tools import vllm_functions
from tools.generated import MARK, ROOT, settled
from tools.vllm_classes import NAMED, Asked, Classes
from tools.vllm_layers import Served, Unknown

FILE = ROOT / "tests/engines/vllm.txt"
HOW = """\
# By model and cache type, with prefix caching, without, and with three drafts: the first digits of a sha256 of the bytes
# of a request, by ranks, tokens in flight and tokens. A model that vLLM has no cache for has a dash.
"""
RANKS = (1, 2, 4, 8, 16)
IN_FLIGHT = (4_096, 16_384, 32_768)
LENGTHS = (1, 1_000, 4_096, 8_192, 32_768, 131_072, 1_000_003)
SETTINGS = {"served": (0, True), "uncached": (0, False), "drafting": (3, True)}
"""Drafts, and whether prefix caching is on."""
UNDIVIDED = "undivided"
"""What is said where the ranks can't share it."""


def main() -> int:
    wanted = sys.argv[2:] if sys.argv[1:2] == ["--check"] else []
    if wanted:
        return differing(wanted)
    return settled(__doc__ or "", "tools.generate_vllm_digests", {FILE: written()})


def differing(wanted: list[str]) -> int:
    """Names the models whose lines aren't those of the file, and gives 1 where there are some."""
    classes = Classes(vllm_functions.Vllm(vllm_functions.sources()))
    held = FILE.read_text("utf-8").splitlines(keepends=True)
    other = [
        entry.id
        for entry in entries()
        if entry.id in wanted
        and [*_lines(entry, classes)] != [line for line in held if line.split()[0] == entry.id]
    ]
    print(f"tools.generate_vllm_digests: {', '.join(other) or 'unchanged'}")
    return int(bool(other))


def written() -> str:
    """The file: its first line has the version; then a line a model, cache type and settings that agree."""
    classes = Classes(vllm_functions.Vllm(vllm_functions.sources()))
    first = f"# {vllm_functions.version()}; {MARK.format(tool='tools/generate_vllm_digests.py')}\n"
    return first + HOW + "".join(line for entry in entries() for line in _lines(entry, classes))


def _lines(entry: Entry, classes: Classes) -> Iterator[str]:
    model = describe(entry.config)
    try:
        for cache in NAMED:
            settings: dict[str, list[str]] = {}
            for name, (drafts, caching) in SETTINGS.items():
                found = digest(
                    _reserved(Asked(cache, ranks, drafts, caching), model, entry, classes)
                    for ranks in RANKS
                )
                settings.setdefault(found, []).append(name)
            for found, names in settings.items():
                yield f"{entry.id} {cache} {','.join(names)} {found}\n"
    except Unknown:
        yield f"{entry.id} -\n"


def _reserved(
    asked: Asked, model: Architecture, entry: Entry, classes: Classes
) -> list[int] | None:
    """Bytes by tokens in flight and tokens; None where its functions can't divide the model so."""
    try:
        served = Served(model, entry.config, asked, classes)
    except AssertionError:
        return None
    return [served.bytes(length, tokens) for tokens in IN_FLIGHT for length in LENGTHS]


def digest(by_ranks: Iterable[list[int] | None]) -> str:
    """The first 16 hexadecimal digits of sha256 over a line a number of ranks."""
    lines = (UNDIVIDED if numbers is None else " ".join(map(str, numbers)) for numbers in by_ranks)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
