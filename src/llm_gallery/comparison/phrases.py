"""Changes in the words that people would write, as phrases that stand after "with"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from llm_gallery.comparison.facts import Plain, Value, joined
from llm_gallery.comparison.vocabulary import term

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip

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

PLACEMENTS: Mapping[Value, str] = {
    "pre": "before each sublayer",
    "post": "after each sublayer",
    "sandwich": "before and after each sublayer",
    "sum": "on the stream after each sublayer",
    "mixed": "before some sublayers and after others",
}

NORMED_AFTER: Mapping[Value, str] = {
    "sum": "on the stream",
    "post": "on what each sublayer adds",
}
"""What norms after a sublayer are on, where one model has them so and the other so."""

WIRINGS: Mapping[str, str] = {
    "one": "one part a layer",
    "t, c": "attention and MLP one after the other",
    "t + c": "attention and MLP in parallel",
    "t + t, c": "two mixers side by side in each layer",
    "t, c, t, c, c": "two attentions, two MLPs and experts in each layer",
}

POSITIONS: Mapping[Value, str] = {
    "rope": "rotary",
    "none": "no",
    "learned": "learned",
    "alibi": "ALiBi",
    "relative": "relative",
}

SHARINGS: Mapping[Value, str] = {
    "MHA": "multi-head attention",
    "GQA": "grouped-query attention",
    "MQA": "multi-query attention",
}

NORMED: Mapping[Value, str] = {
    "all heads": "over all heads",
    "l2": "to length one",
    "each head its own": "by a norm for each head",
}

RESIDUALS: Mapping[Value, str] = {
    "hyper-connections": "hyper-connections",
    "gated streams": "gated residual streams",
    "attention over depth": "attention over earlier layers' outputs as residual",
    "learned scales": "learned scales on the residual stream",
}

FRACTIONS: Mapping[Fraction, str] = {
    Fraction(1, 8): "an eighth",
    Fraction(1, 4): "a quarter",
    Fraction(1, 3): "a third",
    Fraction(1, 2): "half",
    Fraction(2, 3): "two thirds",
    Fraction(3, 4): "three quarters",
}


def spoken(count: int) -> str:
    """A small count as a word."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else f"{count:,}"


def listed(items: Sequence[str], word: str = "and") -> str:
    """ "a", "a and b", "a, b and c"; with the word ", and": "a, b, and c"."""
    if len(items) < 2:
        return "".join(items)
    between = word if word.startswith(",") else f" {word}"
    return f"{', '.join(items[:-1])}{between} {items[-1]}"


def shown(value: Value) -> str:
    """A value as it stands in a table."""
    if isinstance(value, tuple):
        if len(value) > FEW and all(isinstance(v, int | float) for v in value):
            numbers = [v for v in value if isinstance(v, int | float)]
            return f"{shown(min(numbers))} to {shown(max(numbers))}"
        return " and ".join(shown(one) for one in value)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else value


def phrase(kind: str, name: str, old: Value, new: Value, part: str = "") -> str:
    """The words of one changed fact; `part` says in which layers, where others differ."""
    words = (
        _partly(kind, name, old, new) or _special(name, old, new) or _plain(kind, name, old, new)
    )
    if not part or name in ("window", "chunk"):
        return words
    return f"{words.removesuffix(' throughout')} {part}"


def _partly(kind: str, name: str, old: Value, new: Value) -> str | None:
    """What only some layers of a part have, and the others lack."""
    if isinstance(new, tuple) and None in new:
        held = _held(new)
        if isinstance(old, tuple) and None in old:
            return phrase(kind, name, _held(old), held)
        if old is not None and old != held and term(kind, name, numbers=False).level != "cause":
            return f"{phrase(kind, name, old, held)} in some layers"
        only = "" if old is None else "only "
        return f"{phrase(kind, name, None, held)} {only}in some layers"
    if isinstance(old, tuple) and None in old:
        if new is None:
            return phrase(kind, name, _held(old), None)
        return f"{phrase(kind, name, None, new)} throughout"
    if isinstance(old, tuple) and new in old and term(kind, name, numbers=False).level == "cause":
        words = _sharing(new) if name == "sharing" else phrase(kind, name, None, new)
        return f"{words} throughout"
    return None


