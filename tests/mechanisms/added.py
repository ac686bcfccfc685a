"""What the package that is first on the path makes of a model, as JSON: for `test_adding.py`, whose own has it not."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.architecture import schema
from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.load import Model, find
from llm_gallery.comparison import compare, text
from llm_gallery.figure import ThemeName, draw, legend
from llm_gallery.figure.draw import Page
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.site.pages import files
from tests.figure.gates import faults
from tests.figure.weights_said import unsaid


def drawn(drawing: Drawing) -> dict[str, Any]:
    """A figure's faults, its words, and its file in every theme."""
    words = [shape for shape in flat(drawing.picture) if isinstance(shape, Text)]
    return {
        "faults": faults(drawing.picture),
        "words": ["".join(span.text for span in shape.spans) for shape in words],
        "description": drawing.description,
        "files": {theme: drawing.alone(theme, outlined=False) for theme in get_args(ThemeName)},
    }


def shown(model: Model) -> dict[str, Any]:
    """What one model's figures, numbers and comparison say."""
    architecture = model.architecture
    attending = without(architecture.root, "hybrid")
    levels = {d: draw(architecture, model.heading, detail=d) for d in ("card", *get_args(Page))}
    return {
        "facts": facts(architecture),
        "tensors": {tensor.name: tensor.shape for tensor in tensors(architecture.root)},
        "figures": {detail: drawn(drawing) for detail, drawing in levels.items()},
        "unsaid": unsaid(architecture.root, levels["full"].picture),
        "survives": schema.from_json(json.loads(json.dumps(schema.to_json(architecture))))
        == architecture,
        "diff": text(compare([find("llama-3-8b"), model])),
        "bytes_without": attending and cache(attending).bytes_per_token,
        "legend": drawn(legend())["words"],
    }


def pages(catalog: Path) -> dict[str, str]:
    """Every page of the site of a catalog, and the data of its models."""
    made = files(catalog).pages
    return {
        page.path: page.render().decode() for page in made if page.path.endswith((".html", ".json"))
    }


if __name__ == "__main__":
    said = shown(find(sys.argv[1]))
    said["pages"] = pages(Path(sys.argv[2])) if sys.argv[2:] else {}
    print(json.dumps(said))
