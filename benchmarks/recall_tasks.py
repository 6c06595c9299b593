"""Tasks of the edit-recall benchmark: commits, the repository before them, and the lines that they changed."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.profiles.learning_truth import counted_edits, is_telling, shortest_line, source_endings, true_places
from engine.rank.terms import stem, words

SOURCES = source_endings()
"""Endings of files whose lines count."""
SHORTEST_LINE = shortest_line()
"""Characters of a stripped line that can be told from others."""
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_WORD = re.compile(r"[A-Za-z_]\w+")
_URL = re.compile(r"https?://\S+|#\d+")
_TRAILER = re.compile(r"^(?:signed-off-by|co-authored-by|reviewed-by):.*$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Task:
    """One commit."""

    commit: str
    parent: str
    message: str
    truth: frozenset[str]
    """Stripped lines, each unique in the parent's tree."""
    places: tuple[tuple[str, int], ...]
    """Path and line of each in the parent's tree."""

    @property
    def query(self) -> str:
        """The message without its trailers."""
        return _TRAILER.sub("", self.message)

    @property
    def telling_words(self) -> int:
        """Different words of the message, without function words and words that say what is to be done."""
        lists, said = words(), {word.lower() for word in _WORD.findall(_URL.sub(" ", self.query))}
        return len({word for word in said if word not in lists.stop and stem(word) not in lists.task})

    @property
    def files(self) -> frozenset[str]:
        """Files that the lines are in."""
        return frozenset(path for path, _ in self.places)


def git(repo: Path, *words: str) -> str:
    """Output of git."""
    ran = subprocess.run(["git", "-C", str(repo), *words], capture_output=True, check=True)
    return ran.stdout.decode("utf-8", "replace")


def source_tree(repo: Path, revision: str) -> dict[str, str]:
    """Text of every source file of a revision, by path."""
    rows = [line.split(None, 4) for line in git(repo, "ls-tree", "-r", "-l", revision).splitlines()]
    rows = [row for row in rows if row[1] == "blob" and row[3].isdigit() and int(row[3]) < 2_000_000]
    wanted = [(row[2], row[4]) for row in rows if Path(row[4]).suffix in SOURCES]
    ran = subprocess.run(
        ["git", "-C", str(repo), "cat-file", "--batch"],
        input="".join(f"{oid}\n" for oid, _ in wanted).encode(), capture_output=True, check=True,
    )  # fmt: skip
    texts: dict[str, str] = {}
    at = 0
    for _, path in wanted:
        end = ran.stdout.index(b"\n", at)
        header = ran.stdout[at:end].split()
        if len(header) < 3:
            at = end + 1
            continue  # a partial clone lacks it
        size = int(header[2])
        texts[path] = ran.stdout[end + 1 : end + 1 + size].decode("utf-8", "replace")
        at = end + 2 + size
    return texts


def changed_lines(repo: Path, parent: str, commit: str) -> dict[str, set[int]]:
    """Lines of the parent's files that a commit deleted, changed or inserted behind, from 1, by path."""
    found: dict[str, set[int]] = {}
    path = ""
    for line in git(repo, "diff", "-U0", "--no-renames", "--no-color", "--no-ext-diff", parent, commit).splitlines():
        if line.startswith("--- "):
            path = line[6:] if line.startswith("--- a/") else ""
        elif path and (match := _HUNK.match(line)):
            start, number = int(match[1]), int(match[2] or 1)
            found.setdefault(path, set()).update(range(start, start + number) if number else [start])
    return found


def tasks_of(repo: Path, number: int, skip: int) -> Iterator[tuple[Task, dict[str, str]]]:
    """Tasks of a repository, every ``skip``-th of its newest commits that fits, with the trees before them."""
    log = git(repo, "log", "--no-merges", f"--max-count={skip * number * 8}", "--format=%H %P")
    commits = [line.split() for line in log.splitlines()]
    made = 0
    for row in commits[::skip]:
        if made == number:
            return
        if len(row) != 2:
            continue
        commit, parent = row
        try:
            lines_of = changed_lines(repo, parent, commit)
        except subprocess.CalledProcessError:
            continue  # a partial clone lacks some of the content
        changed = counted_edits((path, sorted(rows)) for path, rows in lines_of.items())
        if not changed:
            continue
        message = git(repo, "log", "-1", "--format=%B", commit).strip()
        if not is_telling(message):
            continue
        texts = source_tree(repo, parent)
        task = _task(commit, parent, message, changed, texts)
        if task.truth:
            made += 1
            yield task, texts


def _task(
    commit: str, parent: str, message: str, changed: Mapping[str, Sequence[int]], texts: Mapping[str, str]
) -> Task:
    times = Counter(line.strip() for text in texts.values() for line in text.splitlines())
    found = true_places(changed, lambda path: texts.get(path, "").splitlines(), times.__getitem__)
    truth = frozenset(stripped for _, _, stripped in found)
    return Task(commit, parent, message, truth, tuple((path, at) for path, at, _ in found))
