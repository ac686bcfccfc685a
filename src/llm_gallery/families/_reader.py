"""Reads a family's frozen dataclass from a config: every key says whether it was stated, assumed or never read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from types import NoneType
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from llm_gallery.architecture.fact import Evidence, known
from llm_gallery.architecture.refusal import Refusal, counted, quoted
from llm_gallery.families._config import LANGUAGE_MODEL, Few, Json, defaults, same
from llm_gallery.families._ignored import IGNORED, KEPT
from llm_gallery.families._registry import keys, module_name, names
from llm_gallery.families._values import checked, options, word

T = TypeVar("T")

MOST_KEYS = 1000
"""What no config comes near: the longest have some 150."""
_ROTARY = ("rope_theta", "partial_rotary_factor")
_FILLED = ("rope_theta", "rope_parameters")
"""Keys of which null is no value of their own: what the reference's class has, or none."""


class Reading(NamedTuple):
    """What reading a config left open: keys that the family doesn't read, and keys that the reference fills in, with their values.

    `kept` is the config without the keys that say nothing about the architecture, `foreign` a line for each
    key that transformers passes over though the releases' own code reads it, and takes another value for.
    `repeated` are keys that say what another spelling of the same said already, `filled` all that is filled in,
    sizes that a family's own code has as defaults too.
    """

    unread: tuple[str, ...]
    assumed: Json
    kept: Json
    foreign: tuple[str, ...]
    repeated: tuple[str, ...]
    filled: Json


def read(
    cls: type[T],
    raw: Json,
    where: str = "",
    evidence: Mapping[str, Evidence] | None = None,
    filled: Json | None = None,
) -> tuple[T, Reading]:
    """The config as `cls`, and what was left open. Raises Refusal naming the key, its value and what was expected.

    `evidence` says how sure a value is, by key, where a file of another spelling doesn't state it as it is;
    `filled` is what a wrapper's class fills in where its language model's own would fill in something else.
    """
    reader = _Reader(cls, raw, where, evidence or {}, filled or {})
    return reader.read(), reader.reading()


