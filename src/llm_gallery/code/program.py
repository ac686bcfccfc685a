"""What every printed file has, whatever the model: the checkpoint's arrays, generation, the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping

TYPES = """\
Array = Any  # of numpy, whose operators say no more
Past = dict[str, Array]  # what a mixer keeps of the tokens so far
"""

STORED = '''\
DTYPES = {"BF16": np.uint16, "F16": np.float16, "F32": np.float32, "F64": np.float64}
Stored = tuple[Path, str, int, tuple[int, ...]]  # an array's file, dtype, first byte and shape


def checkpoint(folder: Path) -> dict[str, Stored]:
    """Where the arrays of a folder lie in its safetensors files."""
    arrays = {}
    for file in folder.glob("*.safetensors"):
        with file.open("rb") as shard:  # the header's length, the header, the arrays
            size = int.from_bytes(shard.read(8), "little")
            header = json.loads(shard.read(size))
        header.pop("__metadata__", None)
        for name, entry in header.items():
            start = 8 + size + entry["data_offsets"][0]
            arrays[name] = (file, entry["dtype"], start, tuple(entry["shape"]))
    return arrays
'''

WEIGHTS = '''\
class Weights:
    """A checkpoint's arrays by name, each read when it is asked for: one at a time is in memory."""

    def __init__(self, arrays: Mapping[str, Stored], path: str = "") -> None:
        self.arrays, self.path = arrays, path

    def at(self, name: str) -> Weights:
        """Those whose names begin with this one."""
        return Weights(self.arrays, f"{self.path}{name}.")

    def __getitem__(self, name: str) -> Array:
        return self.rows(name, ...)

    def rows(self, name: str, rows: Any) -> Array:
        """Some rows of an array; of the others nothing is read."""
        whole = self.path + name
        if whole not in self.arrays:
            found = ", ".join(sorted(self.arrays)[:3]) or "none"
            raise LookupError(f"{whole} isn't among its tensors, of which the first are {found}")
        file, dtype, start, shape = self.arrays[whole]
        if DTYPES.get(dtype) is None:
            raise LookupError(f"{whole} is stored as {dtype}, expected {', '.join(DTYPES)}")
        raw = np.memmap(file, DTYPES[dtype], "r", start, shape)[rows]
        if dtype == "BF16":  # the first half of a float32
            return (raw.astype(np.uint32) << 16).view(np.float32)
        return raw.astype(np.float32) if dtype == "F16" else np.asarray(raw)
'''

STACKED = (
    (', path: str = "") -> None:', ', path: str = "", row: int | None = None) -> None:'),
    (
        "self.arrays, self.path = arrays, path",
        "self.arrays, self.path, self.row = arrays, path, row",
    ),
    (
        "def at(self, name: str) -> Weights:",
        "def at(self, name: str, row: int | None = None) -> Weights:",
    ),
    ("begin with this one.", "begin with this one; of a stack of arrays, one row."),
    ('f"{self.path}{name}.")', 'f"{self.path}{name}.", row)'),
    (
        "        if dtype",
        "        raw = raw if self.row is None else raw[self.row]\n        if dtype",
    ),
)
"""Where experts share one array: a view on one of them."""

FLAT = (
    "raw if self.row is None else raw[self.row]",
    "raw if self.row is None else raw.reshape(EXPERTS, -1, raw.shape[-1])[self.row]",
)
"""Where they stand below one another in one matrix."""

OF_THEIR_MIXTURE = ('f"{self.path}{name}."', 'f"{self.path}{name}." if name else self.path')
"""Where experts have no name of their own: the mixture's arrays are theirs."""

FLOAT8 = '''\
def float8() -> Array:
    """The value of each of 256 bytes: a sign, four bits of exponent, three of fraction."""
    byte = np.arange(256)
    exponent, fraction = byte >> 3 & 15, (byte & 7) / 8
    size = np.where(exponent > 0, (1 + fraction) * 2.0 ** (exponent - 7), fraction * 2.0**-6)
    return np.where(byte < 128, size, -size).astype(np.float32)


FLOAT8 = float8()
BLOCK = 128  # rows and columns that share a scale
'''

WITH_BYTES = ('"BF16": np.uint16,', '"BF16": np.uint16, "F8_E4M3": np.uint8,')
SCALED = (
    "        if dtype",
    """\
        if dtype == "F8_E4M3":
            scales = self[f"{name}_scale_inv"]
            if scales.shape != tuple(-(-size // BLOCK) for size in raw.shape):
                raise ValueError(f"{self.path}{name}: {scales.shape} scales, not one a block of {BLOCK}")
            scales = scales.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)
            return FLOAT8[raw] * scales[: raw.shape[0], : raw.shape[1]]
        if dtype""",
    1,
)
"""Where matrices are stored in eight bits."""

INTEGERS = (('"F64": np.float64}', '"F64": np.float64, "I64": np.int64}'),)
"""Where a table says which experts a token runs."""

ROWS = '''\
def group_rows(packed: Array, groups: int, first: int, last: int) -> Array:
    """The same few rows of each of several equal groups."""
    rows = packed.reshape(groups, -1, *packed.shape[1:])[:, first:last]
    return rows.reshape(-1, *packed.shape[1:])
'''

GENERATION = '''\
def generate(w: Weights, tokens: Sequence[int], count: int) -> Iterator[int]:
    """The likeliest next token, so many times over; each pass runs only the tokens that are new."""
    past: list[PAST] = [{} for _ in range(LAYERS)]
    seen = 0
    for _ in range(count):
        positions = np.arange(seen, seen + len(tokens))
        logits = model(w, np.array(tokens), past, positions)
        seen += len(tokens)
        tokens = [int(logits[-1].argmax())]
        yield tokens[0]


