"""On an idle system nobody lags, however long ago the last change was. By the measure that is usual, all do."""

import pytest

from routing.survival import health

from .test_health import BOTH, in_service, look

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


def since_the_last_change():
    """WRONG ON PURPOSE: what `now() - pg_last_xact_replay_timestamp()` says, by this process's clock."""
    last = []

    def lag(replayed):
        if not last or last[0] != replayed:
            last[:] = [replayed, health.monotonic()]
        return health.monotonic() - last[1]

    return lag


@pytest.mark.parametrize(
    "measure", [None, pytest.param(since_the_last_change, marks=pytest.mark.xfail(strict=True))], ids=["ours", "usual"]
)
def test_on_an_idle_system_nobody_lags(measure, settings, monkeypatch):
    settings.ROUTING = settings.ROUTING | {"MAX_LAG": 10}  # and with it all that is known is forgotten
    now = 1000.0
    monkeypatch.setattr(health, "monotonic", lambda: now)
    if measure:
        monkeypatch.setattr(health, "lag", measure())
    for _ in range(10):
        look()
        now += 60
    assert in_service() == BOTH
