"""The page of trends tells of a census where the site is built with one, and says until when and of how many."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import MODELS
from llm_gallery.census.report import report
from llm_gallery.cli import main
from llm_gallery.site.pages import files
from tests.census.conftest import run
from tests.census.test_census import hub_rows


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("few")
    for model in ("gpt2-xl", "llama-3-8b", "deepseek-v3"):
        copy(MODELS / f"{model}.toml", folder)
    return folder


def trends(catalog: Path, census: Path | None) -> str:
    (page,) = (
        page for page in files(catalog, census=census).pages if page.path == "trends/index.html"
    )
    return page.render().decode()


def test_the_page_tells_of_a_census(catalog: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out, hub_rows(tmp_path / "rows.parquet", 300, group=300))
    found, page = report(out), trends(catalog, out)
    assert f"a census up to {found.coverage['newest'].isoformat()}" in page
    assert f"300 repositories, created from {found.coverage['first'].isoformat()}" in page
    assert f"{found.coverage['refused']:,} refused" in page
    assert page.count("% in ") >= 18  # what nine concepts' lines say, of models and of downloads
    assert str(found.copied[0]["repository"]) in page
    assert str(found.undescribed[0]["model_type"]) in page
    alone = trends(catalog, None)
    assert "census" not in alone
    assert len(alone) < len(page)


def test_without_a_date_it_says_so(catalog: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(
        '{"repository": "a/b", "config": {"model_type": "bert"}}\n'
    )
    run(tmp_path / "out", tmp_path / "rows.jsonl")
    page = trends(catalog, tmp_path / "out")
    assert "a census up to a day that no row states" in page
    assert "1 repository, " in page
    assert "What moved most, by month" not in page


def test_no_census_is_refused(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refusal, match="holds no finished census, expected the output of"):
        files(catalog, census=tmp_path)
    given = ["build", str(tmp_path / "site"), "--catalog", str(catalog), "--census", str(tmp_path)]
    assert main(given) == 3
    assert "holds no finished census" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()
