"""Changes in the words that people would write, as phrases that stand after "with"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from llm_gallery.comparison.block_facts import Plain, Value, joined, several
from llm_gallery.mechanisms.facts import Term, term

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip

SOME = " in some layers"
"""How words end of what only some layers of a part have."""
FEW = 3
"""Numbers that are listed; of more, the least and the greatest are said."""

RATIOS: Mapping[Fraction, str] = {
    Fraction(1, 8): "an eighth of the {noun}",
    Fraction(1, 4): "a quarter of the {noun}",
    Fraction(1, 3): "a third of the {noun}",
    Fraction(1, 2): "half the {noun}",
    Fraction(3, 2): "half again as many {noun}",
    Fraction(2): "twice the {noun}",
    Fraction(3): "three times the {noun}",
    Fraction(4): "four times the {noun}",
    Fraction(8): "eight times the {noun}",
}

NORMED_AFTER: Mapping[Value, str] = {
    "sum": "on the stream",
    "post": "on what each sublayer adds",
}
"""What norms after a sublayer are on, where one model has them so and the other so."""

FRACTIONS: Mapping[Fraction, str] = {
    Fraction(0): "none",
    Fraction(1, 8): "an eighth",
    Fraction(1, 4): "a quarter",
    Fraction(1, 3): "a third",
    Fraction(1, 2): "half",
    Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three quarters",
}


def count_word(count: int) -> str:
    """A small count as a word."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else f"{count:,}"


def listed(items: Sequence[str], word: str = "and") -> str:
    """ "a", "a and b", "a, b and c"; with the word ", and": "a, b, and c"."""
    if len(items) < 2:
        return "".join(items)
    between = word if word.startswith(",") else f" {word}"
    return f"{', '.join(items[:-1])}{between} {items[-1]}"


def plain_text(value: Value) -> str:
    """A value as it stands in a table."""
    if isinstance(value, tuple):
        if len(value) > FEW and all(isinstance(v, int | float) for v in value):
            numbers = [v for v in value if isinstance(v, int | float)]
            return f"{plain_text(min(numbers))} to {plain_text(max(numbers))}"
        return listed([plain_text(item) for item in value])
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else value


def phrase(kind: str, name: str, old: Value, new: Value, part: str = "") -> str:
    """The words of one changed fact; `part` says in which layers, where others differ."""
    words = _partly(kind, name, old, new) or _whole(kind, name, old, new)
    if not part or name in ("window", "chunk"):
        return words
    if words.endswith(SOME):
        return f"{words.removesuffix(SOME)} {part}"
    return f"{words.removesuffix(' throughout')} {part}"


def _partly(kind: str, name: str, old: Value, new: Value) -> str | None:
    """What only some layers of a part have or had, and the others lack."""
    had, has = _of_some(old), _of_some(new)
    cause = term(name, kind).level == "cause"
    if has is not None and had is not None:
        return phrase(kind, name, had, has)
    if has is not None and old not in (None, has) and not cause:
        return f"{phrase(kind, name, old, has)} in some layers"
    if has is not None:
        return f"{phrase(kind, name, None, has)} {'only ' if old is not None else ''}in some layers"
    if had is not None and new is None:
        return phrase(kind, name, had, None)
    if had is not None or (isinstance(old, tuple) and new in old and cause):
        return f"{phrase(kind, name, None, new)} throughout"
    return None


def _of_some(value: Value) -> Value:
    """What those layers have that have anything, where others have nothing."""
    if not isinstance(value, tuple) or None not in value:
        return None
    return joined([item for item in value if item is not None])


def _placed(old: Value, new: Value) -> str:
    """ "norms after each sublayer instead of before it"; where both models have some, what came or went."""
    if {old, new} == set(NORMED_AFTER):
        return f"norms {NORMED_AFTER[new]} instead of {NORMED_AFTER[old]}"
    words = f"norms {_placement(new)}"
    if "sum" in (old, new):
        return f"{_post(new)} instead of {_post(old)}"
    if "mixed" in (old, new):
        return words
    if new == "sandwich":
        return f"extra norms {'after' if old == 'pre' else 'before'} each sublayer"
    return f"{words} only" if old == "sandwich" else f"{words} instead of {_side(old)} it"


