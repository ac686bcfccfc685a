"""Writes recognition/wrapper_table.py: which wrapper holds each language model that exists inside of one alone.

To find them all families are imported, which a command that needs one family shouldn't.

Usage: python -m tools.generate_wrappers [--check].
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from llm_gallery.families._config import LANGUAGE_MODEL
from llm_gallery.families._reader import hints
from llm_gallery.families._registry import keys, names
from llm_gallery.families._values import options
from llm_gallery.recognition.lone_names import TEXTS
from llm_gallery.recognition.wrapper_rows import ROWS
from tools.generated import MARK, ROOT, settled

FILE = ROOT / "src" / "llm_gallery" / "recognition" / "wrapper_table.py"


def main() -> int:
    rows = "".join(
        f'    "{text}": ("{wrapper}", "{at}"),\n'
        for text, (wrapper, at) in sorted(wrappers().items())
    )
    text = (
        f"# {MARK.format(tool='tools/generate_wrappers.py')}\n"
        '"""The wrapper of each language model that exists inside of one alone, and where its config keeps the keys."""\n\n'
        "from __future__ import annotations\n\n"
        f"WRAPPERS: dict[str, tuple[str, str]] = {{\n{rows}}}\n"
    )
    return settled(__doc__ or "", "tools.generate_wrappers", {FILE: text})


def wrappers() -> Mapping[str, tuple[str, str]]:
    """The wrapper of each such type, and the path of its keys; of several the one that the type is called after."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, row in ROWS.items():
        if row.inner in TEXTS and row.at:
            found.setdefault(row.inner, []).append((name, row.at))
    for name in names():
        for option in options(hints(keys(name)).get(LANGUAGE_MODEL)):
            inner = getattr(option, "model_type", None)
            if inner and inner not in names():
                found.setdefault(inner, []).append((name, LANGUAGE_MODEL))
    return {
        text: next((w for w in of if text.startswith(w[0])), of[0]) for text, of in found.items()
    }


if __name__ == "__main__":
    sys.exit(main())
