"""What browsers saved and were shown, and what of it must not be. Judged when all is over, for only then is it known
what a promotion has lost.

- A page shows at least what its browser saved, and was shown while it held a bookmark or before its last save.
- Nobody is logged out.
- Not so while the primary is gone: then the newest page that there is has to do, and a visitor is nobody.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Visit:
    """One request that was answered well: a save of a story's version in the admin, or a page that shows one."""

    story: str
    version: int
    began: float
    ended: float
    is_save: bool = False
    has_bookmark: bool = False  # did the request bring one?
    is_logged_in: bool = True


@dataclass
class Known:
    """What is known of the primary: when it was gone, and which versions were lost, with the moment."""

    outages: list = field(default_factory=list)
    lost: dict = field(default_factory=dict)

    def was_gone(self, began, ended):
        """Was it, at some moment of a request?"""
        return any(began <= end and start <= ended for start, end in self.outages)

    def is_kept(self, story, version, moment):
        return moment < self.lost.get((story, version), float("inf"))


@dataclass
class Verdict:
    """How many pages showed what must not be. `excused`: those of the first two, while the primary was gone."""

    reads: int = 0
    stale: int = 0
    back: int = 0
    logged_out: int = 0
    excused: int = 0

    def __add__(self, other):
        return Verdict(*(one + another for one, another in zip(self.row, other.row, strict=True)))

    @property
    def row(self):
        return self.reads, self.stale, self.back, self.logged_out, self.excused

    @property
    def violations(self):
        return self.stale + self.back + self.logged_out


class _Newest:
    """The newest version of each story; and, of those that were lost later, all."""

    def __init__(self, known):
        self.known, self.kept, self.lost = known, {}, []

    def add(self, story, version):
        if (story, version) in self.known.lost:
            self.lost.append((story, version))
        else:
            self.kept[story] = max(version, self.kept.get(story, 0))

    def add_all(self, other):
        for story, version in [*other.kept.items(), *other.lost]:
            self.add(story, version)

    def at(self, story, moment):
        lost = [version for each, version in self.lost if each == story and self.known.is_kept(story, version, moment)]
        return max([self.kept.get(story, 0), *lost])


def judge(visits, known):
    """Judge the visits of one browser, in their order."""
    saved, shown, seen = _Newest(known), _Newest(known), _Newest(known)
    verdict = Verdict()
    for visit in visits:
        if visit.is_save:
            saved.add(visit.story, visit.version)
            shown.add_all(seen)  # the new bookmark is ahead of all that was seen
            continue
        verdict.reads += 1
        was_gone = known.was_gone(visit.began, visit.ended)
        is_stale = visit.version < saved.at(visit.story, visit.began)
        is_back = visit.version < shown.at(visit.story, visit.began)
        verdict.excused += was_gone and (is_stale or is_back)
        verdict.stale += is_stale and not was_gone
        verdict.back += is_back and not was_gone
        verdict.logged_out += not visit.is_logged_in and not was_gone
        seen.add(visit.story, visit.version)
        if visit.has_bookmark and not was_gone:  # which moves on with what it is shown
            shown.add(visit.story, visit.version)
    return verdict
