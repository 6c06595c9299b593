from __future__ import annotations

import json
import re
import unicodedata
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.gate import Verdict
from engine.gate.formats import FORMATS, write
from engine.inspector import FORMATS_OF_VERDICTS
from tests.engine.gate.made import HOSTILE, measured, verdict

_TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_characters="\0"), min_size=1),
    st.text("%:,\r\n#[]|`<&", min_size=1),
)


NAMES = _TEXTS.filter(lambda name: "//" not in f"/{name}/")


def hostile(*names: str) -> Verdict:
    """A verdict in which each name breaks a rule, and grew."""
    return verdict(measured(dict.fromkeys(names, 9), {}), {"max_file": 5, "max_total": 1, "max_growth": 1})


def test_the_facade_names_all_formats() -> None:
    assert FORMATS_OF_VERDICTS == FORMATS


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no format 'xml'"):
        write(hostile("a"), "xml")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_written_down_whatever_files_are_called(name: str) -> None:
    text = write(hostile(*HOSTILE), name)
    assert text.endswith("\n")
    assert text.encode("utf-8")
    assert not set(text) & set("\x00\x01\x1b\x7f\x9f\u202e\u2028\r")
    passed = verdict(measured({"a": 1}), {"max_total": 5})
    assert write(passed, name) or name == "github"


@given(NAMES)
def test_annotations_come_back_as_what_they_were(name: str) -> None:
    lines = [line for line in write(hostile(name), "github").split("\n") if line]
    assert len(lines) == 3
    for line in lines:
        # How the runner reads a command: properties up to the next colons, then the message.
        found = re.fullmatch(r"::error file=([^:,]+),line=(\d+),title=([^:,]+)::(.+)", line)
        assert found
        path = found[1].replace("%0A", "\n").replace("%0D", "\r").replace("%3A", ":").replace("%2C", ",")
        path = path.replace("%25", "%")
        if all(char.isprintable() or char in "\r\n" for char in name):
            assert path == name
        assert not re.search("%(?!25|0A|0D)", found[4])


@given(NAMES)
def test_xml_can_be_parsed_and_says_how_many_failed(name: str) -> None:
    suite = ElementTree.fromstring(write(hostile(name), "junit")).find("testsuite")
    assert suite is not None
    cases = suite.findall("testcase")
    assert (suite.get("tests"), suite.get("failures")) == (str(len(cases)), str(len(suite.findall("*/failure"))))
    assert len(cases) == 3
    assert all(case.get("name") and case.get("classname") for case in cases)
    assert all(failure.get("message") and "fix: " in (failure.text or "") for failure in suite.iter("failure"))


@given(NAMES)
def test_sarif_has_what_the_standard_requires(name: str) -> None:
    log = json.loads(write(hostile(name), "sarif"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "packsight"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    assert len(run["results"]) == 3
    assert len({result["partialFingerprints"]["packsight/v1"] for result in run["results"]}) == 3
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert not re.search(r"(?<!\\)(\\\\)*[\[\]]", result["message"]["text"])
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        uri = place["artifactLocation"]["uri"]
        assert (urlsplit(uri).scheme, urlsplit(uri).netloc) == ("", "")
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri)
        if not name.startswith("/"):
            assert unquote_to_bytes(uri) == name.encode("utf-8", "surrogateescape" if "\udcff" in name else "strict")


@given(NAMES)
def test_no_name_breaks_out_of_a_line_of_text(name: str) -> None:
    words = ("total", "growth", "error", "  what", "  where", "  who", "    ", "  fix", "  big", "  ", "checked")
    text = write(hostile(name), "text")
    assert "##[" not in text
    for line in text.split("\n"):
        assert not line or line.startswith(words)
        assert not line.lstrip().startswith("::")
        assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}


@given(NAMES)
def test_no_name_is_markdown_or_html(name: str) -> None:
    text = write(hostile(name), "markdown")
    rows = [line for line in text.split("\n") if line.startswith("|")]
    assert {line.count("|") for line in rows} == {8, 5}
    plain = re.sub(r"</?code>|&#\d+;", "", text)
    assert not set(plain) & set("`*<>[]@_\\")


def test_json_has_the_keys_that_are_documented() -> None:
    told: dict[str, Any] = json.loads(write(hostile("a.py"), "json"))
    assert set(told) == {
        "passed", "root", "prefix", "revision", "model", "encoding", "method", "context_window", "files", "tokens",
        "base", "growth", "rules", "violations", "changed",
    }  # fmt: skip
    assert (told["passed"], told["tokens"], told["growth"]) == (False, 9, {"tokens": 9, "percent": None})
    assert told["changed"] == [{"path": "a.py", "before": 0, "after": 9, "tokens": 9}]
    assert set(told["violations"][0]) == {
        "rule", "name", "demand", "severity", "subject", "unit", "limit", "measured", "over", "message", "path", "line",
        "contributors", "remedy",
    }  # fmt: skip


def test_many_violations_are_cut_where_people_read() -> None:
    many = hostile(*(f"f{number}" for number in range(80)))
    assert len(json.loads(write(many, "json"))["violations"]) == 82
    assert write(many, "github").count("::error ") == 50
    assert "32 more" in write(many, "github")
    assert "32 more" in write(many, "text")
    assert "32 more" in write(many, "markdown")
