"""Writes docs/running.md: which families of the catalog run, and why the others don't yet.

Usage: python -m tools.generate_running [--check].
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from llm_gallery.catalog.load import entries, find
from llm_gallery.running.proven import refused
from tools.generated import MARK, ROOT, settled

TARGET = ROOT / "docs/running.md"
HEAD = """# What runs

`llm_gallery.run` takes a described model's own tensors and gives its scores. A family runs when its scores,
all tokens at once and one by one, and the bytes it keeps equal the reference's in float64
(`tests/truth/test_running.py`). Where transformers lacks the type, one of its own that computes the same is given the same
weights, stored another way (`tests/truth/alike.py`: Llama for InternLM2 and Baichuan 2, GLM for ChatGLM 3, MiMo-V2-Flash for
MiMo V2.5, an unrolled Llama for Nanbeige and Ouro). What can't run yet is refused, with this reason.

| family | models | runs |
|---|---|---|
"""


def rows() -> Iterator[str]:
    """A line a family, in alphabetical order."""
    models: dict[str, list[str]] = {}
    reasons: dict[str, dict[str, None]] = {}
    for entry in entries():
        architecture = find(entry.id).architecture
        models.setdefault(architecture.model_type, []).append(entry.id)
        reasons.setdefault(architecture.model_type, {})[refused(architecture) or "yes"] = None
    for family in sorted(models):
        yield f"| `{family}` | {', '.join(sorted(models[family]))} | {'; '.join(reasons[family])} |"


def page() -> str:
    """The whole page."""
    mark = f"<!-- {MARK.format(tool='tools/generate_running.py')} -->"
    return "\n".join((mark, HEAD + "\n".join(rows()), ""))


def main() -> int:
    return settled(__doc__ or "", "tools.generate_running", {TARGET: page()})


if __name__ == "__main__":
    sys.exit(main())
