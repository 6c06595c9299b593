"""What a path alone says."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.chunk.languages import detect_language
from engine.classify import file_class, reason
from engine.model import ChunkClass

PATHS = {
    "code": """
        src/app.py lib/router.js cmd/server/main.go crates/core/src/lib.rs src/main/java/com/acme/App.java
        app/models/user.rb include/fmt/core.h src/Parser.cs web/templates/index.html web/static/style.css
        deploy.sh schema.sql api/service.proto src/latest.py src/contest.go src/attestation.rs lib/protest.js
        pkg/testing.go app/spectrum.py src/doc/render.rs package/testing.py package/test/client.py
        package/testing/cases.py manage.py package/__main__.py src/vendoring.py src/export.py src/examples.py
        src/data.py build.rs templates/sitemap.xml templates/mail/welcome.txt src/generate.ts
        internal/lockfile.go src/package_lock.py
    """,
    "tests": """
        tests/models.py tests/conftest.py test/app.js src/test/java/com/acme/AppTest.java pkg/a/server_test.go
        src/button.spec.ts src/button.test.tsx src/__tests__/a.js spec/models/user_spec.rb tests/it.rs
        crates/x/benches/bench.rs e2e/login.ts tests/templates/page.html conftest.py test_app.py
        js_tests/core.js tests/templates/mail.txt fuzz/fuzz_targets/parse.rs benchmarks/speed.py
        tests/examples/a.py tests/fixtures/__init__.py test/fixtures/plugin/index.js ParserTests.cs
        tests/vendor/module.js test/fixtures/app/node_modules/dep/index.js examples/app/tests/test_views.py
        src/it/java/AppIT.java testdata/schema.proto test/helper.sh
    """,
    "examples": """
        examples/basic/app.py examples/views/index.ejs demo/main.go samples/Program.cs docs/snippets/a.py
        docs/tutorial/client.js crates/x/examples/walk.rs src/main/java/com/acme/examples/Demo.java
    """,
    "config": """
        pyproject.toml setup.cfg setup.py tox.ini package.json tsconfig.json .github/workflows/ci.yml Dockerfile
        docker-compose.yml Makefile CMakeLists.txt Cargo.toml go.mod pom.xml build.gradle.kts .editorconfig
        .gitignore requirements.txt requirements-dev.txt babel.config.js .eslintrc.cjs config/settings.yaml
        docs/conf.py docs/requirements.txt robots.txt examples/app/pyproject.toml tests/pytest.ini
        charts/app/templates/deployment.yaml Gemfile main.tf .env.example fuzz/Cargo.toml Gruntfile.js
        .github/CODEOWNERS
    """,
    "docs": """
        README.md README CHANGELOG.md LICENSE LICENSE-MIT COPYING docs/guide.rst docs/intro.txt doc/manual.html
        tests/README.md examples/README.md .github/ISSUE_TEMPLATE/bug.md CONTRIBUTING.md notes.txt man/tool.1
        docs/api/index.html AUTHORS test/fixtures/README.md src/module/NOTES.adoc SECURITY.md
    """,
    "data": """
        data/cities.csv locale/de/LC_MESSAGES/django.po static/icon.svg tests/fixtures/users.json
        tests/data/page.txt test/fixtures/case/input.js test/fixtures/case/output.js analysis.ipynb
        tests/golden.json testdata/words.txt src/test/resources/config.yaml locales/fr.json data/tables.json
        fix.patch cert.pem benchmark/results test/fixtures/case/expected/a.js test/fixtures/case/.babelrc
    """,
    "generated": """
        api/service.pb.go api/service_pb2.py api/service_pb2_grpc.py dist/app.js static/app.min.js
        static/app.js.map model.g.dart src/__snapshots__/a.js.snap src/generated/client.ts
        src/__generated__/query.ts pkg.egg-info/PKG-INFO Form.Designer.cs zz_generated.deepcopy.go
        testdata/service.pb.go
    """,
    "vendored": """
        vendor/github.com/pkg/errors/errors.go third_party/zlib/inflate.c node_modules/left-pad/index.js
        static/vendor/jquery/jquery.js static/jquery-3.7.1.min.js .yarn/releases/yarn-4.1.0.cjs gradlew
        gradle/wrapper/gradle-wrapper.properties third_party/zlib/README.md vendor/a/b_test.go
        static/fontawesome/css/all.min.css node_modules/a/package-lock.json third_party/lib/tests/test_a.py
    """,
    "lockfile": """
        package-lock.json yarn.lock pnpm-lock.yaml poetry.lock uv.lock Cargo.lock go.sum Gemfile.lock
        composer.lock fuzz/Cargo.lock examples/app/yarn.lock flake.lock gradle.lockfile packages.lock.json
    """,
}
CASES = [(path, name) for name, paths in PATHS.items() for path in paths.split()]


@pytest.mark.parametrize(("path", "expected"), CASES)
def test_class_of_a_path(path: str, expected: str) -> None:
    found = file_class(path, detect_language(path, b""))
    assert found.chunk_class == expected, found.rule_id


@pytest.mark.parametrize(("path", "expected"), CASES)
def test_only_what_is_not_read_piece_by_piece_is_taken_whole(path: str, expected: str) -> None:
    found = file_class(path, detect_language(path, b""))
    assert found.whole == (expected in ("data", "generated", "vendored", "lockfile"))


@pytest.mark.parametrize(
    ("path", "attribute", "expected"),
    [
        ("src/app.py", "generated", "generated"),
        ("src/app.py", "vendored", "vendored"),
        ("src/app.py", "documentation", "docs"),
        ("vendor/a/a.go", "not-vendored", "code"),
        ("src/generated/api.ts", "not-generated", "code"),
        ("README.md", "generated", "generated"),
        ("tests/test_a.py", "vendored", "vendored"),
        ("yarn.lock", "vendored", "vendored"),
        ("src/app.py", "converted", "code"),
    ],
)
def test_attributes_of_the_repository_win(path: str, attribute: str, expected: str) -> None:
    assert file_class(path, detect_language(path, b""), frozenset({attribute})).chunk_class == expected


def test_a_lock_file_marked_generated_stays_a_lock_file() -> None:
    assert file_class("yarn.lock", None, frozenset({"generated"})).chunk_class is ChunkClass.LOCKFILE


def test_documentation_by_attribute_is_read_piece_by_piece() -> None:
    assert not file_class("src/app.py", "python", frozenset({"documentation"})).whole


@pytest.mark.parametrize("path", ["README.MD", "Vendor/a.go", "TESTS/test_a.py", "Package-Lock.json"])
def test_case_does_not_matter(path: str) -> None:
    assert file_class(path) == file_class(path.lower())


@given(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=80))
def test_any_name_has_a_class_and_a_reason(path: str) -> None:
    found = file_class(path, None)
    assert reason(found.rule_id) != found.rule_id


@pytest.mark.parametrize(
    "path", ["a/" * 5_000 + "b.py", "a" * 100_000, "../" * 50 + "x", "//", "\udcff/\udcfe.py", "a\nb/\x1b[31m.py"]
)
def test_hostile_names_are_answered_quickly(path: str) -> None:
    started = time.process_time()
    assert file_class(path).chunk_class in ChunkClass
    assert time.process_time() - started < 1


def test_many_paths_take_little_time() -> None:
    paths = [f"pkg{index % 3000}/sub{index % 7}/file{index}.py" for index in range(30_000)]
    none: frozenset[str] = frozenset()
    file_class("warm.py")
    started = time.process_time()
    for path in paths:
        file_class(path, "python", none)
    assert time.process_time() - started < 1, "30,000 paths; the promise is 90,000 in 0.6 s on a quiet machine"
