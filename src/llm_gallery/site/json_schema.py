"""models.json as pydantic models, which write its JSON Schema: the meaning of a key stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from llm_gallery.architecture.fact import Evidence
from llm_gallery.mechanisms.facts import term

Json = dict[str, Any]
Count = Annotated[int, Field(ge=0)]
AtLengths = dict[str, Count]
"""Numbers under lengths in tokens."""


class Closed(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, from_attributes=True, use_attribute_docstrings=True
    )


class Part(Closed):
    part: str
    """its name"""
    stored: Count
    """parameters"""
    active: Count
    """of them, read for one token"""


class Weights(Closed):
    format: str | None
    """of most weights of the release: "mxfp4"; null where the config states none, and bytes are those of 16 bits"""
    packed: bool
    """whether the release is quantized"""
    bytes: Count | None
    """of the language model in that format; null where it isn't known how the release stores them"""
    multi_token_prediction: Count | None
    """bytes of modules that predict further tokens"""
    other_modalities: Count | None
    """bytes of towers"""


class Parameters(Closed):
    total: Count
    """stored; tied tensors once"""
    active: Count
    """read for one token, experts and rows of tables; the most where that varies"""
    active_least: Count
    """the least, where some choices of a router run no expert, or nothing states how many run; else the same"""
    active_without_embedding: Count
    """the same without the input embedding"""
    embedding: Count
    """of the input embedding"""
    lookup: Count
    """in tables of which a token reads a few rows, beside the input embedding"""
    multi_token_prediction: Count
    """stored apart from the total"""
    other_modalities: Count
    """vision and audio towers, apart from the total"""
    parts: list[Part]
    """parts that sum to the total"""


class Mix(Closed):
    kind: str
    """by token mixer, and by channel mixer where that varies"""
    count: Count
    """how many of them"""


class Layers(Closed):
    count: Count
    """how many layers"""
    mix: list[Mix]
    """layers of each kind, in order of first appearance"""
    pattern: str
    """the schedule, folded"""
    causal: bool
    """whether each token sees only itself and those before it, in every layer"""


class CacheRow(Closed):
    kind: str
    """what keeps it"""
    layers: Count
    """how many layers"""
    window: Count | None
    """tokens that are kept at most; null for all"""
    bytes_per_token: Count
    """growth of these layers"""
    state_bytes: Count
    """of these layers"""


class Cache(Closed):
    dtype: str
    """of keys, values and latents; states have their own"""
    bytes_per_token: Count
    """growth while every window is still filling"""
    bytes_per_token_long: Count
    """growth once the windows are full"""
    state_bytes: Count
    """what does not grow"""
    bytes_at: AtLengths
    """bytes after so many tokens"""
    rows: list[CacheRow]
    """the same by what keeps it"""


class Fact(Closed):
    name: str
    """of the fact"""
    label: str
    """the same in a reader's words"""
    value: bool | int | float | str
    """a number, a word, or whether it is so"""
    evidence: Evidence
    """stated, assumed, implied, derived or published; see definitions"""
    source: str
    """the config's key, a formula or an address; empty where the class implies it"""


class Section(Closed):
    title: str
    """the mixer's name; Model for what holds of the whole"""
    layers: Count
    """how many layers have it; 0 for the whole"""
    field_name: str
    """what papers call it, as MLA; empty where no name of the field is known"""
    makers: dict[str, str]
    """of its names that only one maker uses, whose each is"""
    facts: list[Fact]
    """one after another, as the fact sheet of the model's page has them"""


class Licence(Closed):
    name: str
    """as its publisher names it"""
    link: str
    """address of its text"""


class Model(Closed):
    """A model: its facts, and what its entry says."""

    id: str
    """stable; the model's address is models/<id>/"""
    name: str
    """as its makers write it"""
    model_type: str
    """family, as the config names it"""
    guess: None
    """the family that stands in where the config's own is unknown; null in this catalog"""
    parameters: Parameters
    """exact counts"""
    weights: Weights
    """bytes of the release"""
    layers: Layers
    """the stack"""
    cache: Cache
    """what one sequence keeps between two tokens"""
    flops_per_token_at: AtLengths
    """operations of the forward pass for the token at this position"""
    context: Count | None = Field(description=term("context").meaning)
    context_configured: Count | None = Field(description=term("configured_context").meaning)
    width: Count = Field(description=term("width").meaning)
    vocabulary: Count = Field(description=term("vocabulary").meaning)
    sheet: list[Section]
    """what the model and each distinct mixer of its layers state"""
    concepts: list[str]
    """ids; each has a page under concepts/"""
    unread: list[str]
    """keys of the config that nothing reads yet"""
    assumed: list[str]
    """keys that the config leaves out; the reference's defaults stand in"""
    warnings: list[str]
    """what is odd about the config"""
    organization: str
    """who released the weights"""
    repository: str
    """on huggingface.co"""
    released: date
    """day on which the weights were published, ISO 8601"""
    summary: str
    """what sets it apart, in a sentence"""
    licence: Licence
    """of the weights"""
    report: str | None
    """address of the authors' report"""
    doubts: list[str]
    """what of the day, the licence or the config is uncertain, and why"""
    context_published: Count | None
    """tokens that the authors state, where that is another number"""


MODELS = TypeAdapter(list[Model])
"""Reads models.json, and refuses what isn't."""


class _Untitled(GenerateJsonSchema):
    """Without the titles that would say each key once more in other capitals."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema() -> Json:
    """The schema that models.json fits."""
    return written(
        MODELS,
        title="Models of the LLM Architecture Gallery",
        description="One object a model, newest first; counts are exact integers.",
    )


def written(types: TypeAdapter[Any], **head: str) -> Json:
    """The schema of these types; `head` is what they don't say of themselves."""
    dialect = GenerateJsonSchema.schema_dialect
    return {"$schema": dialect, **head, **types.json_schema(schema_generator=_Untitled)}


@dataclass(frozen=True, slots=True)
class Key:
    """A key of models.json: its path, the types that its value may have, and what it means."""

    path: str
    types: tuple[str, ...]
    text: str


def keys() -> Iterator[Key]:
    """Every key of a model, in order."""
    yield from keys_of(schema())


def keys_of(whole: Json) -> Iterator[Key]:
    """Every key of what a schema describes, in order; of a list, those of its items."""
    yield from _keys(whole.get("items", whole), "", whole["$defs"])


def _keys(node: Json, path: str, definitions: Json) -> Iterator[Key]:
    node = definitions[node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    if "items" in node:
        yield from _keys(node["items"], f"{path}[]", definitions)
    for name, inside in node.get("properties", {}).items():
        below = f"{path}.{name}" if path else name
        types = [choice.get("type", "object") for choice in inside.get("anyOf", [inside])]
        yield Key(below, tuple(sorted(types)), inside["description"])
        yield from _keys(inside, below, definitions)
