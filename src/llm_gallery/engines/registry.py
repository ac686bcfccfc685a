"""The engines by the names that `--with` takes; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.engines.engine import Engine

_HOMES = {
    "llama.cpp": "llama_cpp",
    "vllm": "vllm",
    "mlx": "mlx",
    "sglang": "sglang",
    "ideal": "ideal",
}
NAMES = tuple(_HOMES)


def engine(name: str) -> Engine:
    """The engine of a name. Raises Refusal for a name that none has."""
    home = _HOMES.get(name.lower())
    if home is None:
        raise Refusal(
            f"the engine is {quoted(name)}, expected one of {', '.join(NAMES)}; name it with --with"
        )
    found = import_module(f"llm_gallery.engines.{home}").ENGINE
    assert isinstance(found, Engine)
    return found