if __name__ == "__main__":
    folder, given = Path(sys.argv[1]), [int(word) for word in sys.argv[2:]]
    try:
        config = json.loads((folder / "config.json").read_text())
        ends = np.atleast_1d(config.get("eos_token_id"))  # none, one or several end a text
        for next_token in generate(Weights(checkpoint(folder)), given, NEW_TOKENS):
            if next_token in ends:
                break
            print(next_token, flush=True)
    except (LookupError, OSError, ValueError) as fault:  # a name, a row or a shape
        sys.exit(f"{folder}: {fault}; give the checkpoint of this model's release")
'''

SWITCHING = (
    (
        """each pass runs only the tokens that are new.\"\"\"
""",
        """each pass runs only the tokens that are new.

    Once the text outgrows the original context, LongRoPE rotates the kept keys otherwise, too: the whole text runs again.
    \"\"\"
""",
    ),
    ("seen = 0", "seen, text = 0, list(tokens)"),
    (
        """        positions = np.arange(seen, seen + len(tokens))
        logits = model(w, np.array(tokens), past, positions)
        seen += len(tokens)
        tokens = [int(logits[-1].argmax())]
        yield tokens[0]
""",
        """        if seen <= ORIGINAL_CONTEXT < len(text):
            past, seen = [{} for _ in range(LAYERS)], 0
        logits = model(w, np.array(text[seen:]), past, np.arange(seen, len(text)))
        seen = len(text)
        text.append(int(logits[-1].argmax()))
        yield text[-1]
""",
    ),
)
"""Where LongRoPE rotates long texts otherwise than short ones."""

WHOLE = """\
if __name__ == "__main__":
    folder, text = Path(sys.argv[1]), np.array([int(word) for word in sys.argv[2:]])
    past: list[PAST] = [{} for _ in range(LAYERS)]  # stays empty
    try:
        scores = model(Weights(checkpoint(folder)), text, past, np.arange(len(text)))
    except (LookupError, OSError, ValueError) as fault:  # a name, a row or a shape
        sys.exit(f"{folder}: {fault}; give the checkpoint of this model's release")
    print(*scores.argmax(axis=-1))
"""
"""Where every token sees all others: the text is computed whole, and nothing follows from one place to the next."""

WRAPPED = (
    ("        ends =", '        config = config.get("text_config", {}) | config\n        ends ='),
)
"""Where the language model is one part of several, whose config may state it."""

IMPORTS = (
    "from collections.abc import Iterator",
    "from collections.abc import Sequence",
    "from collections.abc import Mapping",
    "from pathlib import Path",
    "from typing import Any",
    "from typing import NamedTuple",
)
"""Of which a file has those that it needs, beside what its functions bring."""


def generation(past: str, passes: bool, wrapped: bool, whole: bool, switch: str) -> str:
    """How the file generates: what a layer keeps, whether layers run several times, whether towers stand beside them.

    Of a text that is read `whole` it gives the likeliest token of each place. `switch` is, as code, the length
    in tokens beyond which LongRoPE rotates a text otherwise; "" without LongRoPE.
    """
    if whole:
        return WHOLE.replace("PAST", past)
    made = _replaced(GENERATION, WRAPPED if wrapped else ()).replace("PAST", past)
    if switch:
        made = _replaced(made, SWITCHING).replace("ORIGINAL_CONTEXT", switch)
    return made.replace("range(LAYERS)", "range(PASSES * LAYERS)") if passes else made


ELSEWHERE = ("whole = self.path + name", "whole = stored_as(self.path + name)")
"""Where layers share what is stored once."""


SAVED = '''\
SAVED = {  # names that transformers saves, and the release's
    PAIRS
}


def released(name: str) -> str:
    """The release's name of a tensor, which it has too."""
    for saved, own in SAVED.items():
        name = re.sub(saved, own, name)
    return name
'''
NAMED = ("arrays[name] =", "arrays[released(name)] =")
"""Where a file of transformers has other names than the release."""


def checkpoint(
    code: str, float8: bool, flat: int = 0, *, lent: bool = False, saved: Mapping[str, str]
) -> list[str]:
    """How the file reads arrays, for code that asks for whole ones, for rows of a stack, or for cuts.

    `flat` is how many experts stand below one another in a matrix, `saved` says how names that transformers
    saves become the release's.
    """
    stored, weights = STORED, _replaced(WEIGHTS, (ELSEWHERE,) if lent else ())
    if re.search(r"\.at\([^()]*, \w+\)", code):
        weights = _replaced(weights, STACKED)
        if flat:
            old, new = FLAT
            weights = weights.replace(old, new.replace("EXPERTS", f"{flat:_}"))
    if re.search(r"""\.at\(['"]{2},""", code):
        weights = _replaced(weights, (OF_THEIR_MIXTURE,))
    if ".astype(np.int64)" in code:
        stored = _replaced(stored, INTEGERS)
    if saved:
        pairs = ", ".join(f"{old!r}: {own!r}" for old, own in saved.items())
        stored = SAVED.replace("PAIRS", pairs) + "\n\n" + _replaced(stored, (NAMED,))
    parts = [stored, weights]
    if float8:
        parts = [stored.replace(*WITH_BYTES), FLOAT8, weights.replace(*SCALED)]
    return [*parts, ROWS] if "group_rows(" in code else parts


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text
