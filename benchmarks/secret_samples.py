"""Files with secrets whose places are known, and files that only look as if: all values made by a seed.

No value stands here as it is: prefixes are put together, so that no scanner takes this file for a leak. Kinds follow
the forms that services document. The tuned part was looked at while the rules were made; the held-out part has other
kinds, names and frames around the values, and no rule was changed for what it missed.
"""

from __future__ import annotations

import base64
import json
import random
import string
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Sample:
    """One file."""

    name: str
    text: str
    secret: str
    """The value in it, or ``""`` where there is none."""


class Maker:
    """Makes values."""

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)

    def take(self, number: int, alphabet: str = ALNUM) -> str:
        """Random characters."""
        return "".join(self.dice.choice(alphabet) for _ in range(number))

    def password(self) -> str:
        """Letters of both sizes, digits and a mark, as managers make them."""
        value = [self.dice.choice(string.ascii_uppercase), self.dice.choice("!#*?+~"), *self.take(12)]
        self.dice.shuffle(value)
        return "".join(value)

    def base64(self, size: int) -> str:
        """Random bytes in base 64."""
        return base64.b64encode(self.dice.randbytes(size)).decode()

    def jwt(self) -> str:
        """Three parts, two of them JSON."""
        head = {"alg": "HS256", "typ": "JWT"}
        body = {"sub": self.take(10), "exp": self.dice.randrange(10**9)}
        parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, body)]
        return ".".join([*parts, base64.urlsafe_b64encode(self.dice.randbytes(32)).decode().rstrip("=")])


Make = Callable[[Maker], str]

