"""What makes a repository the same one tomorrow, in another clone or folder."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit, urlunsplit

from engine.walk.listing import Listing
from engine.walk.repository import Repository

_SCHEMES = frozenset({"http", "https", "ssh", "git", "git+ssh", "ftp", "ftps", "file"})
_SCP = re.compile(r"^(?:[^@/:]*@)?([A-Za-z0-9][A-Za-z0-9.-]*):(?!:)(.+)$")
_ROOT_LIMIT_S = 1.0


def repository_identity(listing: Listing) -> str:
    """Return a key for what is remembered about a repository.

    The URL of ``origin`` (else of the first remote by name) without user, password, query and fragment; without a
    remote the id of the first commit; else the absolute path. A listing of a sub-folder has the identity of its
    repository.
    """
    repository = listing.repository
    if repository is None:
        return os.fspath(listing.root)
    for name in sorted(listing.remotes, key=lambda name: (name != "origin", name)):
        url = without_credentials(listing.remotes[name])
        if url:
            return url
    return _first_commit(listing, repository) or repository.work_tree


def earlier_identities(listing: Listing) -> tuple[str, ...]:
    """Return the keys that the repository had before it got its remote: its first commit, its path."""
    repository = listing.repository
    if repository is None:
        return ()
    return tuple(filter(None, (_first_commit(listing, repository), repository.work_tree)))


def other_spellings(identity: str) -> tuple[str, ...]:
    """Return other URLs of the same place: by https, ssh and git's own protocol, with ``.git`` at the end and without.

    Empty for what is no URL, and where a port is named, which belongs to one protocol.
    """
    scp = _SCP.match(identity)
    if "://" in identity:
        parts = urlsplit(identity)
        host, path = parts.netloc, parts.path.lstrip("/")
        if parts.scheme == "file" or not host or ":" in host:
            return ()
    elif scp:
        host, path = scp[1], scp[2].lstrip("/")
    else:
        return ()
    path = path.rstrip("/").removesuffix(".git")
    if not path:
        return ()
    found = (
        f"{start}{path}{end}"
        for start in (f"https://{host}/", f"{host}:", f"ssh://{host}/", f"http://{host}/", f"git://{host}/")
        for end in (".git", "", "/")
    )
    return tuple(dict.fromkeys(url for url in found if url != identity))


def _first_commit(listing: Listing, repository: Repository) -> str:
    # The first commit of a shallow clone moves with every fetch.
    if not listing.revision or os.path.exists(os.path.join(repository.common_dir, "shallow")):
        return ""
    first = repository.run("rev-list", "--max-parents=0", "--first-parent", listing.revision, limit_s=_ROOT_LIMIT_S)
    ids = first.out.decode("ascii", "replace").split()
    return ids[-1] if ids and not first.timed_out else ""


def without_credentials(url: str) -> str:
    """Strip what may be secret from a remote's URL, the host in small letters; ``""`` if it is none that we know how to
    strip."""
    url = url.strip()
    if not url.isprintable():
        return ""
    if "://" in url:
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        if parts.scheme.lower() not in _SCHEMES:
            return ""
        return urlunsplit((parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower(), parts.path, "", ""))
    scp = _SCP.match(url)
    if scp and len(scp[1]) > 1:
        return f"{scp[1].lower()}:{scp[2]}"
    return url if os.path.isabs(url) else ""
