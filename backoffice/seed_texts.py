"""Made-up news in any number: headlines, standfirsts and bodies that differ, and read as if someone wrote them."""

from .markdown import render_markdown

SECTIONS = ["World", "Politics", "Business", "Science", "Culture", "Sport", "Weather", "Technology"]
FIRST = ["Ada", "Bela", "Chidi", "Dalia", "Emre", "Freya", "Goran", "Hana", "Ines", "Jonas", "Kaori", "Lars"]
LAST = ["Abara", "Berg", "Castillo", "Duarte", "Eriksen", "Fofana", "Grau", "Haddad", "Ito", "Jansen"]
TAGS = ["harbour", "elections", "markets", "climate", "theatre", "football", "storms", "software", "schools", "rail"]

WHO = [
    *("City council", "Harbour board", "Night editor", "Central bank", "Weather office", "National gallery"),
    *("Rail company", "Teachers' union", "Fishing fleet", "Football club", "Space agency", "Power grid"),
    *("Public library", "Opera house", "Border commission", "Cheese guild", "Lighthouse keeper", "Tram company"),
]
DOES = [
    *("approves", "postpones", "defends", "withdraws", "unveils", "questions", "corrects", "celebrates"),
    *("rejects", "rewrites", "inspects", "abandons", "doubles", "audits", "reopens", "regrets"),
]
WHAT = [
    *("plan for the old bridge", "budget for the winter", "rules on late trains", "list of lost letters"),
    *("map of the lowlands", "price of bread", "record of the tides", "search for the missing ledger"),
    *("timetable of the ferries", "vote on the new stadium", "forecast of heavy rain", "copy of the archive"),
    *("promise to repair the clock", "treaty on fishing rights", "study of migrating storks", "tax on empty houses"),
]
WHEN = [
    *("after a long night", "before the holidays", "despite protests", "in a surprise move", "for the third time"),
    *("without a vote", "amid doubts", "as prices rise", "under pressure", "by a narrow margin", "at last"),
]
PLACES = ["Northhaven", "Lower Mill", "Saint Alder", "Quarry Hill", "Eastmoor", "Port Levan", "Tarn", "Old Ferry"]
SENTENCES = [
    "{who} in {place} {does} the {what}, {when}.",
    "Witnesses in {place} say that the {what} was known to everyone but the {who2}.",
    "“Nobody told us about the {what},” said a speaker of the {who2}.",
    "Figures published on *{day}* put the cost at **{number} million** crowns.",
    "The {who2} had asked for {number} more days, and was given {small}.",
    "In {place}, {number} people queued to see the {what} for themselves.",
    "Critics recall that the {what} was promised {small} years ago.",
    "A decision is expected on {day}, when the {who2} meets in {place}.",
    "Until then the {what} remains where it has always been.",
    "Neither the {who2} nor the mayor of {place} wished to comment {when}.",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def headline(random):
    return f"{random.choice(WHO)} {random.choice(DOES)} {random.choice(WHAT)} {random.choice(WHEN)}"


def sentence(random):
    return random.choice(SENTENCES).format(
        who=random.choice(WHO),
        who2=random.choice(WHO).lower(),
        does=random.choice(DOES),
        what=random.choice(WHAT),
        when=random.choice(WHEN),
        place=random.choice(PLACES),
        day=random.choice(DAYS),
        number=random.randint(12, 980),
        small=random.randint(2, 11),
    )


def paragraphs(random, count):
    """Return `count` paragraphs as (Markdown, HTML): rendering each story on its own would take minutes."""
    texts = (" ".join(sentence(random) for _ in range(random.randint(2, 4))) for _ in range(count))
    return [(text, render_markdown(text)) for text in texts]
