"""What the rounds of one router came to: the same work for each, so that shares compare."""

from dataclasses import asdict, dataclass, field
from statistics import median


@dataclass
class Result:
    """Counts, and what each is a share of: logins of rounds, saves of `tried`, 404s of `news`, stale of `looks`."""

    rounds: int = 0
    tried: int = 0  # saves
    saved: int = 0
    lost_logins: int = 0
    news: int = 0  # stories just published that were looked for
    not_found: int = 0
    looks: int = 0  # at a story just edited
    stale: int = 0
    errors: int = 0
    pages: int = 0
    on_replicas: int = 0
    page_times: list = field(default_factory=list)  # milliseconds
    save_times: list = field(default_factory=list)
    marks: list = field(default_factory=list)  # what went wrong in each round

    def summary(self):
        """Return the figures as the page shows them."""
        figures = asdict(self)
        pages, saves = figures.pop("page_times"), figures.pop("save_times")
        return figures | {
            "on_replicas": round(100 * self.on_replicas / self.pages) if self.pages else None,
            "page_time": round(median(pages), 1) if pages else None,
            "save_time": round(median(saves), 1) if saves else None,
        }
