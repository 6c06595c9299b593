"""What makes a repository the same one tomorrow, in another clone or folder."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit, urlunsplit

from engine.walk.listing import Listing

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
    # The first commit of a shallow clone moves with every fetch.
    if listing.revision and not os.path.exists(os.path.join(repository.common_dir, "shallow")):
        first = repository.run("rev-list", "--max-parents=0", "--first-parent", listing.revision, limit_s=_ROOT_LIMIT_S)
        ids = first.out.decode("ascii", "replace").split()
        if ids and not first.timed_out:
            return ids[-1]
    return repository.work_tree


def without_credentials(url: str) -> str:
    """Strip what may be secret from a remote's URL; ``""`` if it is none that we know how to strip."""
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
        return urlunsplit((parts.scheme.lower(), parts.netloc.rpartition("@")[2], parts.path, "", ""))
    scp = _SCP.match(url)
    if scp and len(scp[1]) > 1:
        return f"{scp[1]}:{scp[2]}"
    return url if os.path.isabs(url) else ""
