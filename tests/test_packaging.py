"""What a release and a newcomer rely on: locks, scripts, image, and no trace of the machine they were made on."""

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-image.lock")
COMMANDS = ("scripts/run", "scripts/test", "scripts/check", "scripts/lock", ".ci/run")
DATA_FILES = ("*.toml", "*.json", "*.cypher", "*.html", "*.css")

PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")

# Written apart, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(
        (
            r"pypi" + r"\.org",
            r"python" + r"hosted",
            r"repo1?\." + r"maven",
            r"registry\." + r"npmjs",
            r"(?:deb|security)\." + r"debian",
            r"\bmirrors?\." + r"[a-z]+\.",
            r"pkg" + r"\.dev",
            r"arti" + r"factory",
            r"(?:docker|ghcr|quay)" + r"\.io",
            r"--(?:extra-)?index-" + r"url",
            r"--find" + r"-links",
        )
    ),
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w.~*-])/(?:work|root|home|opt/wheels|tmp/venv)/|\.py" + r"env\b")
# Names of options, not addresses: what keeps addresses out of the locks.
PERMITTED = ("--no-emit-index" + "-url", "--no-emit-find" + "-links")


def tracked_files() -> Iterator[Path]:
    """Yield every file of the project: by git, or on a machine without it by walking past what .gitignore names."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - whichever git is there
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        names = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        ignored = {".git", "__pycache__"} | {
            line.strip("/") for line in read(".gitignore").splitlines() if line and not line.startswith("#")
        }
        names = [path for path in ROOT.rglob("*") if not ignored & set(path.relative_to(ROOT).parts)]
    yield from (path for path in names if path.is_file())


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_pin_or_a_hash(lock: str) -> None:
    odd = [line for line in read(lock).splitlines() if not PIN.match(line) and not HASH.match(line)]
    assert odd == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_followed_by_a_hash(lock: str) -> None:
    lines = read(lock).splitlines()
    followers = zip(lines, [*lines[1:], ""], strict=True)
    assert [line for line, after in followers if PIN.match(line) and not HASH.match(after)] == []


def test_the_image_holds_the_versions_that_were_tested() -> None:
    tested, shipped = (set(filter(PIN.match, read(lock).splitlines())) for lock in LOCKS)
    assert len(shipped) > 0
    assert shipped <= tested


def test_the_lock_holds_every_dependency_of_the_project() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    names = {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in asked}
    locked = {found["name"] for line in read("requirements.lock").splitlines() if (found := PIN.match(line))}
    assert names - locked == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_what_the_readme_names_can_be_run(command: str) -> None:
    assert os.access(ROOT / command, os.X_OK)


@pytest.mark.parametrize("command", [*COMMANDS, "scripts/environment"])
def test_every_script_is_sound_bash(command: str) -> None:
    bash = shutil.which("bash") or "bash"
    assert subprocess.run([bash, "-n", ROOT / command], check=False, capture_output=True).stderr == b""


@pytest.mark.parametrize("secret", ["NEO4J_PASSWORD", "REDIS_PASSWORD"])
def test_compose_takes_each_password_from_outside_and_has_no_default_for_it(secret: str) -> None:
    uses = re.findall(rf"(?<!\$)\$\{{?{secret}([^}}]*)", read("compose.yaml"))
    assert uses
    assert all(use.startswith(":?") for use in uses)


def test_the_image_runs_as_a_plain_user() -> None:
    users = re.findall(r"^USER (\S+)", read("Dockerfile"), re.MULTILINE)
    assert users
    assert users[-1].split(":")[0] not in {"root", "0"}


def test_the_build_keeps_rules_layouts_and_queries() -> None:
    wheel = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel == {"packages": ["credit", "importers"]}, "an include or exclude could leave data files behind"
    ignored = set(read(".gitignore").split())
    assert ignored.isdisjoint(DATA_FILES), "hatchling packs nothing that git ignores"


def test_no_file_names_a_registry() -> None:
    assert list(findings(REGISTRIES)) == []


def test_no_file_names_a_place_on_the_machine_it_was_written_on() -> None:
    assert list(findings(MACHINE_PATHS)) == []


def findings(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield file and match wherever a text of the project holds the pattern."""
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", "replace")
        for permitted in PERMITTED:
            text = text.replace(permitted, "")
        yield from ((path.relative_to(ROOT).as_posix(), match) for match in pattern.findall(text))