def _held(value: tuple[Plain, ...]) -> Value:
    """What the layers have that have anything."""
    return joined([one for one in value if one is not None])


def _special(name: str, old: Value, new: Value) -> str | None:
    if name == "norm_placement":
        return _placed(old, new)
    if name == "wiring":
        words, before = _wiring(new), _wiring(old)
        both = "attention and MLP "
        return (
            f"{words} instead of {before.removeprefix(both) if words.startswith(both) else before}"
        )
    if name == "position":
        words, before = (POSITIONS.get(one, shown(one)) for one in (new, old))
        return (
            f"{words} positions"
            if "none" in (old, new)
            else f"{words} instead of {before} positions"
        )
    if name == "gate_rank" and None in (old, new):
        return f"output gates of {'full rank' if new is None else f'rank {shown(new)}'}"
    if name == "rope_dim" and None in (old, new):
        return (
            "no key for positions apart" if new is None else f"a key of {shown(new)} for positions"
        )
    if name == "shared_dim" and None in (old, new):
        return f"{'no key' if new is None else f'a key of {shown(new)}'} that all heads share"
    if name == "decay_rank" and None in (old, new):
        return f"decays of {'full rank' if new is None else f'rank {shown(new)}'}"
    if name == "kv_heads" and None in (old, new):  # of latent attention
        return "keys and values for each head" if new is None else f"{shown(new)} key-value heads"
    if name == "identity_experts" and None in (old, new):
        return "no identity experts" if new is None else f"{shown(new)} identity experts"
    if name == "value_dim" and None in (old, new):
        return "values as large as keys" if new is None else f"values of {shown(new)}"
    if name == "sharing":
        return f"{_sharing(new)} instead of {_sharing(old)}"
    if name == "shared":
        return shared_words(old, new)
    if name == "context" and None in (old, new):
        return "no limit to the context" if new is None else f"a longest context of {shown(new)}"
    if name == "query_rank" and None in (old, new):
        return "uncompressed queries" if new is None else f"queries from a latent of {shown(new)}"
    if name == "multi_token_prediction" and isinstance(new, int) and (old or new > 1):
        words = f"{spoken(new)} multi-token-prediction module{'s' if new > 1 else ''}"
        return f"{words} instead of {spoken(old)}" if isinstance(old, int) else words
    if name == "shared_inner" and None in (old, new):
        return (
            "a shared expert as wide as the others"
            if new is None
            else f"a shared expert {shown(new)} wide"
        )
    return None


def _sharing(value: Value) -> str:
    """Of layers that share keys and values differently, each way."""
    values = value if isinstance(value, tuple) else (value,)
    return listed([SHARINGS.get(one, shown(one)) for one in values])


def _placed(old: Value, new: Value) -> str:
    """ "norms after each sublayer instead of before it"."""
    if {old, new} == set(NORMED_AFTER):
        return f"norms {NORMED_AFTER[new]} instead of {NORMED_AFTER[old]}"
    words = f"norms {PLACEMENTS.get(new, shown(new))}"
    if "sum" in (old, new):
        return f"{words} instead of {PLACEMENTS.get(old, shown(old))}"
    if "sandwich" in (old, new) and {old, new} <= set(PLACEMENTS):
        return f"{words} only" if old == "sandwich" else f"{words} instead of {_side(old)} it"
    return f"{words} instead of {_side(old)} it"


def _side(placement: Value) -> str:
    return PLACEMENTS.get(placement, shown(placement)).removesuffix(" each sublayer")