def _post(value: Value) -> str:
    """ "post-norm" is that of the first transformers, on the stream."""
    known = {"sum": "post-norm", "pre": "pre-norm"}
    return known.get(str(value)) or f"norms {_placement(value)}"


def _placement(value: Value) -> str:
    return value_words(value, "norm_placement")


def _side(value: Value) -> str:
    return _placement(value).removesuffix(" each sublayer")


REWIRED: Mapping[tuple[Value, Value], str] = {
    ("t, c", "one"): "one sublayer in each layer instead of two",
    ("one", "t, c"): "two sublayers in each layer instead of one",
    ("t, c", "t, c + c"): "a second MLP beside the first in each layer",
    ("t, c + c", "t, c"): "one MLP in each layer instead of two side by side",
    ("t, c", "t + t, c"): "two mixers side by side in each layer instead of one",
    ("one", "t + t, c"): "two mixers and an MLP in each layer instead of one sublayer",
    ("t + t, c", "one"): "one sublayer in each layer instead of two mixers and an MLP",
    ("t + t, c", "t, c"): "one mixer in each layer instead of two side by side",
    ("t + c", "t, c"): "sequential sublayers instead of a parallel block",
    ("t, c", "t + c"): "attention and MLP in a parallel block",
}
"""Wirings that are said by what is other."""


def _rewired(old: Value, new: Value) -> str:
    """ "sequential sublayers instead of a parallel block"; what stays in some layers isn't replaced."""
    if known := REWIRED.get((old, new)):
        return known
    if new == "t + c":
        return REWIRED["t, c", "t + c"]
    if old == "t + c":
        return "no parallel block"
    stays = {*several(old)} & {*several(new)}
    return _wiring(new) if old is None or stays else f"{_wiring(new)} instead of {_wiring(old)}"


def _wiring(value: Value) -> str:
    values, known = map(str, value if isinstance(value, tuple) else (value,)), term("wiring")
    return " and ".join(known.worded(value) or f"layers of {_spelled(value)}" for value in values)


def _spelled(wiring: str) -> str:
    """A wiring that has no name: "t + t, c" as "a token mixer + a token mixer, an MLP"."""
    words = {"t": "a token mixer", "c": "an MLP"}
    return re.sub(r"\b[tc]\b", lambda letter: words[letter[0]], wiring)


def shared_words(old: Value, new: Value) -> str:
    """ "two shared experts instead of one"."""
    if new is None:
        return "no shared expert"
    words = f"{_counted(new)} shared expert" + ("" if new == 1 else "s")
    return words if old is None else f"{words} instead of {_counted(old)}"


def _modules(old: Value, new: Value) -> str | None:
    """How many modules predict later tokens, where it isn't the one that is new or gone."""
    if not isinstance(new, int) or (old is None and new == 1):
        return None
    words = f"{count_word(new)} multi-token-prediction module{'s' if new > 1 else ''}"
    return words if old is None else f"{words} instead of {_counted(old)}"


def _identity(old: Value, new: Value) -> str | None:
    """ "one identity expert"."""
    if old is not None or not isinstance(new, int):
        return None
    return f"{count_word(new)} identity expert{'' if new == 1 else 's'}"


def _counted(value: Value) -> str:
    return count_word(value) if isinstance(value, int) else plain_text(value)


def _normed(old: Value, new: Value) -> str | None:
    """When queries and keys are normed, where only that is other."""
    after = "per head, after rotation"
    if {old, new} == {"per head", after}:
        words = ("after rotation", "before it") if new == after else ("before rotation", "after it")
        return f"QK norm {words[0]} instead of {words[1]}"
    return None


def _gated(old: Value, new: Value) -> str | None:
    """ "a gate beside each MLP's squared ReLU", where only that is other."""
    if new == f"gated {old}":
        return f"a gate beside each MLP's {old}"
    return f"no gate beside each MLP's {new}" if old == f"gated {new}" else None


