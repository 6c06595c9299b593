"""Measured error bands in a closed loop: logs with a known error are made, found, stated, taken back."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.store.database import open_database
from engine.store.telemetry_packs import write_packs
from engine.telemetry.pack_event import PackEvent
from engine.tokens import catalog, tokenizer
from tests.cli.conftest import Run

START = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
ESTIMATED, CLAUDE, EXACT = "gpt-6.1-sol", "claude-opus-5-5", "gpt-5.5"


def send(run: Run, tmp_path: Path, model: str, errors: Sequence[float], *, seed: int = 1, began: int = 0) -> None:
    """Packs of a model, and calls whose providers count them with these errors."""
    found = catalog().find(model)
    made, lines = [], []
    dice = random.Random(seed)
    for number, error in enumerate(errors, began):
        counted = dice.randrange(2_000, 60_000)
        at = START + datetime.timedelta(minutes=number)
        made.append(
            PackEvent(
                timestamp=at, dedupe_key=f"{model}-{number}", repository="shop", model=model, encoding=found.encoding,
                method=found.method.value, budget_tokens=64_000, est_used_tokens=counted, actual_tokens=counted - 500,
                quality=0.5, made_by="call", asked_tokens=counted,
            )
        )  # fmt: skip
        call = {
            "timestamp": at.isoformat(), "source": "packsight", "dedupe_key": f"{model}-{number}", "model": model,
            "provider": found.provider, "prompt_tokens": round(counted * (1 + error)), "actual_output_tokens": 100,
            "pack_key": f"{model}-{number}", "truncated": False,
        }  # fmt: skip
        # A continuation sends the answer so far as well.
        lines += [call, {**call, "dedupe_key": f"{model}-{number}-2", "attempt": 2, "prompt_tokens": counted * 9}]
    with open_database("", create=True) as database:
        write_packs(database, made)
    file = tmp_path / f"{model}-{began}.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run("telemetry", "record", file).code == 0


def spread(middle: float, width: float, count: int, seed: int = 3) -> list[float]:
    """Errors around a middle, as skewed as real ones."""
    dice = random.Random(seed)
    return [middle + width * (dice.betavariate(2, 4) - 1 / 3) for _ in range(count)]


def measured(run: Run, *words: object) -> dict[str, Any]:
    """The only group that ``calibrate --tokens`` lists."""
    (one,) = run("calibrate", "--tokens", *words, "--json").json["tokens"]
    found: dict[str, Any] = one
    return found


def test_a_known_error_is_found_stated_everywhere_and_taken_back(run: Run, tmp_path: Path, shop: Path) -> None:
    before = run("count", shop / "README.md", "-m", ESTIMATED, "--json").json
    send(run, tmp_path, ESTIMATED, spread(0.12, 0.04, 120))
    found = measured(run)
    assert (found["action"], found["prompts"], found["band_source"]) == ("apply", 120, "shipped")
    assert found["stated"] == list(catalog().find(ESTIMATED).error_band)
    assert found["middle"] == pytest.approx(0.12, abs=0.006)
    low, high = found["measured"]
    assert 0.10 <= low < 0.12 < high <= 0.15
    # Nothing is stated before it is applied.
    assert run("count", shop / "README.md", "-m", ESTIMATED, "--json").json == before
    applied = run("calibrate", "--tokens", "--apply", "--json").json
    assert [one["measured"] for one in applied["applied"]] == [[low, high]]
    counted = run("count", shop / "README.md", "-m", ESTIMATED, "--json").json
    assert (counted["count"], counted["band_source"], counted["band_samples"]) == (before["count"], "measured", 120)
    assert counted["error_band"][0] == int(counted["count"] * (1 + low))
    assert "measured on 120" in run("count", shop / "README.md", "-m", ESTIMATED).out
    for words in (("scan", shop, "-m", ESTIMATED), ("pack", shop, "-b", "900", "-m", ESTIMATED)):
        told = run(*words, "--json").json
        told = told.get("report", told)
        assert (told["error_band"], told["band_source"]) == ([low, high], "measured"), words
    assert measured(run)["action"] == "keep"
    assert "tokens o200k_base/gpt-6" in run("calibrate", "--history").out
    assert run("calibrate", "--rollback").code == 0
    assert run("count", shop / "README.md", "-m", ESTIMATED, "--json").json == before


def test_what_is_learned_of_answers_stays_when_bands_are_applied(run: Run, tmp_path: Path) -> None:
    assert run("calibrate", "--trial", "docs/low=3584").code == 0
    send(run, tmp_path, ESTIMATED, spread(0.05, 0.02, 60))
    assert run("calibrate", "--tokens", "--apply").code == 0
    assert [one["base_tokens"] for one in run("calibrate", "--json").json["trials"]] == [3584]


@pytest.mark.parametrize(
    ("errors", "action", "said"),
    [
        (spread(0.12, 0.04, 39), "wait", "1 more"),
        (spread(0.3, 1.2, 120), "refuse", "more than was counted"),
        ([*spread(0.02, 0.02, 60), *spread(0.15, 0.02, 60)], "refuse", "newer half"),
        ([*[4.0] * 60, *spread(0.02, 0.02, 30)], "wait", "10 more"),
    ],
)
def test_too_few_noisy_moved_and_foreign_samples_change_nothing(
    run: Run, tmp_path: Path, shop: Path, errors: list[float], action: str, said: str
) -> None:
    send(run, tmp_path, ESTIMATED, errors)
    found = measured(run)
    assert (found["action"], said in found["why"]) == (action, True), found
    refused = run("calibrate", "--tokens", "--apply")
    assert (refused.code, "no error band to apply" in refused.err) == (3, True)
    assert run("count", shop / "README.md", "-m", ESTIMATED, "--json").json["band_source"] == "shipped"


def test_a_few_odd_prompts_do_not_move_the_band(run: Run, tmp_path: Path) -> None:
    errors = spread(0.05, 0.02, 200)
    errors[10], errors[90], errors[150] = 0.9, -0.5, 1.4
    send(run, tmp_path, ESTIMATED, errors)
    found = measured(run)
    assert found["action"] == "apply"
    assert 0.03 <= found["measured"][0] < found["measured"][1] <= 0.07


def test_an_exact_count_never_gets_a_band(run: Run, tmp_path: Path, shop: Path) -> None:
    before = run("count", shop / "README.md", "-m", EXACT, "--json").json
    send(run, tmp_path, EXACT, spread(0.12, 0.02, 120))
    send(run, tmp_path, ESTIMATED, spread(0.12, 0.02, 120))
    rows = {one["method"]: one for one in run("calibrate", "--tokens", "--json").json["tokens"]}
    assert rows["exact"]["action"] == "exact"
    assert run("calibrate", "--tokens", "--apply", "--cell", "o200k_base/gpt-5").code == 3
    assert run("calibrate", "--tokens", "--apply").code == 0
    assert run("count", shop / "README.md", "-m", EXACT, "--json").json == before
    models = {one["id"]: one for one in run("models", "--json").json}
    assert models[EXACT]["error_band"] == [0.0, 0.0]
    assert models[ESTIMATED]["band_source"] == "measured"


def session(
    path: Path, growths: Iterable[tuple[str, str, int]], *, thinking: bool = False, spoil: bool = False
) -> None:
    """A log of Claude Code: each call reads a file, and the next prompt grows by the answer and the file's tokens."""
    prompt, output, lines = 20_000, 60, []
    for number, (name, text, tokens) in enumerate(growths):
        common = {
            "sessionId": path.stem,
            "isSidechain": False,
            "version": "2.1.280",
            "cwd": "/p",
            "userType": "external",
        }
        at = START + datetime.timedelta(seconds=20 * number)
        usage = {
            "input_tokens": 3, "cache_creation_input_tokens": 900, "cache_read_input_tokens": prompt - 903,
            "output_tokens": output, "output_tokens_details": {"thinking_tokens": 30 if thinking else 0},
        }  # fmt: skip
        tool = {"type": "tool_use", "id": f"toolu_{number}", "name": "Read", "input": {"file_path": f"/p/{name}"}}
        message = {
            "model": CLAUDE, "id": f"msg_{path.stem}_{number}", "role": "assistant", "content": [tool],
            "stop_reason": "tool_use", "usage": usage,
        }  # fmt: skip
        lines.append(
            {**common, "type": "assistant", "timestamp": at.isoformat(), "uuid": f"a{number}", "message": message}
        )
        if spoil:
            lines.append({**common, "type": "attachment", "uuid": f"x{number}", "content": "a reminder"})
        result = {"type": "tool_result", "tool_use_id": f"toolu_{number}", "content": text}
        user = {"role": "user", "content": [result]}
        lines.append({**common, "type": "user", "timestamp": at.isoformat(), "uuid": f"u{number}", "message": user})
        prompt += output + tokens
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def files(error: dict[str, float], count: int, frame: int, seed: int = 5) -> list[tuple[str, str, int]]:
    """Files of some languages whose providers' counts are off by a known error, plus a frame."""
    dice = random.Random(seed)
    counter = tokenizer(catalog().find(CLAUDE).encoding)
    found = []
    for number in range(count):
        ending = dice.choice(sorted(error))
        body = "\n".join(
            f"value_{dice.randrange(999)} = total({dice.randrange(9999)})" for _ in range(dice.randrange(60, 400))
        )
        tokens = counter.count(body) * (1 + error[ending] + dice.uniform(-0.004, 0.004)) + frame
        found.append((f"file{number}.{ending}", body, round(tokens)))
    return found


