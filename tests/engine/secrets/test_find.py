from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.secret_samples import Sample, held_out, tuned
from benchmarks.secrets import judged, left
from engine.secrets import find_secrets, mask, mask_name, mask_names

from .values import github, private_key, random_text


def masked(text: str) -> str:
    data = text.encode()
    return mask(data, find_secrets(data)).decode()


@pytest.mark.parametrize("part", [tuned, held_out])
def test_recall_and_precision_keep_their_promise(part: object) -> None:
    samples: list[Sample] = list(part(3))  # type: ignore[operator]
    recall, precision, secrets, _ = judged(samples, misses=False)
    assert secrets > 400
    assert recall >= 0.95
    assert precision >= 0.90


def test_a_secret_is_told_by_kind_and_line_and_keeps_its_prefix() -> None:
    text = f'one = 1\ntwo = 2\nTOKEN = "{github()}"\n'
    (found,) = find_secrets(text.encode())
    assert (found.kind, found.line) == ("github-pat", 3)
    assert masked(text) == 'one = 1\ntwo = 2\nTOKEN = "ghp_' + "*" * 36 + '"\n'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n"])
def test_a_private_key_keeps_its_frame_and_its_lines(end: str) -> None:
    text = f"before\n{private_key(end)}after\n"
    shown = masked(text)
    assert len(shown) == len(text)
    assert "-----BEGIN RSA PRIVATE KEY-----" in shown
    assert "-----END RSA PRIVATE KEY-----" in shown
    assert shown.count(end) == text.count(end)
    assert not any(left(shown, random_text(64, seed=number)) for number in range(6))


def test_values_of_a_kubernetes_secret_are_masked_and_its_names_are_not() -> None:
    value, other = random_text(24), random_text(30)
    text = (
        f"kind: ConfigMap\ndata:\n  colour: {other}\n---\nkind: Secret\nmetadata:\n  name: shop\n"
        f'stringData:\n  login: "{value}"\n  file: |\n    {other}x\n    second line of it\n'
    )
    shown = masked(text)
    assert f"colour: {other}\n" in shown
    assert f'login: "{"*" * 24}"' in shown
    assert f"{other}x" not in shown
    assert "second line" not in shown
    assert "name: shop" in shown


@pytest.mark.parametrize(
    "text",
    [
        "aws_access_key_id = AKIA" + "IOSFODNN7EXAMPLE",
        'api_key = "xxxxxxxxxxxxxxxxxxxx"',
        "token: <token>",
        "PASSWORD=changeme",
        "SECRET_KEY=${SECRET_KEY}",
        'password = "{{ password }}"',
        'secret = os.environ["SECRET"]',
        "postgres://user:password@localhost/db",
        'token_hash = "' + random_text(64, "0123456789abcdef") + '"',
        'TOKEN = "ghp_' + "x" * 36 + '"',
    ],
)
def test_what_stands_for_a_secret_is_none(text: str) -> None:
    assert masked(text + "\n") == text + "\n"


def test_a_password_of_several_bytes_a_character_stays_utf8() -> None:
    text = 'password = "Pä55w€rt!ß7x"\n'
    data = text.encode()
    shown = mask(data, find_secrets(data))
    assert shown != data
    assert len(shown) == len(data)
    assert shown.decode().startswith('password = "***')


def test_names_are_masked() -> None:
    assert mask_name(f"Token {github()}") == "Token ghp_" + "*" * 36
    names = ["short", "a_long_name_of_a_function", github()]
    assert mask_names(names) == ["short", "a_long_name_of_a_function", "ghp_" + "*" * 36]
    assert mask_names(names[:2]) == names[:2]


pieces = st.sampled_from(
    [
        "token = '",
        "password: ",
        "ghp" + "_",
        random_text(36),
        "://a:",
        "@h",
        "\n",
        "\r\n",
        "'",
        '"',
        "kind: Secret\n",
        "data:\n",
        "  a: ",
        "-----BEGIN PRIVATE KEY-----",
        "eyJ" + random_text(20),
        ".",
        "é",
        "\u2028",
        "-",
        "=",
        " ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=30).map("".join))
def test_a_mask_changes_nothing_but_what_it_covers(text: str) -> None:
    data = text.encode()
    found = find_secrets(data)
    shown = mask(data, found)
    assert len(shown) == len(data)
    shown.decode()
    breaks = [at for at, byte in enumerate(data) if byte in b"\r\n"]
    assert breaks == [at for at, byte in enumerate(shown) if byte in b"\r\n"]
    covered = {at for one in found for span in one.spans for at in range(*span)}
    assert all(data[at] == shown[at] for at in range(len(data)) if at not in covered)
    spans = [span for one in found for span in one.spans]
    assert all(0 <= a < b <= len(data) for a, b in spans)
    assert all(one.line == data.count(b"\n", 0, one.spans[0][0]) + 1 for one in found)


@pytest.mark.parametrize(
    "piece",
    ["token = ", "password=", "://a:", "eyJ", "-----BEGIN PRIVATE KEY-----", "kind: Secret\ndata:\n", "curl -u a:",
     "ghp_", "secret: secret: ", "machine a login ", "xoxb-1", "host=a password ", "Private-Lines: 1\n"],
)  # fmt: skip
def test_hostile_text_takes_time_that_its_size_bounds(piece: str) -> None:
    def seconds(size: int) -> float:
        data = (piece * (size // len(piece))).encode()
        start = time.process_time()
        find_secrets(data)
        return time.process_time() - start

    seconds(1000)
    assert seconds(60_000) < 2