TOKENS: dict[str, Make] = {
    "github": lambda m: "ghp" + "_" + m.take(36),
    "github-app": lambda m: "ghs" + "_" + m.take(36),
    "github-fine": lambda m: "github" + "_pat_" + m.take(22) + "_" + m.take(59),
    "gitlab": lambda m: "glpat" + "-" + m.take(20),
    "aws-id": lambda m: "AKI" + "A" + m.take(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    "slack-bot": lambda m: (
        "xox" + "b-" + m.take(12, string.digits) + "-" + m.take(12, string.digits) + "-" + m.take(24)
    ),
    "stripe": lambda m: "sk" + "_live_" + m.take(24),
    "google": lambda m: "AIz" + "a" + m.take(35),
    "npm": lambda m: "npm" + "_" + m.take(36),
    "pypi": lambda m: "pypi-" + "AgEIcHlwaS5vcmc" + m.take(70),
    "sendgrid": lambda m: "S" + "G." + m.take(22) + "." + m.take(43),
    "openai": lambda m: "sk-" + m.take(20) + "T3Blbk" + "FJ" + m.take(20),
    "anthropic": lambda m: "sk-" + "ant-api03-" + m.take(93) + "AA",
    "digitalocean": lambda m: "dop" + "_v1_" + m.take(64, HEX),
    "jwt": lambda m: m.jwt(),
    "discord": lambda m: "https://discord.com/api/" + "webhooks/" + m.take(18, "123456789") + "/" + m.take(68),
}
FRAMES: dict[str, str] = {
    "python": '"""Settings."""\n\nCLIENT = connect("{}")\n',
    "yaml": "service:\n  name: shop\n  value: {}\n",
    "env": "HOST=localhost\nVALUE={}\n",
    "json": '{{"name": "shop", "value": "{}"}}\n',
    "js": "const value = '{}';\nexport default value;\n",
    "go": 'package shop\n\nconst value = "{}"\n',
    "java": 'class Shop {{\n    static final String VALUE = "{}";\n}}\n',
    "shell": "#!/bin/sh\nexport VALUE='{}'\nrun\n",
}
"""Frames whose names say nothing: the form of the value has to."""
NAMED: dict[str, str] = {
    "python": 'API_KEY = "{}"\n',
    "python-dict": 'settings = {{"secret_key": "{}", "debug": False}}\n',
    "yaml": "auth:\n  client_secret: {}\n  ttl: 30\n",
    "env": "AWS_SECRET_ACCESS_KEY={}\n",
    "json": '{{"accessToken": "{}"}}\n',
    "js": "const authToken = '{}';\n",
    "go": 'var apiSecret = "{}"\n',
    "java": 'private static final String SIGNING_KEY = "{}";\n',
    "shell": "export DEPLOY_TOKEN={}\n",
}
PASSWORDS: dict[str, str] = {
    "python": 'db = connect(user="app", password="{}")\n',
    "yaml": "database:\n  user: app\n  password: {}\n",
    "env": "DB_PASSWORD={}\n",
    "json": '{{"user": "app", "password": "{}"}}\n',
    "java": 'props.put("db.password", "{}");\n',
    "properties": "spring.datasource.password={}\n",
    "php": "'password' => '{}',\n",
}
URLS = (
    "DATABASE_URL=postgres://app:{}@db.internal:5432/shop\n",
    "broker: amqp://worker:{}@queue.internal//\n",
    'client = MongoClient("mongodb://root:{}@mongo.internal/admin")\n',
    "git clone https://bot:{}@git.internal/shop.git\n",
    'redis_url = "redis://:{}@cache.internal:6379/0"\n',
)
CONNECTIONS = (
    "Server=db.internal;Database=shop;User Id=app;Password={};Encrypt=True\n",
    '<add name="shop" connectionString="Server=db;Uid=app;Pwd={};" />\n',
)


def tuned(each: int) -> Iterator[Sample]:
    """Secrets and look-alikes that the rules were made with."""
    for number in range(each):
        m = Maker(f"tuned {number}")
        for kind, make in TOKENS.items():
            for frame, text in FRAMES.items():
                value = make(m)
                # The address of a hook is no secret; what stands behind it is.
                yield Sample(f"{kind}/{frame}", text.format(value), value.rpartition("/")[2])
        for frame, text in NAMED.items():
            for value in (m.take(40), m.take(32, HEX), m.base64(32)):
                yield Sample(f"named/{frame}", text.format(value), value)
        for frame, text in PASSWORDS.items():
            value = m.password()
            yield Sample(f"password/{frame}", text.format(value), value)
        for text in URLS:
            value = m.take(16)
            yield Sample("url", text.format(value), value)
        for text in CONNECTIONS:
            value = m.password()
            yield Sample("connection", text.format(value), value)
        yield from _keys(m)
        value = m.base64(64)
        yield Sample("azure", f"AccountName=shop;AccountKey={value};EndpointSuffix=core\n", value)
        value = m.base64(18)
        yield Sample("header", f'headers = {{"Authorization": "Bearer {value}"}}\n', value)
        value = m.base64(24)
        yield Sample("k8s", f"apiVersion: v1\nkind: Secret\ndata:\n  login: {value}\n", value)
        yield from _nothing(m)


def _keys(m: Maker) -> Iterator[Sample]:
    for name in ("RSA PRIVATE", "EC PRIVATE", "PRIVATE", "OPENSSH PRIVATE"):
        lines = [m.take(64) for _ in range(6)]
        text = f"-----BEGIN {name} KEY-----\n" + "\n".join(lines) + f"\n-----END {name} KEY-----\n"
        yield Sample("pem", text, lines[3])
        escaped = json.dumps({"private_key": text}) + "\n"
        yield Sample("pem/json", escaped, lines[3])


def _nothing(m: Maker) -> Iterator[Sample]:
    """Values that are public or stand for others."""
    digest, sha = m.take(64, HEX), m.take(40, HEX)
    values = {
        "sha256": f'sha256 = "{digest}"\n',
        "git": f"commit {sha}\nAuthor: A <a@example.org>\n",
        "lock": f'"integrity": "sha512-{m.base64(64)}",\n"resolved": "https://registry.example/a.tgz"\n',
        "uuid": f"token_id: {uuid.UUID(int=m.dice.getrandbits(128))}\n",
        "image": f"background: url(data:image/png;base64,{m.base64(300)})\n",
        "minified": "!function(e,t){"
        + ";".join(f"var {m.take(2, string.ascii_letters)}={n}" for n in range(90))
        + "}()\n",
        "placeholder": "API_KEY=your-api-key-here\nPASSWORD=changeme\nTOKEN=<token>\nSECRET=${SECRET}\nKEY=xxxxxxxx\n",
        "aws-example": "aws_access_key_id = AKIA" + "IOSFODNN7EXAMPLE\n",
        "public-key": f"-----BEGIN PUBLIC KEY-----\n{m.take(64)}\n{m.take(64)}\n-----END PUBLIC KEY-----\n",
        "ssh-public": f"ssh-rsa AAAAB3NzaC1yc2E{m.base64(200)} me@host\n",
        "css": f"a {{ color: #{m.take(6, HEX)}; background: #{m.take(8, HEX)} }}\n",
        "call": "token = self.get_token(request)\npassword = form.data['password']\nsecret = environ['SECRET']\n",
        "words": 'SECRET_KEY_NAME = "application-secret-key"\ntoken_type: "bearer"\npassword_field = "user_password"\n',
        "checksum": f"checksum_key: {m.take(32, HEX)}\npackage_hash = '{m.take(40, HEX)}'\n",
        "test": 'password = "password"\nclient.login(username="test", password="secret")\ntoken = "test-token"\n',
        "url": "https://user:password@example.org/\nhttp://localhost:8080/a:b@c\n",
        "tokens": 'tokens = ["alpha", "beta"]\nmax_tokens = 4096\ntokenizer = "cl100k_base"\n',
    }
    for kind, text in values.items():
        yield Sample(f"none/{kind}", text, "")


HELD_TOKENS: dict[str, Make] = {
    "gitlab-runner": lambda m: "glrt" + "-" + m.take(20),
    "slack-user": lambda m: (
        "xox" + "p-" + "-".join(m.take(12, string.digits) for _ in range(3)) + "-" + m.take(32, HEX)
    ),
    "slack-hook": lambda m: (
        "https://hooks.slack.com/" + f"services/T{m.take(8, UPPER)}/B{m.take(10, UPPER)}/{m.take(24)}"
    ),
    "stripe-restricted": lambda m: "rk" + "_live_" + m.take(30),
    "shopify": lambda m: "shpat" + "_" + m.take(32, HEX),
    "huggingface": lambda m: "hf" + "_" + "".join(m.dice.choice(string.ascii_letters) for _ in range(34)),
    "databricks": lambda m: "dapi" + m.take(32, HEX),
    "doppler": lambda m: "dp" + ".pt." + m.take(43),
    "linear": lambda m: "lin" + "_api_" + m.take(40),
    "planetscale": lambda m: "pscale" + "_tkn_" + m.take(43),
    "postman": lambda m: "PMAK-" + m.take(24, HEX) + "-" + m.take(34, HEX),
    "grafana": lambda m: "glsa" + "_" + m.take(32) + "_" + m.take(8, HEX),
    "rubygems": lambda m: "rubygems" + "_" + m.take(48, HEX),
    "telegram": lambda m: m.take(10, "123456789") + ":A" + "A" + m.take(33),
    "vault": lambda m: "hvs" + "." + m.take(95),
    "twilio": lambda m: "S" + "K" + m.take(32, HEX),
}
HELD_FRAMES = (
    "[section]\nentry = {}\n",
    "# {} is what we use\n",
    "curl -H 'X: {}' https://api.internal/v1\n",
    '<item value="{}"/>\n',
    'puts "{}"\n',
    'let v: &str = "{}";\n',
    "ARG V={}\n",
    "| value | `{}` |\n",
)
HELD_NAMED = (
    "STRIPE_WEBHOOK_SECRET='{}'\n",
    '    private_token: "{}",\n',
    "let encryptionKey = `{}`\n",
    "  shared_key = {}\n",
    '$config["app_secret"] = "{}";\n',
    "ENV SESSION_SECRET={}\n",
    'session.headers.update({{"X-Api-Key": "{}"}})\n',
    "//registry.internal/:_authToken={}\n",
    'Token string = "{}"\n',
    'self.client_secret: str = "{}"\n',
)
HELD_PASSWORDS = (
    "export PGPASSWORD='{}'\n",
    '  "smtp_pass": "{}",\n',
    "keystore.passphrase: {}\n",
    "<password>{}</password>\n",
    "mysql -u root -p{} shop\n",
    "machine host.internal login bot password {}\n",
    "ldap_bind_pwd = '{}'\n",
    "sqlplus --password {} app\n",
)


def held_out(each: int) -> Iterator[Sample]:
    """Other kinds, names and frames."""
    for number in range(each):
        m = Maker(f"held out {number}")
        for kind, make in HELD_TOKENS.items():
            for text in HELD_FRAMES:
                value = make(m)
                yield Sample(f"held/{kind}", text.format(value), value)
        for text in HELD_NAMED:
            for value in (m.take(36), m.take(48, HEX), m.base64(24)):
                yield Sample(f"held/named/{text[:24]}", text.format(value), value)
        for text in HELD_PASSWORDS:
            value = m.password()
            yield Sample(f"held/password/{text[:24]}", text.format(value), value)
        lines = [m.take(76) for _ in range(5)]
        text = (
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + "\n".join(lines) + "\n-----END PGP PRIVATE KEY BLOCK-----\n"
        )
        yield Sample("held/pgp", text, lines[2])
        value = m.take(20)
        yield Sample("held/url", f"proxy = 'https://svc-{m.take(4, LOWER)}:{value}@proxy.corp:8443'\n", value)
        value = m.base64(30)
        yield Sample("held/docker", f'{{"auths": {{"r.internal": {{"auth": "{value}"}}}}}}\n', value)
        yield from _held_nothing(m)


def _held_nothing(m: Maker) -> Iterator[Sample]:
    values = {
        "go-sum": f"github.com/a/b v1.2.3 h1:{m.base64(32)}\n",
        "cargo": f'checksum = "{m.take(64, HEX)}"\n',
        "poetry": f'{{file = "a-1.0-py3-none-any.whl", hash = "sha256:{m.take(64, HEX)}"}},\n',
        "docker-digest": f"FROM python@sha256:{m.take(64, HEX)}\n",
        "etag": f'ETag: "{m.take(32, HEX)}"\n',
        "font": f"src: url(data:font/woff2;base64,{m.base64(400)}) format('woff2');\n",
        "cert": f"-----BEGIN CERTIFICATE-----\n{m.take(64)}\n{m.take(64)}\n-----END CERTIFICATE-----\n",
        "docs": "Set `API_TOKEN` to your token, for instance `TOKEN=abc`.\nPassword: at least 8 characters\n",
        "env-example": "SECRET_KEY=replace-me\nDB_PASSWORD=example\nAPI_TOKEN={{ token }}\nKEY=%(key)s\n",
        "types": "interface A { token: string; password?: string; secretKey: Buffer }\n",
        "i18n": '"password": "Passwort",\n"forgot_password": "Passwort vergessen?",\n"token": "Zugangsmarke"\n',
        "code": "if token == other.token:\n    secret = derive(secret, salt)\nself.password = hashed(raw_password)\n",
        "csrf": '<input type="hidden" name="csrf_token" value="{{ csrf_token }}">\n',
        "key-names": 'primary_key = "user_id"\nforeign_key: "account_id2"\nkey = "btn-primary-2"\n',
        "uuid": f'session_key_id = "{uuid.UUID(int=m.dice.getrandbits(128))}"\n',
        "svg": '<path d="M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2z"/>\n',
    }
    for kind, text in values.items():
        yield Sample(f"held/none/{kind}", text, "")