def test_files_that_an_agent_read_show_the_error_by_language(run: Run, tmp_path: Path, shop: Path) -> None:
    session(tmp_path / "logs" / "p" / "s1.jsonl", files({"py": 0.03, "go": 0.05}, 80, frame=40))
    found = measured(run, "--logs", tmp_path / "logs")
    assert (found["family"], found["method"], found["prompts"], found["texts"]) == (
        "claude-opus",
        "reconstructed",
        0,
        79,
    )
    assert found["frame"] == pytest.approx(40, abs=40)
    medians = {one["name"]: one["middle"] for one in found["languages"]}
    assert medians["py"] == pytest.approx(0.03, abs=0.01)
    assert medians["go"] == pytest.approx(0.05, abs=0.01)
    assert run("calibrate", "--tokens", "--logs", tmp_path / "logs", "--apply").code == 0
    row = {one["id"]: one for one in run("models", "--json").json}[CLAUDE]
    assert (row["band_source"], row["method"]) == ("measured", "reconstructed")
    assert "measured" in row["claim"]
    assert 0 < row["error_band"][0] < 0.04 < row["error_band"][1] < 0.08
    assert "py +" in run("calibrate", "--tokens", "--logs", tmp_path / "logs").out


@pytest.mark.parametrize("how", [{"thinking": True}, {"spoil": True}])
def test_steps_of_which_the_log_does_not_tell_all_are_left_out(run: Run, tmp_path: Path, how: dict[str, bool]) -> None:
    session(tmp_path / "s1.jsonl", files({"py": 0.03}, 60, frame=40), **how)
    assert run("calibrate", "--tokens", "--logs", tmp_path, "--json").json["tokens"] == []