def _denoised(old: Value, new: Value) -> str:
    """ "block diffusion over a 256-token canvas with bidirectional attention instead of next-token prediction"."""
    return f"{_written(new)} instead of {_written(old)}"


def _written(canvas: Value) -> str:
    if canvas is None:
        return "next-token prediction"
    if isinstance(canvas, int):
        return f"block diffusion over a {canvas:,}-token canvas with bidirectional attention"
    return f"bidirectional attention over the {canvas}"


SENTENCES: Mapping[str, Callable[[Value, Value], str | None]] = {
    "activation": _gated,
    "canvas": _denoised,
    "norm_placement": _placed,
    "qk_norm": _normed,
    "wiring": _rewired,
    "shared": shared_words,
    "identity_experts": _identity,
    "multi_token_prediction": _modules,
}
"""Changes whose words depend on both values."""


def _whole(kind: str, name: str, old: Value, new: Value) -> str:
    """A change that holds for the whole part: in words of its own, else by the fact's row."""
    words = SENTENCES[name](old, new) if name in SENTENCES else None
    return words or _by_row(term(name, kind, number=_numbers(old, new)), name, old, new)


def _by_row(known: Term, name: str, old: Value, new: Value) -> str:
    arrow = f"{plain_text(old)} → {plain_text(new)}"
    if known.level == "scale" and _numbers(old, new):
        return f"{_scaled(known, old, new)} ({arrow})"
    pattern = _pattern(known, old, new)
    if pattern and isinstance(new, tuple) and old in new:
        others = tuple(value for value in new if value != old)
        added = value_words(others, name)
        came = known.came.format(new=added) if "{new}" in known.came else added
        return f"{came} beside {value_words(old, name)}"
    if pattern:
        return pattern.format(old=value_words(old, name), new=value_words(new, name))
    if new is None and known.neutral == 1:  # a factor
        return f"{known.noun} {plain_text(old)} → 1"
    if new is None:
        return f"no {known.noun}"
    return f"{known.noun} {plain_text(new) if old is None else arrow}"


def _pattern(known: Term, old: Value, new: Value) -> str:
    """The row's words for what came, went or became another; none for two values of a scale."""
    if _lacking(old):
        return known.came
    if _lacking(new):
        return known.went
    return known.became


def _lacking(value: Value) -> bool:
    return value is None or value == "none"


def _numbers(old: Value, new: Value) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in (old, new))


def value_words(value: Value, name: str) -> str:
    """A value inside a phrase."""
    if isinstance(value, tuple):
        return listed([value_words(item, name) for item in value])
    known = term(name)
    if known.spelled and isinstance(value, int):
        return count_word(value)
    return known.phrased.get(str(value)) or _worded(known, value)


def _worded(known: Term, value: Plain) -> str:
    """A value as a reader knows it: by its row, as a fraction, or plain."""
    if known.sort == "share" and isinstance(value, float):
        share = Fraction(value).limit_denominator(16)
        return FRACTIONS.get(share, f"{value:.0%}")
    return known.worded(value) or plain_text(value)


def _scaled(known: Term, old: Value, new: Value) -> str:
    assert isinstance(old, int | float)
    assert isinstance(new, int | float)
    grows = new > old
    if known.more:
        return known.more if grows else known.fewer
    ratio = Fraction(new).limit_denominator(10**6) / Fraction(old).limit_denominator(10**6)
    if ratio in RATIOS:
        return RATIOS[ratio].format(noun=known.noun)
    return f"{'more' if grows else 'fewer'} {known.noun}"


def fact_words(name: str, value: Value) -> str:
    """A fact's value as it stands in a table."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return _several_words(name, value)
    return _wiring(value) if name == "wiring" else _worded(term(name), value)


def _several_words(name: str, values: tuple[Plain, ...]) -> str:
    """The values of layers that differ; what only part of them have says so."""
    stated = tuple(value for value in values if value is not None)
    if stated == (True,):
        return "in some layers"
    many = len(stated) > FEW and all(isinstance(item, int | float) for item in stated)
    words = plain_text(stated) if many else listed([fact_words(name, item) for item in stated])
    return words if stated == values else f"{words} in some layers"
