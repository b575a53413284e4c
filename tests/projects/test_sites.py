"""Each project of sites/ is walked as its visitors and editors do, while replicas stand still."""

from pathlib import Path

import pytest

SITES = sorted(path.stem for path in (Path(__file__).parent / "sites").glob("*.py") if path.stem != "watched")


@pytest.mark.parametrize("name", SITES)
def test_site_keeps_its_promises_on_replicas_that_are_behind(run_site, name):
    run_site(name)
