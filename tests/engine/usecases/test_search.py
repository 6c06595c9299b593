"""Searches on real small repositories: what is found, what it costs, and what the pack holds of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BudgetTooSmall, InputError, UsageError
from engine.inspector import Inspector
from engine.model import ChunkClass
from engine.request import PackRequest, ScanRequest, Tuning

MODEL = "gpt-4o"
SUBJECTS = ("invoice", "parser", "socket", "palette", "ledger", "schedule")
VERBS = ("open", "close", "measure", "repair")
TRACE = """Traceback (most recent call last):
  File "/home/somebody/shop/src/palette.py", line 14, in close_palette
    palette_1 = given.close(1)
RuntimeError: closed twice
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "src").mkdir(parents=True)
    (root / "tests").mkdir()
    for subject in SUBJECTS:
        functions = "\n\n".join(
            f"def {verb}_{subject}(given):\n"
            + "".join(f"    {subject}_{step} = given.{verb}({step})\n" for step in range(8))
            + f"    return {subject}_0"
            for verb in VERBS
        )
        (root / "src" / f"{subject}.py").write_text(functions + "\n", "utf-8")
        tests = "\n\n".join(f"def test_{verb}_{subject}():\n    assert {verb}_{subject}(None)" for verb in VERBS)
        (root / "tests" / f"test_{subject}.py").write_text(tests + "\n", "utf-8")
    (root / "settings.toml").write_text("[ledger]\ntimeout = 30\n\n[socket]\nport = 80\n", "utf-8")
    return root


@pytest.fixture
def inspector(tmp_path: Path) -> Inspector:
    return Inspector(cache_path=tmp_path / "blobs.db")


def asked(folder: Path, query: str, budget: int = 1500, **wishes: object) -> PackRequest:
    return PackRequest(ScanRequest(folder, MODEL), budget, query=query, **wishes)  # type: ignore[arg-type]


@pytest.mark.parametrize("budget", [500, 700, 1500, 20_000])
@pytest.mark.parametrize("name", ["xml", "markdown", "json", "plain"])
def test_the_pack_of_a_search_is_never_over_its_budget(
    folder: Path, inspector: Inspector, budget: int, name: str
) -> None:
    found = inspector.search(asked(folder, "repair the ledger", budget, format=name))
    assert 0 < found.report["actual"] <= budget
    assert found.report["fits"]


def test_hits_are_sorted_priced_and_summed(folder: Path, inspector: Inspector) -> None:
    hits = inspector.search(asked(folder, "how is a ledger repaired?")).hits
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    total, read = 0, 0
    for hit in hits:
        total, read = total + hit.tokens, read + hit.prices[0]
        assert (hit.total, hit.prices_total[0]) == (total, read)
        assert list(hit.prices) == sorted(hit.prices, reverse=True)
        assert hit.tokens == (hit.prices[hit.level] if hit.level <= 4 else 0)
        assert sum(hit.why.values()) == pytest.approx(hit.score, abs=1e-4)


def test_the_best_hit_is_in_the_pack_in_full_and_said_to_be_a_hit(folder: Path, inspector: Inspector) -> None:
    found = inspector.search(asked(folder, "repair_ledger", 900))
    best = found.hits[0]
    assert (best.symbol, best.level, found.intent.name) == ("repair_ledger", 0, "symbol")
    assert "ledger_7 = given.repair(7)" in found.text
    item = next(item for item in found.report["items"] if item["symbol"] == "repair_ledger")
    assert "hit 1 of the search" in item["reason"]


def test_levels_of_hits_are_those_of_the_report(folder: Path, inspector: Inspector) -> None:
    found = inspector.search(asked(folder, "open the socket"))
    items = {(item["path"], item["start_line"]): item for item in found.report["items"]}
    shown = [hit for hit in found.hits if hit.level <= 4]
    assert shown
    for hit in shown:
        item = items[hit.path, hit.start_line]
        assert (item["level"], item["tokens"]) == (hit.level, hit.tokens)


def test_a_trace_finds_the_file_and_function_of_its_frame(folder: Path, inspector: Inspector) -> None:
    found = inspector.search(asked(folder, TRACE))
    assert found.intent.name == "incident"
    assert (found.hits[0].path, found.hits[0].symbol) == ("src/palette.py", "close_palette")
    assert any(entity["kind"] == "frame" and entity["line"] == 14 for entity in found.report["entities"])


