"""diff, lineage and trends: what programs rely on, and what wrong usage is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_gallery.cli import main
from llm_gallery.lineage.designs import designs
from tests.described_catalog import members

Captured = pytest.CaptureFixture[str]


def test_diff_in_every_format(capsys: Captured) -> None:
    assert main(["diff", "deepseek-v3", "kimi-k2", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["models"] == [
        {"id": "deepseek-v3", "name": "DeepSeek V3"},
        {"id": "kimi-k2", "name": "Kimi K2"},
    ]
    sentence = said["differences"][0]["sentences"][0]
    assert main(["diff", "deepseek-v3", "kimi-k2"]) == 0
    assert sentence in capsys.readouterr().out
    assert main(["diff", "deepseek-v3", "kimi-k2", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("# DeepSeek V3, Kimi K2\n\n" + sentence)


def test_diff_as_a_figure(tmp_path: Path, capsys: Captured) -> None:
    assert main(["diff", "deepseek-v3", "kimi-k2", "--format", "svg"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("<svg")
    assert "<title>Difference of DeepSeek V3 and Kimi K2</title>" in printed
    for ending, start in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        file = tmp_path / f"difference{ending}"
        assert main(["diff", "deepseek-v3", "kimi-k2", "--output", str(file)]) == 0
        assert file.read_bytes().startswith(start)
    assert (tmp_path / "difference.svg").read_text("utf-8") + "\n" == printed
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("detail", "width"), [("phone", 400), ("column", 800)])
def test_diff_for_a_narrow_place(detail: str, width: int, tmp_path: Path) -> None:
    file = tmp_path / "difference.svg"
    assert main(["diff", "gpt2-xl", "kimi-k2", "-o", str(file), "--detail", detail]) == 0
    assert f'viewBox="0 0 {width} ' in file.read_text("utf-8")


@pytest.mark.whole
@pytest.mark.parametrize("kind", ["poster", "scale", "schedules", "tree", "legend"])
def test_sheets(kind: str, tmp_path: Path) -> None:
    models = [] if kind in ("tree", "legend") else ["gpt2-xl", "kimi-k2"]
    file = tmp_path / "sheet.svg"
    assert main(["sheet", kind, *models, "-o", str(file), "--theme", "dark"]) == 0
    assert file.read_text("utf-8").startswith('<svg class="dark"')


def test_diff_of_a_model_with_itself(capsys: Captured) -> None:
    assert main(["diff", "gpt2-xl", "gpt2-xl"]) == 0
    assert capsys.readouterr().out == "No difference.\n"


@pytest.mark.whole
def test_lineage_as_json(capsys: Captured) -> None:
    assert main(["lineage", "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert {"id", "released", "generation"} <= tree["nodes"][0].keys()
    assert {"child", "parent", "evidence", "distance", "changes"} <= tree["edges"][0].keys()
    assert {edge["evidence"] for edge in tree["edges"]} == {"measured", "stated"}


@pytest.mark.whole
def test_what_follows_one_model(capsys: Captured) -> None:
    assert main(["lineage", "--root", "deepseek-v3"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("2024-12-26  DeepSeek V3 (+ DeepSeek R1")
    assert "Kimi K2 is DeepSeek V3 with half the heads (128 → 64)" in said
    assert "Keeps 11 of the 13 concepts of DeepSeek V3, without Group-limited routing" in said
    assert main(["lineage", "--root", "deepseek-v3", "--format", "json"]) == 0
    nodes = {node["id"]: node for node in json.loads(capsys.readouterr().out)["nodes"]}
    assert nodes["kimi-k2"]["gone"] == ["group-limited-routing", "multi-token-prediction"]
    assert "multi-head-latent-attention" in nodes["kimi-k2"]["kept"]
    assert nodes["deepseek-v3.2"]["added"] == ["sparse-attention"]
    assert main(["lineage", "--root", "deepseek-v3", "--format", "markdown"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# What follows DeepSeek V3\n\n| released | model |")
    assert "| 11 of 13 | Group-limited routing, MTP |" in said


def test_the_path_between_two(capsys: Captured) -> None:
    way = ["lineage", "--path", "deepseek-v3", "kimi-k2", "--format"]
    assert main([*way, "json"]) == 0
    (step,) = json.loads(capsys.readouterr().out)["steps"]
    assert (step["parent"], step["child"]) == ("deepseek-v3", "kimi-k2")
    sentence = "Kimi K2 is DeepSeek V3 with half the heads (128 → 64)"
    for form in ("text", "markdown", "svg"):
        assert main([*way, form]) == 0
        assert sentence in capsys.readouterr().out


@pytest.mark.whole
def test_the_tree_as_markdown_and_drawn(capsys: Captured, tmp_path: Path) -> None:
    assert main(["lineage", "--format", "markdown"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# Family tree\n\n- **GPT** (2018-06-11)")
    assert "## Stated, not measured" in said
    assert main(["lineage", "--root", "deepseek-v3", "--format", "svg", "-o", f"{tmp_path}/a"]) == 0
    drawn = (tmp_path / "a").read_text("utf-8")
    assert ">What follows DeepSeek V3</" in drawn
    assert 'data-child="kimi-k2"' in drawn


def test_trends(capsys: Captured, tmp_path: Path) -> None:
    assert main(["trends", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["concepts"][0]["first"] == "gpt-1"
    assert main(["trends"]) == 0
    said = capsys.readouterr().out
    assert "2024-12-26  sigmoid-routing" in said
    assert "New to this catalog in the last two quarters" in said
    assert main(["trends", "--format", "svg"]) == 0
    assert 'data-model="kimi-k3"' in capsys.readouterr().out
    file = tmp_path / "trends.parquet"
    assert main(["trends", "--format", "parquet", "-o", str(file)]) == 0
    assert file.read_bytes()[:4] == b"PAR1"


def test_the_models_that_have_a_concept(capsys: Captured) -> None:
    assert main(["trends", "--concept", "mlstm"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        f"mlstm: 1 of {len(members())} models, 1 of {len(designs(members()))} designs\n"
    )
    assert "Have it in every release\n    NXAI (1 since 2024-12)\n" in out
    assert "  2024-12-11  xlstm-7b  NXAI  32 mLSTM\n" in out
    assert main(["trends", "--concept", "mlstm", "--format", "json"]) == 0
    (model,) = json.loads(capsys.readouterr().out)["models"]
    assert (model["model"], model["recurrent_layers"], model["global_layers"]) == (
        "xlstm-7b",
        32,
        0,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["diff", "gpt2-xl"], 2, "llm-gallery"),
        (["diff", *["gpt2-xl"] * 7], 2, "7 models are more than the six"),
        (["diff", "gpt2-xl", "kimi-k2", "--format", "yaml"], 2, "yaml"),
        (["diff", *["gpt2-xl"] * 5, "--format", "svg"], 3, "expected 2 to 4"),
        (
            ["diff", "gpt2-xl", "kimi-k2", "-o", "a.jpg"],
            2,
            "expected .svg, .png, .pdf, .tex or .excalidraw",
        ),
        (["diff", "gpt2-xl", "kimi-k2", "-o", "a.svg", "--format", "json"], 2, "json prints"),
        (["sheet", "legend", "gpt2-xl", "-o", "a.svg"], 2, "The legend takes no models"),
        (["sheet", "poster", "-o", "a.png", "--scale", "0"], 2, "--scale is 0"),
        (["draw", "gpt2-xl", "-o", "a.png", "--text", "live"], 2, "--text live is for an SVG"),
        (["draw", "gpt2-xl", "-o", "a.svg", "--text", "curves"], 2, "--text"),
        (["sheet", "poster", "gpt9", "-o", "a.png"], 3, '"gpt9" is no model'),
        (["diff", "gpt2-xl", "kimi-k9"], 3, '"kimi-k9" is no model'),
        (["lineage", "--root", "kimi-k9"], 3, '"kimi-k9" is no model of the tree'),
        (["lineage", "--path", "kimi-k2", "gpt2-xl"], 3, "doesn't follow kimi-k2"),
        (["lineage", "--path", "kimi-k2"], 2, "--path"),
        (["lineage", "--root", "a", "--path", "a", "b"], 2, "give one of them"),
        (["lineage", "-o", "/no/such/folder/a.txt"], 2, "can't be written"),
        (["trends", "--concept", "mlstn"], 3, '"mlstn" is no concept that a model of the catalog'),
        (
            ["trends", "--concept", "mlstm", "--format", "svg"],
            2,
            "--concept is told as text, json,",
        ),
        (["trends", "--next", "--format", "svg"], 2, "--next is told as text, markdown, json,"),
        (["trends", "--report", "2025", "--format", "parquet"], 2, "--report is told as text,"),
        (
            ["trends", "--next", "--report", "2025"],
            2,
            "--next and --report are different questions",
        ),
        (["trends", "--at", "2025-Q1"], 2, "--at is the quarter of --next"),
        (["trends", "--format", "markdown"], 2, "--format markdown is for --next and --report"),
        (["trends", "--next", "--at", "2025"], 3, 'came in "2025", expected a quarter such as'),
        (["trends", "--report", "1066"], 3, "no model of the catalog is of 1066"),
    ],
)
def test_wrong_usage_and_refusals(
    arguments: list[str], code: int, line: str, capsys: Captured
) -> None:
    assert main(arguments) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert line in said.err
    assert said.err.count("\n") == 1
