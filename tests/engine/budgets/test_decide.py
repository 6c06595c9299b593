from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.budgets import Cell, LearnedBudget, Limits, Task, Trial, Version, decide
from engine.budgets.labels import category_of
from engine.budgets.tables import categories
from engine.budgets.task import Deliverables
from engine.errors import InputError, UsageError

PROVIDERS = ("openai", "anthropic", "gemini")
MODES = ("", "full_file", "large_refactor", "diff")


def roomy(provider: str, model: str = "m") -> Limits:
    """Limits that nothing here reaches."""
    return Limits(provider=provider, model=model, max_output_tokens=128_000, window_tokens=1_000_000)


@pytest.mark.parametrize(
    ("category", "low", "medium", "high"),
    [
        ("docs", 4096, 8192, 12288),
        ("Documentation", 4096, 8192, 12288),
        ("doc_write", 4096, 8192, 12288),
        ("tests", 6144, 8192, 12288),
        ("testing", 6144, 8192, 12288),
        ("implementation", 8192, 12288, 16384),
        ("IMPLEMENT_FEATURE", 8192, 12288, 16384),
        ("refactoring", 8192, 12288, 16384),
        ("made up", 8192, 12288, 16384),
        ("", 8192, 12288, 16384),
    ],
)
def test_bases_hold_for_every_name_and_provider(category: str, low: int, medium: int, high: int) -> None:
    for complexity, tokens in (("low", low), ("medium", medium), ("high", high)):
        for provider in PROVIDERS:
            decision = decide(Task(category=category, complexity=complexity), roomy(provider))
            assert (decision.selected_budget, decision.actual_max_tokens) == (tokens, tokens)


@pytest.mark.parametrize(
    ("task", "estimate", "budget"),
    [
        (Task(category="implementation", complexity="low", deliverables=["create src/a.py"]), 3424, 8192),
        (Task(category="implementation", complexity="medium", deliverables=["create src/a.py"]), 4128, 12288),
        (Task(category="docs", complexity="low", deliverables=["add docs/a.md"]), 2600, 4096),
        (Task(category="docs", complexity="low", deliverables=["API_REFERENCE.md"]), 5915, 13013),
        (Task(category="docs", complexity="low", deliverables=["CHANGELOG.md"]), 5245, 11539),
        (
            Task(category="backend", complexity="high", deliverables=[f"new src/m{n}.py" for n in range(12)]),
            37700,
            60320,
        ),
    ],
)
def test_worked_values(task: Task, estimate: int, budget: int) -> None:
    decision = decide(task, roomy("openai"))
    assert (decision.estimate_tokens, decision.selected_budget) == (estimate, budget)


@pytest.mark.parametrize("mode", ["full_file", "large_refactor"])
def test_the_floor_is_one_rule_with_a_figure_per_provider(mode: str) -> None:
    ceilings = {}
    for provider in PROVIDERS:
        decision = decide(Task(category="tests", complexity="low", mode=mode), roomy(provider))
        assert decision.selected_budget == 6144
        ceilings[provider] = decision.actual_max_tokens
    assert ceilings == {"openai": 16384, "anthropic": 16384, "gemini": 8192}
    for provider in PROVIDERS:
        assert decide(Task(category="docs", complexity="low", mode=mode), roomy(provider)).actual_max_tokens == 4096
        # Documents that nobody labelled are documents all the same.
        unlabelled = Task(complexity="low", mode=mode, deliverables=["docs/usage.md"])
        assert decide(unlabelled, roomy(provider)).actual_max_tokens == 4096


tasks = st.builds(
    Task,
    category=st.sampled_from([*categories(), "documentation", "testing", "nonsense", ""]),
    complexity=st.sampled_from(["low", "medium", "high", ""]),
    deliverables=st.lists(
        st.sampled_from(
            ["docs/a.md", "add README.md", "src/a.py", "tests/test_a.py", "package.json", "x.sql", "Ü \x00"]
        ),
        max_size=14,
    ),
    scope=st.lists(st.sampled_from(["a.py", "b.py", "../c"]), max_size=12).map(tuple),
    mode=st.sampled_from(MODES),
    description=st.sampled_from(["", "write the api reference", "comprehensive examples", "address the issue"]),
)
limits = st.builds(
    Limits,
    provider=st.sampled_from([*PROVIDERS, "google", "somebody", ""]),
    model=st.sampled_from(["gpt-5.5", "claude-opus-5-5", ""]),
    hard_cap_tokens=st.none() | st.integers(1, 100_000),
    max_output_tokens=st.none() | st.integers(1, 200_000),
    window_tokens=st.none() | st.integers(100_000, 1_000_000),
    used_tokens=st.integers(0, 99_999),
    streaming=st.booleans(),
)