def _wiring(value: Value) -> str:
    values = map(str, value if isinstance(value, tuple) else (value,))
    return " and ".join(WIRINGS.get(one) or f"layers of {_spelled(one)}" for one in values)


def _spelled(wiring: str) -> str:
    """A wiring that has no name: "t + t, c" as "a token mixer + a token mixer, an MLP"."""
    words = {"t": "a token mixer", "c": "an MLP"}
    return re.sub(r"\b[tc]\b", lambda found: words[found[0]], wiring)


def shared_words(old: Value, new: Value) -> str:
    if new is None:
        return "no shared expert"
    count = spoken(new) if isinstance(new, int) else shown(new)
    words = f"{count} shared expert" + ("" if new == 1 else "s")
    if old is None:
        return words
    return f"{words} instead of {spoken(old) if isinstance(old, int) else shown(old)}"


def _plain(kind: str, name: str, old: Value, new: Value) -> str:
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (old, new))
    known = term(kind, name, numbers)
    arrow = f"{shown(old)} → {shown(new)}"
    if known.level == "scale" and old is not None and new is not None:
        if not numbers:
            return f"{known.label} {arrow}"
        return f"{_scaled(known.label, known.added, known.removed, old, new)} ({arrow})"
    pattern = known.added if old is None else known.removed if new is None else known.changed
    if pattern and known.level == "cause":
        return pattern.format(old=value_words(old, name), new=value_words(new, name))
    if known.level == "cause" and new is None:
        return f"no {known.label}"
    return f"{known.label} {shown(new)}" if old is None else f"{known.label} {arrow}"


def value_words(value: Value, name: str) -> str:
    """A value inside a phrase."""
    if isinstance(value, tuple):
        return listed([value_words(one, name) for one in value])
    if name.endswith("rotated_share") and isinstance(value, float):
        share = Fraction(value).limit_denominator(16)
        return FRACTIONS.get(share, f"{value:.0%}")
    if name == "qk_norm":
        return NORMED.get(value, shown(value)).replace(",", "")
    if name == "residual":
        return RESIDUALS.get(value, shown(value))
    if name in ("gate", "activation") and value == "silu":
        return "SiLU"
    if name == "scoring" and value == "sqrtsoftplus":
        return "root-softplus"
    if name in ("passes", "multi_token_prediction") and isinstance(value, int):
        return spoken(value)
    return shown(value)


def _scaled(label: str, more: str, fewer: str, old: Value, new: Value) -> str:
    assert isinstance(old, int | float)
    assert isinstance(new, int | float)
    grows = new > old
    if more:
        return more if grows else fewer
    ratio = Fraction(new).limit_denominator(10**6) / Fraction(old).limit_denominator(10**6)
    if ratio in RATIOS:
        return RATIOS[ratio].format(noun=label)
    return f"{'more' if grows else 'fewer'} {label}"


def fact_words(name: str, value: Value) -> str:
    """A fact's value as it stands in a table."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return _several_words(name, value)
    if name == "norm_placement":
        return PLACEMENTS.get(value, shown(value))
    if name == "wiring":
        return _wiring(value)
    if name == "place":
        return shown(value).removesuffix(" 1")
    if name in ("vision_tower", "audio_tower") and value == 1:
        return "yes"
    if name == "position":
        return {"rope": "rotary", "learned": "learned", "alibi": "ALiBi"}.get(
            str(value), shown(value)
        )
    spelled = name in ("qk_norm", "gate", "activation", "scoring") or name.endswith("rotated_share")
    return value_words(value, name) if spelled else shown(value)


def _several_words(name: str, values: tuple[Plain, ...]) -> str:
    """The values of layers that differ; what only part of them have says so."""
    held = tuple(one for one in values if one is not None)
    if held == (True,):
        return "in some layers"
    many = len(held) > FEW and all(isinstance(one, int | float) for one in held)
    words = shown(held) if many else listed([fact_words(name, one) for one in held])
    return words if held == values else f"{words} in some layers"
