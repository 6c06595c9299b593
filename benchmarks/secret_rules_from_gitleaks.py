"""Write ``engine/secrets/gitleaks.json``: the rules of gitleaks, translated for Python's ``re`` over bytes.

    python -m benchmarks.secret_rules_from_gitleaks config/gitleaks.toml v8.30.0-27-gb58d3f10

Three things differ between the two dialects: flags in the middle of a pattern hold to the end of their group (Python
wants a group of their own), POSIX classes, and ``\\z``. The lazy run of name characters that many rules begin with only
widens what they match, never the secret in it, and costs a quadratic search: it is left out. Rules that say something
about file names, and the generic ones, are not taken: ``engine/secrets/own.toml`` has its own.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "engine" / "secrets" / "gitleaks.json"
NOT_TAKEN = {
    "curl-auth-header": "own rules for headers",
    "curl-auth-user": "own rule; theirs may run over the whole file",
    "freemius-secret-key": "bound to a file name",
    "generic-api-key": "own rules for assignments",
    "hashicorp-tf-password": "bound to a file name",
    "jwt": "own rule with a rarer keyword",
    "kubernetes-secret-yaml": "finds only the first value; own finder",
    "pkcs12-file": "a file name alone",
    "private-key": "own finder, which keeps the lines",
    "sourcegraph-access-token": "takes every git hash near the word",
    "flutterwave-public-key": "public",
}
_LEAD = re.compile(r"^(\(\?i\))?(?:\[\\w\.-\]\{0,50\}\?)")
_INNER_LEAD = re.compile(r"\[\\w\.-\]\{0,50\}\?")
KEYWORDS = {
    "lob-api-key": ["lob_", "lob-", "lob.", "lobapi", "lobkey", "lob "],
    "lob-pub-api-key": ["lob_", "lob-", "lob.", "lobapi", "lobkey", "lob "],
    "twilio-api-key": [f"sk{digit:x}" for digit in range(16)],
    "vault-service-token": ["hvs."],
}
"""Rarer keywords where theirs turn up in every other line of code; for Vault without its tokens of before 2021."""
_LITERAL = re.compile(r"[\w-]{24,}")
"""A published key word for word: no data file of ours holds one."""
_FLAG = re.compile(r"\(\?(i|s|is|si)\)")


def scoped(pattern: str) -> str:
    """Give flags in the middle of a pattern a group that ends where theirs does."""
    found = _FLAG.search(pattern)
    while found:
        depth, at, in_class = 0, found.end(), False
        while at < len(pattern):
            char = pattern[at]
            if char == "\\":
                at += 2
                continue
            if in_class:
                in_class = char != "]"
            elif char == "[":
                in_class = True
                at += 1 + pattern.startswith("^", at + 1)
            elif char == "(":
                depth += 1
            elif char == ")":
                if depth == 0:
                    break
                depth -= 1
            at += 1
        pattern = f"{pattern[: found.start()]}(?{found[1]}:{pattern[found.end() : at]}){pattern[at:]}"
        found = _FLAG.search(pattern)
    return pattern


def translated(pattern: str) -> str:
    """One pattern in Python's dialect.

    Raises:
        re.error: it cannot be one.
    """
    pattern = _LEAD.sub(r"\1", pattern)
    pattern = _INNER_LEAD.sub("", pattern)
    pattern = pattern.replace("[[:alnum:]]", "[a-zA-Z0-9]").replace(r"\z", r"\Z")
    pattern = re.sub(r"\(\?P<\w+>", "(?:", scoped(pattern))
    re.compile(pattern.encode())
    return pattern


def rule_of(entry: dict[str, Any]) -> dict[str, Any]:
    """One rule, with what the engine uses of it."""
    allowed = [
        translated(pattern)
        for allow in entry.get("allowlists", ())
        if not allow.get("paths") and allow.get("regexTarget", "secret") == "secret"
        for pattern in allow.get("regexes", ())
        if not _LITERAL.fullmatch(pattern)
    ]
    rule: dict[str, Any] = {
        "kind": entry["id"],
        "keywords": KEYWORDS.get(entry["id"], entry["keywords"]),
        "pattern": translated(entry["regex"]),
    }
    if entry.get("secretGroup"):
        rule["group"] = entry["secretGroup"]
    if entry.get("entropy"):
        rule["entropy"] = entry["entropy"]
    if allowed:
        rule["allow"] = allowed
    return rule


def main(source: str, version: str) -> None:
    """Read gitleaks' own file and write ours."""
    read = tomllib.loads(Path(source).read_text("utf-8"))
    rules = [rule_of(entry) for entry in read["rules"] if entry["id"] not in NOT_TAKEN and "regex" in entry]
    content = {
        "source": "https://github.com/gitleaks/gitleaks, config/gitleaks.toml, " + version,
        "notice": "Copyright (c) 2019 Zachary Rice, MIT License; see THIRD_PARTY.md",
        "made_by": "python -m benchmarks.secret_rules_from_gitleaks",
        "rules": rules,
    }
    lines = ",\n".join(json.dumps(rule, ensure_ascii=True) for rule in rules)
    head = json.dumps({**content, "rules": []}, indent=1).removesuffix("[]\n}")
    TARGET.write_text(f"{head}[\n{lines}\n]}}\n", "utf-8")
    print(f"{len(rules)} rules, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