def test_an_intent_chosen_by_hand_changes_weights_and_the_report_says_so(folder: Path, inspector: Inspector) -> None:
    query = "ledger timeout"
    plain = inspector.search(asked(folder, query), intent="search")
    config = inspector.search(asked(folder, query), intent="config")

    def best(found: object, chunk_class: ChunkClass) -> float:
        return max((hit.score for hit in found.hits if hit.chunk_class == chunk_class), default=0.0)  # type: ignore[attr-defined]

    assert config.report["intent"] == "config"
    assert config.intent.confidence == 1.0
    assert any("config" in change for change in config.report["intent_changes"])
    assert best(config, ChunkClass.CONFIG) > best(plain, ChunkClass.CONFIG) or best(plain, ChunkClass.CONFIG) == 1.0
    assert best(config, ChunkClass.CODE) < best(plain, ChunkClass.CODE) or best(config, ChunkClass.CODE) == 1.0


def test_wishes_of_the_asker_stay(folder: Path, inspector: Inspector) -> None:
    tuning = Tuning(pins=(("src/ledger.py", 3),), excludes=("tests/",))
    found = inspector.search(asked(folder, "repair_ledger", tuning=tuning))
    assert not [hit for hit in found.hits if hit.path.startswith("tests/")]
    assert {hit.level for hit in found.hits if hit.path == "src/ledger.py"} == {3}


def test_no_match_is_an_answer_that_costs_nothing(folder: Path, inspector: Inspector) -> None:
    found = inspector.search(asked(folder, "zzyzx"))
    assert (found.hits, found.matches, found.text) == ((), 0, "")
    assert found.report["actual"] == 0
    assert found.report["fits"]
    assert found.report["items"] == []


def test_the_same_search_gives_the_same_bytes_and_leaves_packs_as_they_were(folder: Path, inspector: Inspector) -> None:
    request = asked(folder, "repair the ledger", 900)
    before = inspector.pack(request).text
    found = inspector.search(request).text
    assert inspector.pack(request).text == before
    assert inspector.search(request).text == found


def test_only_so_many_hits_are_listed_but_all_are_counted(folder: Path, inspector: Inspector) -> None:
    found = inspector.search(asked(folder, "open the socket"), limit=2)
    assert len(found.hits) == 2
    assert found.matches > 2


@pytest.mark.parametrize(
    "query",
    ["\x00\x1b[31mledger", "\udcff ledger", "](){}<script>*?[", "a" * 30_000, "(" * 5_000 + "ledger",
     "../../../etc/passwd:1"],
)  # fmt: skip
def test_hostile_queries_are_only_words(folder: Path, inspector: Inspector, query: str) -> None:
    found = inspector.search(asked(folder, query))
    assert found.report["actual"] <= 1500
    assert "\x1b" not in found.query
    found.query.encode()


def test_what_makes_no_sense_is_refused(folder: Path, inspector: Inspector, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        inspector.search(asked(folder, "  "))
    with pytest.raises(UsageError):
        inspector.search(asked(folder, "ledger"), intent="guess")
    with pytest.raises(UsageError):
        inspector.search(asked(folder, "ledger"), limit=0)
    with pytest.raises(BudgetTooSmall):
        inspector.search(asked(folder, "ledger", 5))
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError):
        inspector.search(asked(tmp_path / "empty", "ledger"))


def test_a_thing_asked_for_by_name_comes_before_those_that_mention_it(folder: Path, inspector: Inspector) -> None:
    many = "\n".join(f"    repair_ledger(repair_ledger, repair_ledger, {number})" for number in range(40))
    (folder / "src" / "calls.py").write_text(f"def repair_ledger_often():\n{many}\n", "utf-8")
    (folder / "src" / "short.py").write_text("class Book:\n    def repair_ledger(self):\n        return 1\n", "utf-8")
    symbols = [hit.symbol for hit in inspector.search(asked(folder, "Book.repair_ledger")).hits]
    assert symbols[0] == "Book.repair_ledger"
    symbols = [hit.symbol for hit in inspector.search(asked(folder, "repair_ledger")).hits]
    assert set(symbols[:2]) == {"Book.repair_ledger", "repair_ledger"}
