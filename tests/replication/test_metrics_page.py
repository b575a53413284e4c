"""/metrics of the demo, served by two processes of gunicorn: whichever answers, answers for both."""

from urllib.request import urlopen

import pytest
from django.db import connections
from prometheus_client.parser import text_string_to_metric_families

from tests.support.gunicorn import served

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(cluster, tmp_path):
    """The address of gunicorn with METRICS=1, on the tests' database."""
    test_database = "/" + connections["default"].settings_dict["NAME"]
    urls = {name: value.replace("/newspaper", test_database) for name, value in cluster.environment().items()}
    with served(urls | {"METRICS": "1", "WEB_CONCURRENCY": "2", "TMPDIR": str(tmp_path)}) as server:
        yield server.address()
    assert list(tmp_path.iterdir()) == []  # the counts go with the server


def counted(site):
    """The statements of readers' pages, by whichever process answers."""
    text = urlopen(f"{site}/metrics").read().decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    names = {sample.name for sample in samples}
    assert {"routing_statements_total", "routing_replica_lag_bytes"} <= names
    return sum(sample.value for sample in samples if sample.labels.get("reason") == "public path")


def test_each_process_answers_for_both(site, tmp_path):
    while len(list(tmp_path.glob("*/counter_*.db"))) < 2:  # until both processes have served a page
        urlopen(f"{site}/").read()
    assert len({counted(site) for _ in range(10)}) == 1
    before = counted(site)
    for _ in range(10):
        urlopen(f"{site}/").read()
    assert counted(site) > before