class _Reader:
    """One pass over one config object."""

    def __init__(
        self, cls: Any, raw: Json, where: str, evidence: Mapping[str, Evidence], filled: Json
    ) -> None:
        self.cls, self.raw, self.where, self.told = cls, raw, where, evidence
        reference = defaults(getattr(cls, "model_type"))  # noqa: B009 - set by @config
        self.defaults: Mapping[str, Any] = {**reference.get("defaults", {}), **filled}
        self.aliases: Mapping[str, str] = reference.get("aliases", {})
        self.never_null: Sequence[str] = reference.get("never_null", ())
        self.of_any_type: Mapping[str, str] = reference.get("parts", {})
        self.kept: dict[str, Any] = {}
        self.evidence: dict[str, Evidence] = {}
        self.assumed: dict[str, Any] = {}
        self.foreign: list[str] = []
        self.spelled: dict[str, str] = {}
        self.unread: list[str] = []
        self.repeated: list[str] = []
        self.own: dict[str, float] = {}

    def read(self) -> Any:
        if len(self.raw) > MOST_KEYS:
            raise Refusal(
                f"{self.where.rstrip('.') or 'the config'} has {counted(len(self.raw), 'key')}, "
                f"expected at most {MOST_KEYS:,}; is it the config of a model?"
            )
        typed = hints(self.cls)
        values: dict[str, Any] = {}
        read: set[str] = set()
        for field in fields(self.cls):
            key = field.name
            if key in self.cls.unused and field.default is not MISSING:
                values[key] = field.default  # a parent's class reads it, this one's doesn't
                read.add(key)
                continue
            if self._undeclared(key, typed[key]):
                values[key] = field.default
                if key in self.raw and not self.raw[key]:  # says what is so anyway
                    read.add(key)
                continue
            said = [k for k in self._spellings(key) if k in self.raw]
            spelled = said[0] if said else key
            for other in said[1:]:
                same(self.raw[other], self.raw[spelled], (self.where + other, self.where + spelled))
                if self.where + spelled not in self.repeated:  # the same pair, from its other end
                    self.repeated.append(self.where + other)
            read.update(said or [key])
            values[key] = self._value(key, spelled, typed[key], field.default)
            self.spelled[spelled] = key
        looked_up = IGNORED | self.cls.unused
        unread = [key for key in self.raw if key not in read and key not in looked_up]
        self.unread += [self.where + key for key in unread]
        declared = {*read, *unread, *KEPT}
        self.kept = {k: self.kept.get(k, v) for k, v in self.raw.items() if k in declared}
        config: Any = self.cls(**values)
        object.__setattr__(config, "evidence", self.evidence)
        self.foreign += self._foreign(config)
        return config

    def reading(self) -> Reading:
        assumed = dict(sorted(self.assumed.items()))
        return Reading(
            tuple(sorted(self.unread)),
            assumed,
            self.kept,
            tuple(self.foreign),
            tuple(self.repeated),
            {**assumed, **self.own},
        )

    def _foreign(self, config: Any) -> Iterator[str]:
        """Where the releases' own code and the reference would build different models from this config."""
        for spelled, other in self.cls.foreign.items():
            if spelled not in self.raw or spelled not in self.spelled:
                continue
            said, taken = getattr(config, self.spelled[spelled]), other(config)
            if said is not None and said != taken:
                instead = quoted(taken) if quoted(taken) != quoted(said) else "another"
                yield (
                    f"{self.where}{spelled} is {quoted(said)}; transformers passes it over, or reads it "
                    f"otherwise, and takes {instead}: the key is read as the releases' own code reads it; "
                    "no number is certain of a model that transformers builds"
                )

    def _undeclared(self, key: str, hint: Any) -> bool:
        """Whether the reference's class has no such switch, so that a config can't turn it."""
        marked = "declared" in _metadata(hint)
        return marked and bool(self.defaults) and key not in self.defaults

    def _spellings(self, key: str) -> tuple[str, ...]:
        """The key itself, then the reference's other names for it."""
        pairs = self.aliases.items()
        return (key, *(a for a, b in pairs if b == key), *(b for a, b in pairs if a == key))

    def _said_inside(self, key: str) -> bool:
        """Whether another key says it, so that no default applies; rotary keys stand in an object since 2026."""
        whole, _, part = self.cls.unless.get(key, "").partition(".")
        said = self.raw.get(whole) if whole else None
        if part in said if isinstance(said, Mapping) else said:
            if isinstance(said, Mapping) and said[part] is None:
                raise Refusal(
                    f"{self.where}{whole}.{part} is null, expected the value of {key}; "
                    "correct it in the config"
                )
            return True
        objects = [self.raw.get(k) for k in ("rope_parameters", "rope_scaling")]
        if key == "rope_parameters":
            return bool(objects[1])
        return key in _ROTARY and any(isinstance(h, Mapping) and key in h for h in objects)

    def _usual_rotation(self) -> bool:
        """Whether the reference's class has an object of rotary keys, base included, that the config leaves as it is."""
        states_rotation = "rope_parameters" in self.raw or bool(self.raw.get("rope_scaling"))
        return bool(self.defaults.get("rope_parameters")) and not states_rotation

    def _value(self, key: str, spelled: str, hint: Any, own_default: Any) -> Any:
        with_default = [k for k in self._spellings(key) if k in self.defaults]
        evidence: Evidence
        filled = key in _FILLED and not any("null counts" in _metadata(o) for o in options(hint))
        if spelled in self.raw and not (filled and self.raw[spelled] is None):
            value, evidence = self.raw[spelled], self.told.get(spelled, "stated")
        elif self._said_inside(key):
            return None
        elif key == "rope_theta" and spelled in self.raw and not self._usual_rotation():
            value, evidence = None, "stated"  # whoever rotates by it refuses
        elif with_default:
            value, evidence = self.defaults[with_default[0]], "assumed"
        elif own_default is not MISSING:
            fixed = isinstance(own_default, bool) or get_origin(hint) is Literal
            if isinstance(own_default, int | float) and own_default and not fixed:  # 0: none
                self.own[self.where + key] = own_default
            return own_default
        else:
            raise Refusal(
                f"{self.where}{key} is missing, expected {' or '.join(map(word, options(hint)))}: "
                "the reference has no default; add it"
            )
        if isinstance(value, list) and (listed := _listed(hint)) is not None:
            return self._each(listed, value, spelled)
        nested = self._nested(key, hint, value)
        may_lack = NoneType in options(hint)
        if nested is not None and value is None and key != LANGUAGE_MODEL and not may_lack:
            value = {}  # the reference builds a tower that the config leaves out, from defaults
        if nested is not None and isinstance(value, Mapping):
            return self._inner(nested, value, spelled)
        if nested is not None and evidence == "assumed" and not may_lack:
            raise Refusal(
                f"{self.where}{key} is missing, expected an object with the keys of the language "
                f"model{self._at_the_top()}; add it"
            )
        if value is None and any(k in self.never_null for k in with_default):
            hint = next(o for o in options(hint) if o is not NoneType)
        if value is None and hint == Few:
            value = 0
        if value is None and evidence == "assumed" and NoneType not in options(hint):
            raise Refusal(
                f"{self.where}{key} is missing, expected {' or '.join(map(word, options(hint)))}: "
                "the reference's default is null, which builds no model; add it"
            )
        taken = checked(value, hint, f"{self.where}{spelled}")
        self.evidence[key] = evidence
        if evidence == "assumed" and value is not None:  # null: the feature is absent, as the key
            self.assumed[self.where + key] = value
        return known(taken, evidence, spelled)

    def _at_the_top(self) -> str:
        """The type that a config is of whose keys stand where a wrapper's don't, where a family has it."""
        alone = f"{self.cls.model_type}_text"
        flat = any(key in self.raw for key in ("hidden_size", "num_hidden_layers"))
        return (
            f" (at the top they are of model_type {quoted(alone)})"
            if flat and alone in names()
            else ""
        )

    def _nested(self, key: str, hint: Any, value: Any) -> type | None:
        """The dataclass of a nested config: where several may stand there, that of its model_type.

        The reference builds some parts as their model_type says: any known language model, and one tower.
        """
        classes = (
            [option for option in options(hint) if is_config(option)] if is_config(hint) else []
        )
        said = value.get("model_type") if isinstance(value, Mapping) else None
        kind = said or self.of_any_type.get(key)
        same = [option for option in classes if option.model_type == kind]
        if same or said in (None, self.of_any_type.get(key, said)):
            return next(iter(same or classes), None)
        family = module_name(str(said))
        if key == LANGUAGE_MODEL and family in names() and defaults(family):
            cls: type = keys(family)
            if not any(part.name == LANGUAGE_MODEL for part in fields(cls)):
                return cls
        towers = [option.model_type for option in classes]
        models = [*towers, "another that a family describes"] if key == LANGUAGE_MODEL else towers
        raise Refusal(
            f"{self.where}{key}.model_type is {quoted(said)}, expected {' or '.join(models)}; "
            f"for the language model alone, give its {LANGUAGE_MODEL} as a config"
        )

    def _each(self, nested: type, values: Sequence[Any], spelled: str) -> tuple[Any, ...]:
        """A list of nested configs."""
        checked(values, tuple[Mapping[str, Any], ...], f"{self.where}{spelled}")
        places = [f"{spelled}[{i}]" for i in range(len(values))]
        configs = tuple(map(self._inner, [nested] * len(values), values, places))
        self.kept[spelled] = [self.kept.pop(place) for place in places]
        return configs

    def _inner(self, nested: type, value: Json, spelled: str) -> Any:
        config: Any
        reference = defaults(self.cls.model_type)
        of_parts = reference.get("inside_parts", {}).get(spelled)
        filled = reference.get("inside") if spelled == LANGUAGE_MODEL else of_parts
        at = f"{spelled}."
        evidence = {k.removeprefix(at): said for k, said in self.told.items() if k.startswith(at)}
        config, reading = read(nested, value, self.where + at, evidence, filled)
        self.unread += reading.unread
        self.assumed |= reading.assumed
        self.foreign += reading.foreign
        self.repeated += reading.repeated
        self.own |= {key: reading.filled[key] for key in reading.filled.keys() - reading.assumed}
        self.kept[spelled] = reading.kept
        return config


@cache
def hints(cls: type) -> Mapping[str, Any]:
    """The keys of a config dataclass with their types, bounds included."""
    return get_type_hints(cls, include_extras=True)


def _metadata(hint: Any) -> tuple[Any, ...]:
    """What a type says beside what it is."""
    said: tuple[Any, ...] = getattr(hint, "__metadata__", ())
    return said


def _listed(hint: Any) -> type | None:
    """The dataclass of a list of nested configs."""
    lists = (get_args(option)[0] for option in options(hint) if get_origin(option) is tuple)
    return next((option for option in lists if is_config(option)), None)


@cache
def is_config(hint: Any) -> bool:
    """Whether a key holds an object that a dataclass describes."""
    return any(hasattr(option, "__dataclass_fields__") for option in options(hint))
