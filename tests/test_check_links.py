"""The list of links holds every address of the catalog, and forgets nothing that was found out."""

from __future__ import annotations

import sys
import tomllib
from datetime import date
from pathlib import Path
from threading import Lock

import pytest

from llm_gallery.catalog.load import entries
from llm_gallery.concepts import concepts
from tools import check_links
from tools.check_links import Link, addresses, checked, known, listed, written
from tools.link_request import Answer, Patience

DAY = date(2026, 12, 1)
SEEN = Link(stored="cited", seen=date(2026, 11, 26))


def test_every_address_of_the_catalog_is_found() -> None:
    found = addresses()
    for entry in entries():
        told = {entry.licence.link, entry.provenance.source, *(one.link for one in entry.reading)}
        told.add(f"https://huggingface.co/{entry.repository}")
        assert {address.partition("#")[0] for address in told} <= found, entry.id
    assert {concept.paper.link for concept in concepts().values()} <= found
    assert all(address.startswith("https://") and "#" not in address for address in found)


def test_addresses_in_any_table_are_found_but_not_those_of_a_config(tmp_path: Path) -> None:
    """So that what lessons and courses will link to is found without a word here."""
    (tmp_path / "deep").mkdir()
    text = 'a = [{ b = "https://a.org/x#L3" }]\n[config]\nurl = "https://b.org"\n'
    (tmp_path / "deep" / "lesson.toml").write_text(text, "utf-8")
    assert addresses(tmp_path) == {"https://a.org/x"}


def test_what_is_new_was_never_asked_and_what_is_gone_goes() -> None:
    before = {"https://a.org": SEEN, "https://gone.org": SEEN}
    now = listed(before, frozenset({"https://b.org", "https://a.org"}))
    assert now == {"https://a.org": SEEN, "https://b.org": Link()}
    assert list(now) == sorted(now)


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    links = {
        "https://a.org": SEEN,
        "https://b.org/?q=1": Link(
            state="moved", status=200, to='https://c.org/"quoted"', checked=DAY
        ),
        "https://c.org": Link(state="failed", why="timed out", checked=DAY),
        "https://d.org": Link(),
    }
    file = tmp_path / "links.toml"
    file.write_text(written(links), "utf-8")
    assert known(file) == links
    assert "4 addresses (1 failed, 1 moved, 2 never); last asked on 2026-12-01." in file.read_text()
    assert known(tmp_path / "none.toml") == {}


def test_nothing_is_said_to_be_asked_that_was_not() -> None:
    assert "nobody has been asked yet" in written({"https://a.org": SEEN})
    for address, link in known().items():
        assert (link.state == "never") == (link.checked is None), address
        assert bool(link.stored) == (link.seen is not None), address


def test_the_committed_file_is_toml_of_https_addresses() -> None:
    held = tomllib.loads(check_links.RESULT.read_text("utf-8"))
    assert len(held) > 700
    assert all(address.startswith("https://") for address in held)


def test_a_server_gets_one_request_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers side by side, each with a pause between its pages; all pages are asked, and once."""
    lock, under_way, log, pauses = Lock(), set[str](), list[str](), list[float]()

    def answer(address: str, patience: Patience) -> Answer:
        server = address.split("/")[2]
        with lock:
            assert server not in under_way
            under_way.add(server)
            log.append(address)
        with lock:
            under_way.remove(server)
        return Answer(state="missing" if address.endswith("3") else "there", status=200)

    monkeypatch.setattr(check_links, "asked", answer)
    links = {f"https://{host}.org/{page}": SEEN for host in "abc" for page in range(4)}
    after = checked(links, Patience(sleep=pauses.append), DAY)
    assert sorted(log) == sorted(links)
    assert pauses == [1] * 9
    assert list(after) == list(links)
    for address, link in after.items():
        assert (link.stored, link.seen, link.checked) == ("cited", SEEN.seen, DAY)
        assert link.state == ("missing" if address.endswith("3") else "there")


@pytest.mark.parametrize(
    ("arguments", "code", "asks"), [(["--list"], 0, False), (["--check"], 1, False), ([], 1, True)]
)
def test_the_command(
    arguments: list[str],
    code: int,
    asks: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls: list[str] = []

    def answer(address: str, patience: Patience) -> Answer:
        calls.append(address)
        return Answer(state="missing", status=404)

    monkeypatch.setattr(check_links, "asked", answer)
    monkeypatch.setattr(check_links, "addresses", lambda: frozenset({"https://a.org/x"}))
    monkeypatch.setattr(check_links, "RESULT", tmp_path / "links.toml")
    monkeypatch.setattr(check_links.known, "__defaults__", (tmp_path / "links.toml",))
    monkeypatch.setattr(sys, "argv", ["check_links", *arguments])
    assert check_links.main() == code
    assert (calls == ["https://a.org/x"]) is asks
    said = capsys.readouterr()
    if asks:
        assert "missing 404: https://a.org/x" in said.err
        assert known(tmp_path / "links.toml")["https://a.org/x"].checked == date.today()
    if arguments == ["--check"]:
        assert "docs/links.toml differs: run python -m tools.check_links --list" in said.err
        assert not (tmp_path / "links.toml").exists()
    if arguments == ["--list"]:
        monkeypatch.setattr(sys, "argv", ["check_links", "--check"])
        assert check_links.main() == 0


def test_without_a_network_nothing_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "links.toml"
    file.write_text(before := written({"https://a.org/x": SEEN}), "utf-8")
    away = Answer(state="failed", why="no route to host")
    monkeypatch.setattr(check_links, "asked", lambda address, patience: away)
    monkeypatch.setattr(check_links, "addresses", lambda: frozenset({"https://a.org/x"}))
    monkeypatch.setattr(check_links, "RESULT", file)
    monkeypatch.setattr(check_links.known, "__defaults__", (file,))
    monkeypatch.setattr(sys, "argv", ["check_links"])
    assert check_links.main() == 1
    assert "no server answered: is there a network?" in capsys.readouterr().err
    assert file.read_text("utf-8") == before