@given(tasks, limits)
def test_nothing_goes_above_a_limit_and_only_limits_go_below_the_intent(task: Task, allowed: Limits) -> None:
    decision = decide(task, allowed)
    ceiling = decision.actual_max_tokens
    assert ceiling >= 1
    for limit in (allowed.hard_cap_tokens, allowed.max_output_tokens):
        assert limit is None or ceiling <= limit
    assert allowed.window_tokens is None or ceiling <= allowed.window_tokens - allowed.used_tokens
    lowered = [step for step in decision.trace if step.rule in LIMITS and step.before != step.after]
    assert ceiling >= decision.selected_budget or lowered


LIMITS = {"hard_cap", "model_output_limit", "window_room", "unstreamed_limit"}


@given(tasks, limits)
def test_a_docs_like_category_is_never_raised_while_its_budget_is_low(task: Task, allowed: Limits) -> None:
    decision = decide(task, allowed)
    if category_of(decision.category).docs_like and decision.selected_budget < 12_000:
        assert decision.actual_max_tokens <= decision.selected_budget


@given(tasks, limits)
def test_the_trace_tells_the_whole_way(task: Task, allowed: Limits) -> None:
    decision = decide(task, allowed)
    numbers = [step for step in decision.trace if step.after is not None]
    for one, other in itertools.pairwise(numbers):
        assert other.before in (None, one.after) or other.rule in ("buffer", "staged_base", "category_base")
    assert numbers[-1].after == decision.actual_max_tokens
    assert any(step.after == decision.selected_budget for step in numbers)
    assert all(step.why for step in decision.trace)


@given(tasks)
def test_the_intent_is_the_same_whoever_serves(task: Task) -> None:
    assert len({decide(task, roomy(provider)).selected_budget for provider in PROVIDERS}) == 1


@given(tasks)
def test_quantiles_are_in_order(task: Task) -> None:
    quantiles = decide(task).quantiles
    assert 0 < quantiles.p50 <= quantiles.p90 <= quantiles.p95


def test_limits_that_make_no_sense_are_named() -> None:
    with pytest.raises(InputError, match="no room"):
        decide(Task(), Limits(window_tokens=1000, used_tokens=1000))
    with pytest.raises(UsageError, match="hard cap"):
        decide(Task(), Limits(hard_cap_tokens=0))
    with pytest.raises(UsageError, match="complexity"):
        decide(Task(complexity="huge"))
    with pytest.raises(UsageError, match="mode"):
        decide(Task(mode="yolo"))


def test_without_streaming_the_sdks_limit_holds() -> None:
    task = Task(category="backend", complexity="high", deliverables=[f"new src/m{n}.py" for n in range(12)])
    streamed = decide(task, roomy("anthropic"))
    assert streamed.actual_max_tokens == streamed.selected_budget
    whole = Limits(provider="anthropic", model="m", max_output_tokens=128_000, streaming=False)
    assert decide(task, whole).actual_max_tokens == 21_333
    assert decide(task, roomy("openai")).actual_max_tokens == streamed.actual_max_tokens


LEARNED = LearnedBudget(2048, 900, 1700, 2000, 212, "cell", predicted_tokens=2600)


def test_what_history_taught_goes_before_the_tables() -> None:
    version = Version("learned-2", {Cell("docs", "low", "openai", "gpt-5"): LEARNED})
    task = Task(category="docs", complexity="low", deliverables=["add docs/a.md"])
    decision = decide(task, roomy("openai", "gpt-5.5"), version)
    assert (decision.selected_budget, decision.samples, decision.quantiles.p90) == (2048, 212, 1700)
    assert decision.estimator_version == "learned-2"
    other = decide(task, roomy("anthropic", "claude-opus-5-5"), version)
    assert (other.selected_budget, other.samples) == (4096, 0)
    parent = Version("learned-3", {Cell("docs", "low", "", ""): LEARNED})
    assert decide(task, Limits(provider="anthropic", model="claude-opus-5-5"), parent).samples == 212


