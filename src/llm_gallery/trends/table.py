"""The numbers behind the trends as one flat table: a row a model, oldest first, with its concepts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from llm_gallery.catalog.parquet import Cell, Kind, parquet
from llm_gallery.lineage.sizes import Sizes
from llm_gallery.trends.trends import Trends

TEXT = ("model", "pattern", "recurrent", "attention")


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: Kind


def trends_parquet(counted: Trends) -> bytes:
    """The file's bytes: every number of `Sizes`, then the ids of the concepts, separated by spaces."""
    names = [field.name for field in fields(Sizes)]
    columns = [*(_Column(name, _kind(name)) for name in names), _Column("concepts", "text")]
    by_model = {sizes.model: " ".join(_concepts(counted, sizes.model)) for sizes in counted.sizes}
    return parquet(columns, [(*_row(sizes), by_model[sizes.model]) for sizes in counted.sizes])


def _kind(name: str) -> Kind:
    if name == "released":
        return "date"
    return "text" if name in TEXT else "integer"


def _row(sizes: Sizes) -> tuple[Cell, ...]:
    return tuple({**asdict(sizes), "released": sizes.released.isoformat()}.values())


def _concepts(counted: Trends, model: str) -> list[str]:
    return sorted(
        appearance.concept for appearance in counted.concepts if model in appearance.models
    )
