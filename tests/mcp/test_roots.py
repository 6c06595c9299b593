"""No path outside the roots is read, however it is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from engine.errors import PacksightError
from engine.mcp.roots import Roots, path_of_url, roots_of
from tests.engine.walk.repos import git
from tests.mcp.talk import Talk, talk
from tests.sample import make_repository

HIDDEN = "hidden words"
MANY_NOTES = "".join(f"# Note {number}\n\nWords about the number {number}.\n\n" for number in range(400))

ESCAPES: dict[str, Callable[[Path], str]] = {
    "dots": lambda root: "../secret",
    "dots to a file": lambda root: "../secret/key.txt",
    "dots after a folder": lambda root: "shop/../../secret/key.txt",
    "dots to a neighbour of the same beginning": lambda root: "../shop2/key.txt",
    "a neighbour of the same beginning": lambda root: f"{root}2/key.txt",
    "absolute": lambda root: str(root.parent / "secret" / "key.txt"),
    "absolute with dots": lambda root: f"{root}/../secret/key.txt",
    "double slash": lambda root: f"/{root.parent}/secret/key.txt",
    "file system": lambda root: "/",
    "passwords": lambda root: "/etc/passwd",
    "parent": lambda root: "..",
    "home": lambda root: "~/../../../../../../etc/passwd",
    "URL": lambda root: (root.parent / "secret" / "key.txt").as_uri(),
    "URL with escapes": lambda root: "file://" + quote(str(root.parent), safe="/") + "/%73ecret/key.txt",
    "URL with escaped dots": lambda root: f"file://{root}/%2e%2e/secret/key.txt",
    "URL with escaped slash": lambda root: f"file://{root}%2f..%2fsecret%2fkey.txt",
    "URL with a host": lambda root: f"file://localhost{root.parent}/secret/key.txt",
    "URL of another machine": lambda root: f"file://elsewhere{root}/README.md",
    "URL of another scheme": lambda root: "file:README.md",
    "URL in capitals": lambda root: f"FILE://{root.parent}/secret/key.txt",
    "link to a file": lambda root: "link.txt",
    "link to a folder": lambda root: "folder",
    "through a link": lambda root: "folder/key.txt",
    "a link to a link": lambda root: "twice/key.txt",
    "another case": lambda root: str(root).upper() + "/README.md",
    "NUL": lambda root: "README.md\0/../../secret",
    "git's own files": lambda root: ".git/config",
    "git's own files in another case": lambda root: ".GIT/config",
    "the process": lambda root: "/proc/self/environ",
    "escapes of packs": lambda root: "\\x2e\\x2e/secret/key.txt",
    "an absolute escape": lambda root: f"\\x2f{str(root.parent)[1:]}/secret/key.txt",
}


@pytest.fixture
def linked(shop: Path) -> Path:
    """The repository with links out of it."""
    secret = shop.parent / "secret"
    (shop / "link.txt").symlink_to(secret / "key.txt")
    (shop / "folder").symlink_to(secret)
    (shop / "twice").symlink_to("folder")
    return shop


@pytest.mark.asyncio
@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES.keys())
async def test_nothing_outside_is_read(escape: Callable[[Path], str], linked: Path) -> None:
    written = escape(linked)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("count_tokens", {"paths": [written]}),
        ("scan", {"path": written}),
        ("pack_context", {"path": written, "budget": "4k"}),
        ("search_context", {"path": written, "query": "hidden"}),
        ("expand", {"place": written}),
        ("expand", {"place": f"{written}:1-1"}),
        ("expand", {"place": "key.txt", "path": written}),
        ("get_budget", {"path": written}),
        ("set_budget", {"path": written, "budget": "8k"}),
        ("get_profile", {"path": written}),
        ("estimate_output", {"workspace": written, "deliverables": ["key.txt"]}),
    ]
    async with talk(linked) as one:
        for name, arguments in calls:
            message = await one.fails(name, **arguments)
            assert HIDDEN not in message, name
            assert "root:" not in message, name


@pytest.mark.asyncio
async def test_an_outside_path_does_not_tell_whether_it_exists(shop: Path) -> None:
    async with talk(shop) as one:
        there = await one.fails("scan", path="../secret/key.txt")
        not_there = await one.fails("scan", path="../secret/kex.txt")
    assert there.replace("key", "kex") == not_there


@pytest.mark.asyncio
async def test_links_out_of_a_repository_hold_nothing_in_packs(linked: Path) -> None:
    git(linked, "add", "-A")
    async with talk(linked) as one:
        packed = await one.ask("pack_context", budget="20k")
        counted = await one.ask("count_tokens", paths=["."])
        before = await one.ask("scan")
    assert HIDDEN not in packed["text"]
    assert counted["counts"][0]["count"] == before["tokens"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "written",
    [
        ".",
        "",
        "shop",
        "./shop/../shop",
        "{root}",
        "{root}/",
        "{url}",
        "file://localhost{root}",
        "inside",
        "{url}/sh%6fp",
    ],
)
async def test_what_is_inside_is_read_however_it_is_written(written: str, shop: Path) -> None:
    (shop / "inside").symlink_to(shop / "shop")
    arguments = {"path": written.format(root=shop, url=shop.as_uri())} if written else {}
    async with talk(shop) as one:
        assert (await one.ask("scan", **arguments))["files"] >= 2


@pytest.mark.asyncio
async def test_the_client_s_roots_count_before_those_of_the_command_line(shop: Path, mode: str) -> None:
    other = make_repository(shop.parent / "other place", {"notes.md": "# Notes\n\nWords.\n"})
    async with talk(shop, mode=mode, allowed=lambda: [other.as_uri()]) as one:
        assert (await one.ask("scan"))["root"] == str(other)
        assert "is not below a root of the client" in await one.fails("scan", path=str(shop))


@pytest.mark.asyncio
async def test_roots_that_change_count_at_once(shop: Path, mode: str) -> None:
    other = make_repository(shop.parent / "other", {"notes.md": MANY_NOTES})
    allowed = [shop.as_uri(), other.as_uri()]
    async with talk(shop, mode=mode, allowed=lambda: allowed) as one:
        page = await one.ask("pack_context", path=str(other), budget="8k", max_tokens=1500, format="markdown")
        assert page["receipt"]["continue_from"]
        allowed.pop()
        await changed(one, mode)
        assert "not below a root" in await one.fails("scan", path=str(other))
        # Neither the rest of an answer nor a resource outlives the permission.
        cursor = page["receipt"]["continue_from"]
        assert "not below a root" in await one.fails("pack_context", continue_from=cursor)
        with pytest.raises(MCPError, match="not below a root"):
            await one.client.read_resource("packsight://pack/last")
        allowed.append(other.as_uri())
        await changed(one, mode)
        assert (await one.ask("pack_context", continue_from=cursor))["text"]
        assert (await one.client.read_resource("packsight://pack/last")).contents


async def changed(one: Talk, mode: str) -> None:
    if mode == "legacy":
        await one.client.session.send_notification(types.RootsListChangedNotification())


@pytest.mark.asyncio
async def test_a_client_that_names_no_folder_allows_none(shop: Path, mode: str) -> None:
    async with talk(shop, mode=mode, allowed=list) as one:
        assert "names no folder" in await one.fails("scan")
        assert (await one.ask("count_tokens", texts=["words"]))["counts"]


@pytest.mark.asyncio
async def test_the_command_line_can_be_a_fence_around_what_the_client_allows(shop: Path, mode: str) -> None:
    for allowed, root in ((shop.parent, shop), (shop / "shop", shop / "shop")):
        async with talk(shop, mode=mode, is_fence=True, allowed=lambda at=allowed: [at.as_uri()]) as one:  # type: ignore[misc]
            assert (await one.ask("scan"))["root"] == str(root)
            assert "not below a root" in await one.fails("scan", path=str(shop.parent / "secret"))


@pytest.mark.asyncio
async def test_several_roots_are_searched_in_turn(shop: Path) -> None:
    other = make_repository(shop.parent / "other", {"notes.md": "# Notes\n\nWords.\n"})
    async with talk(shop, other) as one:
        counted = await one.ask("count_tokens", paths=["README.md", "notes.md"])
    assert all(row["count"] > 0 for row in counted["counts"])


@pytest.mark.asyncio
async def test_a_repository_that_leads_to_another_is_refused(shop: Path) -> None:
    hidden = make_repository(shop.parent / "hidden", {"key.txt": "hidden words of a commit\n"})
    for name in ("file", "link", "bare", "parts"):
        (shop / name).mkdir()
    (shop / "file" / ".git").write_text(f"gitdir: {hidden}/.git\n")
    (shop / "link" / ".git").symlink_to(hidden / ".git")
    for at in (shop / "bare", shop / "parts" / ".git"):
        at.mkdir(exist_ok=True)
        (at / "HEAD").write_text("ref: refs/heads/main\n")
        for part in ("objects", "refs"):
            (at / part).symlink_to(hidden / ".git" / part)
    async with talk(shop) as one:
        for name in ("file", "link", "bare", "parts"):
            message = await one.fails("pack_context", path=name, rev="HEAD", budget="4k")
            assert "leads out of the roots" in message, name


@pytest.mark.asyncio
@pytest.mark.parametrize("way", ["plain", "relative", "quoted", "through another", "packs"])
async def test_a_repository_that_borrows_objects_from_outside_is_refused(shop: Path, way: str) -> None:
    hidden = make_repository(shop.parent / "hidden", {"key.txt": "hidden words of a commit\n"})
    commit = git(hidden, "rev-parse", "HEAD")
    thief = make_repository(shop / "thief", {"a.txt": "a\n"})
    objects, theirs = thief / ".git" / "objects", hidden / ".git" / "objects"
    if way == "packs":
        git(hidden, "repack", "-qad")
        (objects / "pack").rmdir()
        (objects / "pack").symlink_to(theirs / "pack")
    else:
        line = {"relative": os.path.relpath(theirs, objects), "quoted": f'"{theirs}"'}.get(way, str(theirs))
        if way == "through another":
            between = make_repository(shop / "between", {"b.txt": "b\n"}) / ".git" / "objects"
            (between / "info" / "alternates").write_text(f"{theirs}\n")
            line = str(between)
        (objects / "info" / "alternates").write_text(f"# one that is borrowed from\n{line}\n")
    git(thief, "cat-file", "-e", f"{commit}^{{tree}}")  # git itself reads it
    async with talk(shop) as one:
        for arguments in ({}, {"rev": commit}):
            message = await one.fails("pack_context", path="thief", budget="4k", **arguments)
            assert "leads out of the roots" in message
            assert HIDDEN not in message


@pytest.mark.asyncio
async def test_objects_borrowed_within_the_roots_are_read(shop: Path) -> None:
    git(shop, "clone", "-q", "--shared", ".", "shared")
    async with talk(shop) as one:
        assert (await one.ask("scan", path="shared", rev="HEAD"))["files"] > 3


@pytest.mark.asyncio
async def test_work_trees_that_git_made_are_read(shop: Path) -> None:
    git(shop, "worktree", "add", "-q", str(shop.parent / "tree"))
    async with talk(shop.parent / "tree") as one:
        assert (await one.ask("scan", rev="HEAD"))["files"] > 3


def test_roots_are_resolved_and_told_apart(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    roots = roots_of([tmp_path / "link", real], "the test")
    assert roots.folders == (str(real),)
    assert roots.holds(real / "x")
    assert not roots.holds(f"{real}2")
    assert Roots(("/",)).holds("/etc")


@pytest.mark.parametrize("url", ["http://a/b", "file://host/b", "file:b", "file:", "file:///a%00b", "", "file://[/b"])
def test_what_is_no_file_url_is_refused(url: str) -> None:
    with pytest.raises(PacksightError, match="no file URL"):
        path_of_url(url)


def test_percent_escapes_are_undone_once() -> None:
    assert path_of_url("file:///a%20b/%2525") == "/a b/%25"
    assert os.fsencode(path_of_url("file:///%ff")) == b"/\xff"