def test_broken_logs_and_their_texts_do_no_harm(run: Run, tmp_path: Path, own_directories: Path) -> None:
    session(tmp_path / "s1.jsonl", files({"py": 0.03}, 60, frame=0))
    with open(tmp_path / "s1.jsonl", "ab") as log:
        log.write(b'{"type":"user","message":{"content":[{"type":"tool_result","content":7}]}}\n')
        log.write(
            b'{"type":"assistant","message":{"id":[],"usage":"x","content":{"a":1}}}\n{"usage" \xff\xfe\n"usage"\n'
        )
        log.write(b"[" * 50_000 + b'"usage"\n{"type":"assistant","message":null,"usage":1}')
    assert measured(run, "--logs", tmp_path)["texts"] == 59
    kept = b"".join(path.read_bytes() for path in (own_directories / "data").rglob("*") if path.is_file())
    assert b"total(" not in kept


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--logs", "x"), "belongs to --tokens"),
        (("--tokens", "--backtest"), "exclude"),
        (("--tokens", "--target", "0.1"), "all recorded packs"),
        (("--tokens", "--category", "docs"), "all recorded packs"),
        (("--tokens", "--apply", "--cell", "none"), "nothing was measured"),
        (("--tokens", "--logs", "/no/such/log"), "no log"),
    ],
)
def test_what_makes_no_sense_is_told(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run("calibrate", *words)
    assert ran.code in (2, 3)
    assert said in ran.err


def test_a_damaged_database_leaves_the_shipped_band(run: Run, own_directories: Path, shop: Path) -> None:
    (own_directories / "data").mkdir(exist_ok=True)
    (own_directories / "data" / "packsight.db").write_bytes(b"no database" * 100)
    assert run("count", shop / "README.md", "-m", ESTIMATED, "--json").json["band_source"] == "shipped"


def test_a_pack_of_which_only_the_pack_was_counted_counts_as_it_is(run: Run, tmp_path: Path) -> None:
    send(run, tmp_path, ESTIMATED, [0.1])
    with open_database("", create=False) as database:
        from engine.store.telemetry_packs import list_packs

        _, (pack,) = list_packs(database)
        write_packs(database, [replace(pack, asked_tokens=None, sent_tokens=None)])
    assert measured(run)["middle"] > 0.1
