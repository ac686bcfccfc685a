"""Changes in the words that people would write, as phrases that stand after "with"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from llm_gallery.comparison.portrait import Part, Value
from llm_gallery.comparison.vocabulary import term

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip

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
    "mixed": "before some sublayers and after others",
}

WIRINGS: Mapping[str, str] = {
    "t, c": "attention and MLP one after the other",
    "t + c": "attention and MLP in parallel",
    "t + t, c": "two mixers side by side in each layer",
}

POSITIONS: Mapping[Value, str] = {
    "rope": "rotary",
    "none": "no",
    "learned": "learned",
    "alibi": "ALiBi",
}

SHARINGS: Mapping[Value, str] = {
    "MHA": "multi-head attention",
    "GQA": "grouped-query attention",
    "MQA": "multi-query attention",
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


def shown(value: Value) -> str:
    """A value as it stands in a table."""
    if isinstance(value, tuple):
        if len(value) > 3 and all(isinstance(v, int | float) for v in value):
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
    """The words of one changed fact; `part` says which layers, where others differ."""
    words = _special(name, old, new) or _plain(kind, name, old, new)
    return f"{words} in the {part} layers" if part and not words.startswith("windows") else words


def _special(name: str, old: Value, new: Value) -> str | None:
    if name == "norm_placement":
        return f"norms {PLACEMENTS.get(new, shown(new))} instead of {_after('norms', old)}"
    if name == "wiring":
        return f"{_wiring(new)} instead of {_wiring(old)}"
    if name == "position":
        words = f"{POSITIONS.get(new, shown(new))} positions"
        return words if "none" in (old, new) else f"{POSITIONS.get(new)} instead of {POSITIONS.get(old)} positions"
    if name == "sharing":
        return f"{SHARINGS[new]} instead of {SHARINGS[old]}"
    if name == "shared":
        return _shared(old, new)
    if name == "query_rank" and None in (old, new):
        return "queries not compressed" if new is None else f"queries from a latent of {shown(new)}"
    if name == "multi_token_prediction" and isinstance(new, int) and new > 1 and old is None:
        return f"{spoken(new)} multi-token-prediction modules"
    return None


def _after(noun: str, placement: Value) -> str:
    words = PLACEMENTS.get(placement, shown(placement))
    return words.removesuffix(" each sublayer") if words.endswith(" each sublayer") else words


def _wiring(value: Value) -> str:
    values = value if isinstance(value, tuple) else (value,)
    if set(values) <= {"t", "c"}:
        return "one part a layer"
    if all(str(one) in WIRINGS for one in values):
        return " and ".join(WIRINGS[str(one)] for one in values)
    return " and ".join(
        f"layers of {str(one).replace('t', 'a token mixer').replace('c', 'an MLP')}"
        for one in values
    )


def _shared(old: Value, new: Value) -> str:
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
        return pattern.format(old=_value(old, name), new=_value(new, name))
    if known.level == "cause" and new is None:
        return f"no {known.label}"
    return f"{known.label} {shown(new)}" if old is None else f"{known.label} {arrow}"


def _value(value: Value, name: str) -> str:
    if name == "rotated_share" and isinstance(value, float):
        share = Fraction(value).limit_denominator(16)
        return FRACTIONS.get(share, f"{value:.0%}")
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


NAMES: Mapping[str, str] = {
    "MHA": "multi-head attention",
    "GQA": "grouped-query attention",
    "MQA": "multi-query attention",
    "MLA": "multi-head latent attention",
    "MLP": "a dense MLP",
    "MoE": "experts",
}


def named(part: Part) -> str:
    """A part's mechanism in full words, with positions where they are the point."""
    reach, _, last = part.label.rpartition(" ")
    words = f"{reach} {NAMES[last]}".strip() if last in NAMES else part.label
    return words if part.rotated else f"{words} without positions"


def where(part: Part) -> str:
    """ "in every layer", "in three layers of four", "in the first three layers", "in 10 of 62 layers"."""
    place = part.place
    if place.words == "all":
        return "in every layer"
    if place.words.startswith("first "):
        return "in the first layer" if place.count == 1 else f"in the first {spoken(place.count)} layers"
    if place.words.startswith("all but"):
        first = place.of - place.count
        return f"after the first {spoken(first)} layers" if first > 1 else "after the first layer"
    if " in " in place.words:
        count, _, of = place.words.partition(" in ")
        return f"in {spoken(int(count))} layer{'s' if int(count) > 1 else ''} of {spoken(int(of))}"
    return f"in {place.count} of {place.of} layers"


def essentials(part: Part) -> str:
    """What a reader wants to know of a mechanism that is new."""
    facts = part.facts
    if part.kind == "moe":
        shared = facts.get("shared")
        beside = f", {_shared(None, shared).removesuffix(' experts').removesuffix(' expert')}" if shared else ""
        return f" ({shown(facts['experts'])}, {spoken(int(str(facts['used'])))} per token{beside})"
    if part.reach:
        return f" ({shown(facts[part.reach])} tokens)"
    return ""


def replaced(
    gone: Sequence[Part], come: Sequence[Part], both: Sequence[tuple[Part, Part]]
) -> str:
    """A mechanism that came, went or gave way to another."""
    kept = {old.kind for old, _ in both}
    if not come:
        return _gone(gone, kept)
    new = listed([_come(part, kept) for part in come])
    if not gone:
        return new
    same_place = len(gone) == len(come) == 1 and gone[0].place.words == come[0].place.words
    old = listed([named(part) if same_place else f"{named(part)}{_somewhere(part)}" for part in gone])
    return f"{new} instead of {old}"


def _somewhere(part: Part) -> str:
    return "" if part.place.words == "all" else f" {where(part)}"


def _come(part: Part, kept: set[str]) -> str:
    if part.role == "channel_mixer" and part.kind == "mlp" and part.place.words.startswith("first"):
        return f"{_dense(part.place.count)} first"
    if part.kind in kept and not part.rotated and not part.reach:
        return f"no positions {where(part)}"
    if part.kind in kept and part.reach:
        return f"{part.reach}s of {shown(part.facts[part.reach])} tokens {where(part)}"
    return f"{named(part)}{essentials(part)} {where(part)}"


def _gone(gone: Sequence[Part], kept: set[str]) -> str:
    phrases = []
    for part in gone:
        if part.role == "channel_mixer" and part.kind == "mlp":
            phrases.append("no dense layers" if kept else "no MLP")
        elif part.kind in kept and part.reach:
            phrases.append(f"no {part.reach}s")
        elif part.kind in kept and not part.rotated:
            phrases.append("positions in every layer")
        else:
            phrases.append(f"no {named(part)}")
    return listed(phrases)


def _dense(count: int) -> str:
    return f"{spoken(count)} dense layer{'s' if count > 1 else ''}"


def relaid(old: Part, new: Part) -> str:
    """The same parts in other layers."""
    if new.role == "channel_mixer" and new.kind == "mlp":
        if all(part.place.words.startswith("first ") for part in (old, new)):
            return f"{_dense(new.place.count)} instead of {spoken(old.place.count)}"
    return f"{named(new)} {where(new)} instead of {where(old).removeprefix('in ')}"


def listed(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
