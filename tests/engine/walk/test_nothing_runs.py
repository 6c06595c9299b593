"""Every program that a repository can name is planted, and none of them may run."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.walk import (
    ReadFailed,
    change_history,
    changes_since,
    open_listing,
    recent_commits,
    repository_identity,
)
from tests.engine.walk.repos import LIMIT, commit, git, make, write

Plant = Callable[[Path, str], None]

HOOKS = (
    "post-index-change", "fsmonitor-watchman", "post-checkout", "pre-commit", "reference-transaction", "pre-auto-gc",
    "post-rewrite", "sendemail-validate", "query-watchman", "proc-receive", "update", "post-merge",
)  # fmt: skip


def _config(*keys: str, prefix: str = "") -> Plant:
    def plant(repo: Path, program: str) -> None:
        for key in keys:
            git(repo, "config", key, prefix + program)

    return plant


def _hooks(repo: Path, program: str) -> None:
    directory = Path(git(repo, "rev-parse", "--absolute-git-dir")) / "hooks"
    directory.mkdir(exist_ok=True)
    for name in HOOKS:
        shutil.copy(program, directory / name)


def _hooks_path(repo: Path, program: str) -> None:
    directory = repo.parent / "planted-hooks"
    directory.mkdir(exist_ok=True)
    for name in HOOKS:
        shutil.copy(program, directory / name)
    git(repo, "config", "core.hooksPath", str(directory))


def _filter(name: str, *parts: str) -> Plant:
    def plant(repo: Path, program: str) -> None:
        for part in parts:
            git(repo, "config", f"filter.{name}.{part}", program)
        git(repo, "config", f"filter.{name}.required", "true")
        _info(repo).joinpath("attributes").write_text(f"* filter={name}\n")

    return plant


def _info(repo: Path) -> Path:
    info = Path(git(repo, "rev-parse", "--absolute-git-dir")) / "info"
    info.mkdir(exist_ok=True)
    return info


def _textconv(repo: Path, program: str) -> None:
    _config("diff.external", "diff.shown.textconv", "diff.shown.command")(repo, program)
    _info(repo).joinpath("attributes").write_text("* diff=shown\n")


def _include(repo: Path, program: str) -> None:
    (repo.parent / "planted.cfg").write_text(
        f'[core]\n\tfsmonitor = {program}\n[filter "inc"]\n\tclean = {program}\n\tprocess = {program}\n'
    )
    git(repo, "config", "include.path", str(repo.parent / "planted.cfg"))
    _info(repo).joinpath("attributes").write_text("* filter=inc\n")


def _promisor(url: Callable[[str], str]) -> Plant:
    def plant(repo: Path, program: str) -> None:
        git(repo, "config", "extensions.partialClone", "evil")
        git(repo, "config", "core.repositoryFormatVersion", "1")
        git(repo, "config", "remote.evil.url", url(program))
        git(repo, "config", "remote.evil.promisor", "true")
        git(repo, "config", "protocol.ext.allow", "always")
        git(repo, "config", "protocol.allow", "always")
        git(repo, "config", "core.sshCommand", program)
        git(repo, "config", "remote.evil.uploadpack", program)
        oid = git(repo, "rev-parse", "HEAD:lost.txt")
        objects = Path(git(repo, "rev-parse", "--git-common-dir"))
        (repo / objects / "objects" / oid[:2] / oid[2:]).unlink(missing_ok=True)

    return plant


def _trace(repo: Path, program: str) -> None:
    git(repo, "config", "trace2.eventTarget", str(repo.parent / "marker"))
    git(repo, "config", "trace2.normalTarget", str(repo.parent / "marker"))


VECTORS: dict[str, Plant] = {
    "hooks": _hooks,
    "core.hooksPath": _hooks_path,
    "fsmonitor": _config("core.fsmonitor"),
    "filter.clean": _filter("evil", "clean", "smudge"),
    "filter.process": _filter("evil", "process"),
    "filter with an equals sign": _filter("a=b", "clean", "smudge", "process"),
    "filter with a dot and capitals": _filter("A.b.Clean", "clean", "smudge", "process"),
    "filter called lfs": _filter("lfs", "clean", "smudge", "process"),
    "textconv": _textconv,
    "include": _include,
    "promisor over ssh": _promisor(lambda program: "ssh://example.invalid/x"),
    "promisor over ext": _promisor(lambda program: f"ext::{program}"),
    "promisor over a file": _promisor(lambda program: f"file://{Path(program).parent}/other"),
    "alternate refs": _config("core.alternateRefsCommand"),
    "pager and editor": _config(
        "core.pager",
        "core.editor",
        "sequence.editor",
        "pager.ls-files",
        "pager.config",
        "pager.rev-list",
        "pager.ls-tree",
    ),
    "aliases": _config(
        "alias.ls-files",
        "alias.diff-files",
        "alias.cat-file",
        "alias.rev-list",
        "alias.config",
        "alias.rev-parse",
        prefix="!",
    ),
    "credentials and prompts": _config("credential.helper", "core.askPass", "core.gitProxy", prefix="!"),
    "gpg": _config("gpg.program", "gpg.ssh.program", "gpg.ssh.defaultKeyCommand", "gpg.x509.program"),
    "upload pack hook": _config("uploadpack.packObjectsHook", "remote.origin.uploadpack", "core.sshCommand"),
    "trace": _trace,
}


def _repository(base: Path) -> tuple[Path, str]:
    """A repository with a submodule, and a program that leaves a marker when it runs."""
    files: dict[str, str | bytes] = {
        "a.txt": "one\n",
        "lost.txt": "lost\n",
        "sub/b.txt": "two\n",
        ".gitattributes": "*.x text\n",
    }
    inner = make(base / "inner", files)
    repo = make(base / "repo", files)
    git(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "module")
    commit(repo)
    program = base / "program"
    program.write_text(f'#!/bin/sh\necho ran >> "{base}/marker"\n')
    program.chmod(0o755)
    return repo, str(program)


def _use_everything(repo: Path) -> None:
    for rev in (None, "HEAD"):
        for path in (repo, repo / "module", repo / "sub"):
            listing = open_listing(path, rev=rev, submodules=True)
            for file in listing.files:
                try:
                    listing.content.read(file, LIMIT)
                except ReadFailed:
                    assert file.path.endswith("lost.txt")
            change_history(listing)
            recent_commits(listing)
            repository_identity(listing)
            with contextlib.suppress(InputError):  # an object is lost
                changes_since(listing, "HEAD")
            listing.content.close()


@pytest.mark.parametrize("name", VECTORS)
def test_nothing_that_a_repository_names_is_run(tmp_path: Path, name: str) -> None:
    repo, program = _repository(tmp_path)
    for at in (repo, repo / "module"):
        git(at, "config", "log.showSignature", "true")
        VECTORS[name](at, program)
    (tmp_path / "marker").unlink(missing_ok=True)
    for at in (repo, repo / "module"):
        write(at, {"a.txt": "eno\n", "untracked.txt": "u\n"})
        _age(at)
    _use_everything(repo)
    assert not (tmp_path / "marker").exists()


def _age(repo: Path) -> None:
    """Give clean files the time of the index, so that git cannot tell from times that they are clean."""
    dot_git = repo / ".git"
    index = (dot_git if dot_git.is_dir() else repo / dot_git.read_text()[8:].strip()) / "index"
    stamp = index.stat().st_mtime_ns
    for path in (repo / "sub/b.txt", repo / "lost.txt"):
        os.utime(path, ns=(stamp, stamp))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fsmonitor", ("ls-files", "-s")),
        ("fsmonitor", ("diff-files",)),
        ("filter.clean", ("status",)),
        ("filter.process", ("diff",)),
        ("filter with an equals sign", ("status",)),
        ("textconv", ("diff",)),
        ("hooks", ("status",)),
        ("include", ("status",)),
        ("promisor over ssh", ("cat-file", "blob", "HEAD:lost.txt")),
        ("promisor over ext", ("cat-file", "blob", "HEAD:lost.txt")),
    ],
)
def test_the_traps_do_work(tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    repo, program = _repository(tmp_path)
    VECTORS[name](repo, program)
    (tmp_path / "marker").unlink(missing_ok=True)
    write(repo, {"a.txt": "eno\n"})
    _age(repo)
    git(repo, *words, check=False)
    assert (tmp_path / "marker").exists()


@pytest.mark.parametrize("target", ["/etc", "../secret", "/"])
def test_a_work_tree_cannot_be_redirected(tmp_path: Path, target: str) -> None:
    repo, _ = _repository(tmp_path)
    write(tmp_path, {"secret/key": "k", "secret/a.txt": "other"})
    git(repo, "config", "core.worktree", target)
    listing = open_listing(repo)
    names = [file.path for file in listing.files]
    assert "a.txt" in names
    assert not {"key", "passwd", "hostname"} & set(names)
    assert {listing.content.read(file, LIMIT) for file in listing.files if file.path == "a.txt"} == {b"one\n"}
    assert listing.root == repo.resolve()
    listing.content.close()


def test_a_repository_is_never_written(tmp_path: Path) -> None:
    repo, _ = _repository(tmp_path)
    write(repo, {"a.txt": "eno\n"})
    _age(repo)
    before = {path: path.lstat().st_mtime_ns for path in repo.rglob("*")}
    _use_everything(repo)
    assert {path: path.lstat().st_mtime_ns for path in repo.rglob("*")} == before
