"""The key `page` of a model's facts.json as pydantic models, which write its JSON Schema and hold what is filled in."""

from __future__ import annotations

from datetime import date

from pydantic import ConfigDict, TypeAdapter

from llm_gallery.architecture.fact import Evidence
from llm_gallery.catalog.reading import Kind
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.site.calculator_schema import Calculator
from llm_gallery.site.json_schema import Closed, Count, Json, Model, written

Words = tuple[str, ...]


class Headline(Closed):
    label: str
    """what is counted"""
    anchor: str
    """heading of the definitions that says how"""
    value: str
    """in short"""
    notes: Words
    """what stands under it"""


class Mechanism(Closed):
    mechanism: Colour
    """its colour in the strip of layers"""
    label: str
    """its name"""
    layers: Count
    """how many layers have it"""


class Relative(Closed):
    id: str
    """of the model"""
    name: str
    """of the model"""
    released: date
    """its day, ISO 8601"""
    pair: str
    """ids of both models, the older first: the comparison's address is compare/index.html?m= and these"""
    words: str
    """what changed between them"""
    source: str
    """address of who says so; empty where nobody does"""
    told: str
    """what says that one follows the other, or that it only resembles it, and how far it is"""
    resembles: bool
    """whether only the measure says so"""


class Family(Closed):
    ancestors: tuple[Relative, ...]
    """the one that it has in common with its siblings first, else the one with the best evidence of descent, then the nearest"""
    siblings: tuple[Relative, ...]
    """models of the same release that have its nearest ancestor, oldest first"""
    stated: tuple[Relative, ...]
    """others that authors or code name"""
    children: tuple[Relative, ...]
    """models whose nearest ancestor this one is, oldest first"""
    more: Count
    """children that the page leaves out"""
    drawn: bool
    """whether the page draws what changed from the nearest ancestor"""
    recipe: bool
    """whether its recipe has a page of followers, recipes/ID/index.html"""


class SheetRow(Closed):
    fact: str
    """what it is called"""
    value: str
    """in words"""
    evidence: Evidence
    """stated, assumed, implied, derived or published; see definitions"""
    source: str
    """the config's key, a formula or an address"""


class SheetGroup(Closed):
    title: str
    """of the mechanism, with its layers"""
    rows: tuple[SheetRow, ...]
    """one after another"""
    meaning: dict[str, str]
    """what a fact means, under its name"""


class Concept(Closed):
    name: str
    """of the concept"""
    text: str
    """in a sentence"""
    models: Count
    """models of the catalog that have it"""


class Link(Closed):
    name: str
    """of what is linked"""
    address: str
    """where it is"""
    note: str
    """what it is"""


class Reading(Closed):
    kind: Kind
    """report (the authors' own), paper (of a method), article, code, talk or discussion"""
    title: str
    """as it calls itself; of code, where in it to begin"""
    author: str
    """who wrote it"""
    year: int
    """of its publication"""
    by: str
    """author and year in words, of code its version and line"""
    address: str
    """where it is, of code at its version and line"""
    version: str
    """tag or commit of code; empty for all else"""
    line: Count | None
    """where in the code to begin"""
    why: str
    """in a sentence: what a reader finds there"""


class PartShare(Closed):
    part: str
    """its name"""
    stored: Count
    """parameters"""
    stored_share: str
    """of the total"""
    active: Count
    """of them, read for one token"""
    active_share: str
    """of all that are read"""


class Bar(Closed):
    name: str
    """what is divided"""
    words: str
    """each part with its share"""


class Extra(Closed):
    elements: int
    """parameters; negative where the published count omits them"""
    what: str
    """what they are"""


class PublishedCount(Closed):
    id: str
    """of the model"""
    name: str
    """of the model"""
    source: str
    """address where the count is published"""
    total: Count
    """of the language model, as described here"""
    multi_token_prediction: Count
    """stored apart from the total"""
    other_modalities: Count
    """vision and audio towers, apart from the total"""
    scales: Count
    """of matrices that the checkpoint stores in eight bits"""
    extra: tuple[Extra, ...]
    """what the checkpoint stores beside, or leaves out"""
    published: Count | None
    """parameters; null where no count is published"""
    rounded: bool
    """whether the published count is a round number"""
    note: str
    """what else is to be said of it"""
    unexplained: str
    """what is known of a remainder"""
    difference: int | None
    """published less total; null where there is no exact count"""
    remainder: int | None
    """published less all that is described; null where there is no exact count"""
    reason: str
    """what the published count consists of"""


