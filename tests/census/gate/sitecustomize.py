"""Holds a node at its first described configs, and the others until it is held: Python runs this where it finds it.

`GATE` is the file that says it, with what the node was writing; the node that is held has `HELD`.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

GATE, HELD = Path(os.environ["GATE"]), "HELD" in os.environ
replace = os.replace


def gated(source: str | Path, target: str | Path) -> None:
    """Gives a file its name, as `os.replace` does, if this is no node that is held."""
    if Path(target).parent.name == "described":
        if HELD:
            GATE.with_suffix(".new").write_text(str(Path(source).resolve()))
            replace(GATE.with_suffix(".new"), GATE)
            threading.Event().wait()
        while not GATE.exists():
            time.sleep(0.01)
    replace(source, target)


os.replace = gated  # type: ignore[assignment]