def test_a_task_larger_than_history_gets_proportionally_more() -> None:
    version = Version("v", {Cell("docs", "low", "", ""): LEARNED})
    few = decide(Task(category="docs", complexity="low", deliverables=["add docs/a.md"]), roomy("openai"), version)
    many = [f"add docs/{n}.md" for n in range(9)]
    more = decide(Task(category="docs", complexity="low", deliverables=many), roomy("openai"), version)
    assert more.estimate_tokens / 2600 * few.selected_budget <= more.selected_budget
    assert more.selected_budget % 64 == 0


def test_a_base_on_trial_holds_until_its_calls_run_into_trouble() -> None:
    task = Task(category="docs", complexity="low", deliverables=["fix docs/a.md"])

    def budget(calls: int, troubled: int) -> int:
        trial = Trial("docs", "low", 3584, calls, troubled)
        return decide(task, roomy("gemini"), Version("v", {}, (trial,))).selected_budget

    assert [budget(0, 0), budget(12, 0), budget(40, 2)] == [3584, 3584, 3584]
    assert [budget(3, 2), budget(30, 2)] == [4096, 4096]
    assert decide(task, roomy("gemini")).selected_budget == 4096


def test_the_workspace_tells_new_from_modified(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "address.py").write_text("x = 1\n" * 100)
    (tmp_path.parent / "outside.py").write_text("x = 1\n")

    def is_new(written: str, workspace: Path | None = tmp_path) -> bool:
        return decide(Task(deliverables=written, workspace=workspace)).deliverables[0].is_new

    assert not is_new("add a test of src/address.py")
    assert is_new("src/new_address.py")
    assert is_new("create src/other.py")
    assert not is_new("update src/elsewhere.py")
    assert is_new(f"../{tmp_path.parent.name}/outside.py")
    assert is_new("src/address.py", None)
    # The word inside the path is no verb.
    assert not decide(Task(deliverables="src/add.py")).deliverables[0].has_verb
    assert not decide(Task(deliverables="readdress the padding in src/a.py")).deliverables[0].has_verb


def test_deliverables_come_in_any_nesting() -> None:
    nested = decide(
        Task(deliverables={"docs": ["docs/a.md", "docs/a.md"], "code": {"x": ["src/a.py"], "y": "src/b.py"}})
    )
    assert [one.path for one in nested.deliverables] == ["docs/a.md", "src/a.py", "src/b.py"]


def test_endless_nesting_and_endless_lists_are_read(tmp_path: Path) -> None:
    nested: Deliverables = "src/a.py"
    for _ in range(5000):
        nested = [nested]
    assert [one.path for one in decide(Task(deliverables=nested)).deliverables] == ["src/a.py"]
    assert len(decide(Task(deliverables=[f"src/{n}.py" for n in range(12_000)])).deliverables) == 10_000


def test_the_mode_names_the_rule_that_set_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x\n" * 400)
    (tmp_path / "b.py").write_text("x\n" * 600)
    short = decide(Task(category="backend", scope=("a.py",), workspace=tmp_path), roomy("openai"))
    assert (short.mode.name, short.mode.set_by, short.actual_max_tokens) == ("large_refactor", "few_short_files", 16384)
    longer = decide(Task(category="backend", scope=("a.py", "b.py"), workspace=tmp_path), roomy("openai"))
    assert longer.mode.name == ""
    assert "601" in next(rule.why for rule in longer.mode.rules if rule.rule == "few_short_files")
    front = decide(Task(category="frontend", mode="diff"), roomy("openai"))
    assert (front.mode.name, front.mode.set_by) == ("diff", "caller")
    locked = decide(
        Task(category="configuration", complexity="low", deliverables="update poetry.lock"), roomy("gemini")
    )
    assert (locked.selected_budget, locked.actual_max_tokens) == (8192, 12000)