class Bytes(Closed):
    bytes: Count
    """exactly"""
    words: str
    """in short"""


class CacheCurve(Closed):
    name: str
    """of the model"""
    kept: dict[str, Bytes]
    """what one sequence keeps, under its length in tokens"""


class TensorPattern(Closed):
    name: str
    """with layers and experts in braces"""
    shape: tuple[Count, ...]
    """of each"""
    count: Count
    """how many there are"""
    elements: Count
    """of all of them together; 0 where they are tied"""
    tied_to: str | None
    """the tensor whose storage they share"""


class CodePart(Closed):
    name: str
    """its function, or what it is for"""
    says: str
    """in a sentence"""
    first: Count
    """line of the printed file, from 1"""
    last: Count
    """line, the last of the file's being how many it has"""


class Word(Closed):
    term: str
    """word, letter or sign in the figure"""
    meaning: str
    """in a sentence"""


class StepWords(Closed):
    title: str
    """of the panel"""
    words: str
    """its sentences"""


class FigureWords(Closed):
    seen: Words
    """that stand in it"""
    told: Words
    """its title and description, and what its blocks answer when they are asked"""


class Figures(Closed):
    """The words of each figure that none before it has."""

    card: FigureWords
    """a compact tower, 320 px wide: kinds of layers in true order, and what is new"""
    phone: FigureWords
    """400 px wide: one layer, what is new, what is kept"""
    column: FigureWords
    """800 px wide: the inside of each mechanism too"""
    standard: FigureWords
    """1,200 px wide: the same side by side"""
    full: FigureWords
    """the same with shapes, parameters and costs"""


class Inspected(Closed):
    says: str
    """of the whole model"""
    shapes: tuple[tuple[str, str], ...]
    """of what enters and leaves it"""
    parameters: str
    """stored"""
    active: str
    """run for a token"""
    bar: str
    """the whole of the bar, which shows what runs for a token"""
    kept: str
    """of a token, and at any length"""
    position: Count
    """where compute is told"""
    compute: str
    """for the token there"""


class PageFacts(Closed):
    """Everything that a model's page shows as a number or in words."""

    headline: tuple[Headline, ...]
    """the numbers on top"""
    explained: Words
    """the prose over the figure, paragraph by paragraph"""
    schedule: tuple[Mechanism, ...]
    """what the colours of the strip of layers are"""
    last_layer: int
    """number of the last layer, from 0"""
    words: tuple[Word, ...]
    """words and letters of the figure"""
    steps: tuple[StepWords, ...]
    """a token's way through it, one panel after another"""
    inspector: Inspected
    """beside the figure, before a part is asked about"""
    family: Family
    """where it comes from and what follows it"""
    sheet: tuple[SheetGroup, ...]
    """the fact sheet"""
    concepts: tuple[Concept, ...]
    """what it has"""
    links: tuple[Link, ...]
    """config, weights and licence"""
    reading: tuple[Reading, ...]
    """what there is to read about it"""
    parts: tuple[PartShare, ...]
    """parts that sum to the total"""
    bars: tuple[Bar, ...]
    """the parts side by side"""
    parts_in_words: Words
    """what the parts show"""
    published: PublishedCount
    """our count beside the published one"""
    cache_over_context: tuple[CacheCurve, ...]
    """the table under the chart: the model, then those beside it"""
    cache_in_words: Words
    """what the chart shows"""
    calculator: Calculator
    """what the calculator counts with"""
    tensors: tuple[TensorPattern, ...]
    """every tensor of the checkpoint once"""
    stored_tensors: Count
    """tensors with storage of their own"""
    tensor_patterns: Count
    """rows of the table of tensors"""
    code: tuple[CodePart, ...]
    """the printed file, part by part; none where there is no file"""
    figure: Figures
    """words of the figure at each level of detail that no smaller one has"""
    note: str
    """on where the config comes from"""
    citation: str
    """of the page, as BibTeX"""


class ModelFacts(Model):
    """A model of models.json, and all that its page shows."""

    model_config = ConfigDict(title="A model of the LLM Architecture Gallery")

    page: PageFacts
    """what its page shows, as numbers and in words"""


MODEL_FACTS = TypeAdapter(ModelFacts)
"""Reads a model's facts.json, and refuses what isn't."""


def schema() -> Json:
    """The schema that every model's facts.json fits."""
    return written(MODEL_FACTS)
