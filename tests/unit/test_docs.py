"""What the Markdown files name exists: files, make targets, commands, settings and their defaults, what is printed."""

import json
import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from django.core.management import get_commands

import routing
from routing.conf import _readers, known_keys

PROJECT = Path(__file__).resolve().parents[2]
# What git tracks, and what it would if it were told.
_LIST = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
TRACKED = subprocess.run(_LIST, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split("\0")
PAGES = sorted(name for name in TRACKED if name.endswith(".md") and not name.startswith("backoffice/demo/"))
TARGETS = set(re.findall(r"^([a-z][a-z0-9-]*):", (PROJECT / "Makefile").read_text(), re.M))
FOLDERS = {name.split("/")[0] for name in TRACKED if "/" in name}
each_page = pytest.mark.parametrize("page", PAGES)


def text_of(page):
    return (PROJECT / page).read_text()


def code_in(page):
    """The code of a page: what stands in backticks, in fences, and indented."""
    text = text_of(page)
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return "\n".join([*fenced, *inline, *re.findall(r"^ {4,}(.*)", text, re.M)])


def test_there_are_pages():
    assert {"README.md", "routing/README.md"} <= {*PAGES}


@each_page
def test_links_lead_somewhere(page):
    links = re.findall(r'\]\(([^)#\s]+)|\bsrc(?:set)?="([^"]+)"', text_of(page))
    local = [link or source for link, source in links if "://" not in link]
    assert [link for link in local if not (PROJECT / page).parent.joinpath(link).exists()] == []


@each_page
def test_sections_of_the_race_that_are_linked_exist(page):
    known = {*re.findall(r'id="([a-z-]+)"', text_of("docs/race.html"))}
    assert {*re.findall(r"race\.html#([a-z-]+)", text_of(page))} <= known


@each_page
def test_sections_that_are_linked_exist(page):
    headings = {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in headings_of(page)}
    assert {*re.findall(r"\]\(#([^)]+)\)", text_of(page))} <= headings


def headings_of(page):
    return re.findall(r"^#+ (.*)", text_of(page), re.M)


@each_page
def test_paths_exist(page):
    named = re.findall(rf"(?<![\w./:<-])((?:{'|'.join(FOLDERS)})/[\w./-]*)", code_in(page))
    missing = [path for path in named if not (PROJECT / path.rstrip(".")).exists()]
    assert missing == []


@each_page
def test_make_targets_exist(page):
    named = re.findall(r"\bmake (?:[A-Z_]+=\S+ )*([a-z][a-z0-9-]*)", code_in(page))
    assert [target for target in named if target not in TARGETS] == []


@each_page
def test_management_commands_exist(page):
    named = re.findall(r"\bmanage\.py ([a-z_]+)", code_in(page))
    assert [command for command in named if command not in {*get_commands(), "help"}] == []


@each_page
def test_cluster_commands_exist(page):
    from cluster.command import arguments

    known = next(action.choices for action in arguments()._actions if action.dest == "command")
    named = re.findall(r"-m cluster ([a-z]+)", code_in(page))
    assert [command for command in named if command not in known] == []


@pytest.mark.parametrize("keys", _readers, ids=lambda keys: keys.__module__)
def test_every_setting_of_routing_is_documented_with_its_default_beside_its_layer(keys):
    page = keys.__module__.rpartition(".")[0].replace(".", "/") + "/README.md"
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", text_of(page), re.M))
    assert rows.keys() == {field.name.upper() for field in fields(keys)}
    for field in fields(keys):
        default = json.dumps(field.default) if isinstance(field.default, str | tuple) else str(field.default)
        if field.name != "replicas":  # the default is a sentence
            assert rows[field.name.upper()] == f"`{default}`", field.name


def test_the_table_of_checks_has_every_check_of_routing():
    code = "".join(text_of(name) for name in TRACKED if name.startswith("routing/") and name.endswith(".py"))
    rows = re.findall(r"^\| `(routing\.[EW]\d{3})` \|", text_of("routing/README.md"), re.M)
    assert rows == sorted({*re.findall(r'id="(routing\.[EW]\d{3})"', code)})


def test_each_promise_is_shown_by_a_test_that_exists():
    tests = "".join(text_of(name) for name in TRACKED if name.startswith("tests/") and name.endswith(".py"))
    known = {*re.findall(r"def (test_\w+)\(", tests)}
    pages = ["routing/README.md", *(f"routing/{layer}/README.md" for layer in ("bookmarks", "survival", "observing"))]
    for page in pages:
        _, shown, table = text_of(page).partition("| promise | shown by |\n|---|---|\n")
        assert shown, page
        rows = [row.split("|")[2] for row in table.partition("\n\n")[0].splitlines()]
        assert [row for row in rows if not {*re.findall(r"`(\w+)`", row)} & known] == [], page
        assert {*re.findall(r"`(test_\w+)`", table)} <= known, page


def test_the_changelog_begins_with_the_present_version():
    assert re.findall(r"^## (.*)", text_of("routing/CHANGELOG.md"), re.M)[0] == routing.__version__


def test_the_environment_of_the_readme_is_read_somewhere():
    settings = {"DATABASE_ROUTERS", *known_keys()}
    named = set(re.findall(r"`([A-Z][A-Z]+(?:_[A-Z]+)+)`", text_of("README.md"))) - settings
    read = (PROJECT / "config/settings.py").read_text() + (PROJECT / "docker-compose.yml").read_text()
    assert [name for name in named if name not in read] == []


def test_the_commands_of_the_readme_exist():
    table = text_of("README.md").partition("manage.py replication_status`")[2].partition("## The house")[0]
    named = re.findall(r"^\| `([a-z_]+)", table, re.M)
    assert {"import_feed", "replication_status"} <= {*named} <= {*get_commands()}


def test_the_status_of_the_readme_has_the_columns_of_the_program():
    printed = re.search(r"^    node +role .*", text_of("README.md"), re.M)[0].split("  ")
    columns = re.findall(r'^        "([a-z ]+)",$', (PROJECT / "cluster/status.py").read_text(), re.M)
    assert [each.strip() for each in printed if each.strip()] == columns


def test_the_makefile_lists_every_target():
    listed = re.findall(r"^([a-z0-9-]+):.*## ", (PROJECT / "Makefile").read_text(), re.M)
    assert {*listed} == TARGETS


def test_each_module_of_routing_is_in_the_table_of_tests_and_each_test_there_exists():
    table = text_of("tests/README.md").partition("| module | tests |")[2]
    rows = [row.split("|")[1:3] for row in table.splitlines() if row.startswith("| `")]
    named = {name for modules, _ in rows for name in re.findall(r"`([\w.]+)`", modules)}
    # Of a package in the table, all modules are.
    modules = [
        name.removeprefix("routing/").removesuffix(".py").partition("/")[0]
        for name in TRACKED
        if name.startswith("routing/") and name.endswith(".py") and name != "routing/__init__.py"
    ]
    assert {*modules} == {name.partition(".")[0] for name in named}
    folders = {"unit": "tests/unit/routing", "replication": "tests/replication/routing", "faults": "tests/faults"}
    tests = [path.split("/") for _, cell in rows for path in re.findall(r"`([\w./]+)`", cell)]
    missing = [name for folder, name in tests if not (PROJECT / folders[folder] / name).exists()]
    assert missing == []
