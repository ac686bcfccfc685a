"""Writes tests/engines/llama_cpp.txt: what llama-fit-params says that its caches take, for every model that it loads.

Usage: python -m tools.llama_fit PROGRAM [--check] [IDS...].

PROGRAM is a llama-fit-params of the package that requirements/llama.txt pins. Building it takes some 12 minutes, so that it
is done by hand and not in CI: unpack the package's sources, then in vendor/llama.cpp run
cmake -B build -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=OFF -DLLAMA_CURL=OFF -DLLAMA_BUILD_SERVER=OFF
and cmake --build build --target llama-fit-params. The models' files are skeletons: sparse, without weights. All of them take
some 10 minutes.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries, find
from llm_gallery.catalog.quants import conversion_of, half_type
from llm_gallery.conversion import skeleton
from tools import llama_cpp
from tools.generated import MARK, ROOT, settled

FILE = ROOT / "tests/engines/llama_cpp.txt"
SETTINGS = (
    ("f16", 512, 1),
    ("f16", 8192, 1),
    ("q8_0", 131072, 3),
    ("q4_0", 40000, 2),
    ("iq4_nl", 2000, 1),
    ("f32", 3000, 5),
)
"""The type of keys and values, tokens of all slots, and slots."""
SUPPLIED = {
    "expert_gating_func": 2,
    "attention.layer_norm_rms_epsilon": 1e-6,
    "rope.dimension_sections": [24, 20, 20, 0],
}
"""Keys that some architectures need and their configs leave out; no cache depends on them."""
RUNS = 2
"""How often a run is tried."""
CACHE = re.compile(r"llama_(?:kv_cache|memory_recurrent): size = +([\d.]+) MiB")
"""The line of the log in which a cache says what it takes."""
WEIGHTS = re.compile(r"\| +- Host +\| +\d+ = +(\d+) \+")
"""The line that says how many MiB of weights are loaded."""
TROUBLE = re.compile(
    r"error loading model: .+|\S+\.cpp:\d+: .+|[KV] cache type .+ does not divide .+"
)
"""The line in which it says why it stops; the file doesn't have that, since the end of a log may be lost."""
NOT_LOADED, REFUSED = "not loaded", "refused"
"""What is written in place of sizes: where a skeleton lacks what the engine needs, and where it refuses the type."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path, help="llama-fit-params")
    parser.add_argument("ids", nargs="*", help="only these models, printed")
    parser.add_argument("--check", action="store_true", help="change nothing, fail on a difference")
    given = parser.parse_args()
    if given.ids:
        sys.stdout.writelines(lines(given.program, given.ids))
        return 0
    made = "".join((*head(), *lines(given.program, (entry.id for entry in entries()))))
    return settled(__doc__ or "", "tools.llama_fit", {FILE: made}, given.check)


def head() -> Iterator[str]:
    """What the file says of itself: version and tool, then what its columns are."""
    yield f"# {llama_cpp.version()}; {MARK.format(tool='tools/llama_fit.py')}\n"
    yield f"# MiB of weights in 16 bits, then of each cache at: {', '.join(f'{kind} {n} / {slots}' for kind, n, slots in SETTINGS)}\n"


def lines(program: Path, ids: Iterable[str]) -> Iterator[str]:
    """A line for each model that has a conversion, with what is said of it."""
    for name in ids:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "skeleton.gguf"
            try:
                model = find(name)
                made = conversion_of(model)
                supplied = {f"{made.name}.{end}": held for end, held in SUPPLIED.items()}
                skeleton.write(
                    file, made._replace(keys={**supplied, **made.keys}), name, half_type(model)
                )
            except Refusal:
                continue
            print(name, file=sys.stderr)
            yield f"{name} {made.name} {'; '.join(sizes(program, file))}\n"


def sizes(program: Path, file: Path) -> Iterator[str]:
    """MiB of the weights in 16 bits, then what the caches take in each setting, in the order of the log."""
    for number, setting in enumerate(SETTINGS):
        log = logged(program, file, *setting)
        if not number:
            held = WEIGHTS.search(log)
            if held is None:
                yield NOT_LOADED
                return
            yield held[1]
        found = CACHE.findall(log)
        yield " ".join(size for size in found if size != "0.00") if found else REFUSED


def logged(program: Path, file: Path, kind: str, tokens: int, slots: int) -> str:
    """The log of one run; of another where its end is lost, as happens where it stops at once."""
    types = ["-fa", "on", "-ctk", kind, "-ctv", kind]
    command = [str(program), "-m", str(file), "-v", "-c", str(tokens), "-np", str(slots), *types]
    log = ""
    for _ in range(RUNS):
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        log = run.stdout + run.stderr
        if WEIGHTS.search(log):
            break
    sys.stderr.writelines(f"  {line}\n" for line in TROUBLE.findall(log))
    return log


if __name__ == "__main__":
    raise SystemExit(main())
