"""The manifest for Kubernetes names what the project has: variables, paths of probes, a server for each URL."""

from pathlib import Path

import pytest
import yaml
from django.urls import resolve

from config import settings

PROJECT = Path(__file__).resolve().parents[2]
OBJECTS = list(yaml.safe_load_all((PROJECT / "docs/cloudnativepg.yaml").read_text()))


def object_of(kind, name):
    (found,) = [each for each in OBJECTS if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


WEB = object_of("Secret", "newspaper-web")["stringData"]
JOB = object_of("Job", "newspaper-migrate")["spec"]["template"]["spec"]["containers"]
POD = object_of("Deployment", "newspaper-web")["spec"]["template"]["spec"]
(SERVER,) = POD["containers"]


def test_the_environment_is_read_by_the_settings_or_by_gunicorn():
    read = (PROJECT / "config/settings.py").read_text() + (PROJECT / "config/gunicorn.conf.py").read_text()
    named = {*WEB, *(each["name"] for each in SERVER["env"])}
    assert {"DATABASE_URL", "REPLICA_URLS", "SECRET_KEY", "ALLOWED_HOSTS"} <= named
    assert [name for name in named if f'"{name}"' not in read] == []


def test_each_replica_is_one_instance_that_a_service_of_its_own_selects():
    instances = object_of("Cluster", "newspaper")["spec"]["instances"]
    databases = [settings.database(url) for url in WEB["REPLICA_URLS"].split(",")]
    services = [object_of("Service", database["HOST"]) for database in databases]
    selected = [service["spec"]["selector"]["cnpg.io/instanceName"] for service in services]
    assert selected == [f"newspaper-{number}" for number in range(1, instances + 1)]
    (role,) = object_of("Cluster", "newspaper")["spec"]["managed"]["roles"]
    assert {database["USER"] for database in databases} == {role["name"]}
    assert all(database["OPTIONS"]["options"] == "-c statement_timeout=1500" for database in databases)


@pytest.mark.parametrize("probe", ["livenessProbe", "readinessProbe"])
def test_a_probe_is_a_visitor_whom_django_answers(probe):
    get = SERVER[probe]["httpGet"]
    assert resolve(get["path"])
    headers = {each["name"]: each["value"] for each in get["httpHeaders"]}
    assert headers == {"Host": WEB["ALLOWED_HOSTS"], "X-Forwarded-Proto": "https"}


def test_job_and_site_are_the_same_image_with_the_same_environment():
    same = [*JOB, *POD["initContainers"], SERVER]
    assert len({(each["image"], str(each["env"]), str(each["envFrom"])) for each in same}) == 1
