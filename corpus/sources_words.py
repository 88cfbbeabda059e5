"""The words by which prose says that somebody publishes, issues, reports: what `corpus.sources` goes by."""

# fmt: off
# What an issuer does.
ISSUING = frozenset((
    "report", "reports", "reported", "issue", "issues", "issued", "publish", "publishes", "published", "state",
    "states", "stated", "say", "says", "said", "add", "adds", "added", "note", "notes", "noted", "send", "sent",
    "write", "writes", "wrote", "broadcast", "aired", "air", "airs", "document", "documents", "documented",
    "reveal", "reveals", "revealed", "conclude", "concludes", "concluded", "announce", "announced", "announces",
    "adopt", "adopted", "adopts", "quote", "quoted", "quotes", "cite", "cited", "cites", "carry", "carried",
    "carries", "covered", "describe", "described", "describes", "summarize", "summarized", "summarise",
    "summarised", "specify", "specified", "identify", "identified", "record", "recorded", "records", "reiterated",
    "warned", "warns", "urged", "urges", "condemned", "condemns", "expressed", "expresses", "declared", "declares",
    "confirmed", "confirms", "recommended", "requested", "ruled", "found", "held", "resolved", "called", "calls",
    "referred", "refers", "raised", "claimed", "claims", "alleged", "disclosed", "listed", "lists",
    "asked", "told", "asserted", "maintained", "emphasized", "emphasised", "stressed", "printed", "ran", "posted",
    "released", "launched", "mobilized", "mobilised", "estimated", "investigated", "interviewed", "filed",
    "explained", "observed", "indicated", "argued", "decided", "submitted", "drew", "met", "appended", "shows",
    "show", "showed", "appealed", "appeals", "responded", "replied",
))
# What is only thought of: "the BBC could add a programme".
MODALS = frozenset(("could", "would", "should", "can", "may", "might", "must", "ought", "shall"))
# What hands a record over, when a record follows: "handed over a list", "presented a film".
HANDING = frozenset((
    "handed", "presented", "provided", "delivered", "transmitted", "circulated", "forwarded", "conveyed", "gave",
    "tabled", "made", "produced", "supplied", "compiled", "prepared", "drafted", "signed", "distributed",
))
# What may stand between an issuer and its verb.
BESIDE = frozenset((
    "has", "had", "have", "also", "once", "again", "similarly", "subsequently", "repeatedly", "further", "then",
    "later", "first", "itself", "already", "long", "consistently", "explicitly", "specifically", "recently", "did",
    "not", "was", "to", "the", "on", "of", "in", "for", "at", "and", "human", "rights", "situation", "its", "who",
    "which",
))
# What an issuer issues.
RECORDS = frozenset((
    "report", "reports", "article", "articles", "statement", "statements", "letter", "letters", "cable", "cables",
    "resolution", "resolutions", "briefing", "briefings", "documentation", "document", "documents", "interview",
    "interviews", "broadcast", "broadcasts", "film", "films", "video", "telegram", "telegrams", "memorandum",
    "release", "publication", "publications", "dispatch", "dispatches", "despatch", "communique", "note", "paper",
    "findings", "judgment", "judgement", "ruling", "decision", "opinion", "diary", "diaries", "memoirs", "memoir",
    "book", "records", "record", "transcript", "transcripts", "account", "accounts", "story", "stories",
    "coverage", "editorial", "survey", "reply", "response", "testimony", "bulletin", "press", "research",
    "action", "actions", "appeal", "appeals", "communication", "communications",
    "information", "figures", "data", "list", "lists",
))
# A record "of" its issuer is by it: the resolution of the General Assembly. An account or film of somebody is about it.
OWNED = frozenset((
    "resolution", "resolutions", "report", "reports", "letter", "letters", "statement", "statements", "article",
    "articles", "judgment", "judgement", "ruling", "decision", "decisions", "briefing", "communique", "cable",
    "cables", "memorandum", "note", "bulletin", "findings", "documentation", "publications", "archives", "records",
    "minutes", "telegram", "dispatch", "declaration", "position",
))
# By these somebody is named behind what he said: "it rained, said the Gazette".
SAID = frozenset((
    "said", "says", "reported", "reports", "wrote", "writes", "added", "announced", "noted", "stated", "claimed",
    "declared", "observed", "explained", "recalled",
))
# What one sends to somebody who is not its issuer.
SENT = frozenset((
    "letter", "letters", "verbale", "cable", "cables", "telegram", "telegrams", "message", "memorandum",
    "communication", "communications", "appeal", "petition", "fax", "submission", "reply", "e-mail",
))
# What somebody thinks is reported when it is said to be theirs: "it is the Society's position that".
VIEWS = frozenset(("position", "view", "views", "conclusion", "conclusions", "assessment", "opinion", "call", "calls"))
# How a record came to be.
MADE = frozenset((
    "published", "issued", "broadcast", "aired", "reported", "adopted", "sent", "written", "documented",
    "released", "recorded", "quoted", "cited", "covered", "summarized", "summarised", "filed", "printed",
    "transmitted", "compiled", "prepared", "submitted", "described", "announced", "carried", "disseminated",
))
# Who belongs to a publisher is not the publisher.
PEOPLE = frozenset((
    "activist", "activists", "member", "members", "delegate", "delegates", "delegation", "delegations",
    "supporters", "supporter", "representative", "representatives", "staff", "researcher", "researchers", "office",
    "offices", "headquarters", "building", "officials", "official", "ambassador", "mission", "secretary",
    "campaigners",
))
# What may stand between "by" and a name.
ARTICLES = frozenset((
    "the", "a", "an", "british", "american", "us", "un", "newspaper", "daily", "agency", "magazine", "then", "former",
))
# Publishers that prose names by their kind alone, by source type; they count where a collection has that type.
KINDS = {
    "media": (
        "media reports", "media report", "press reports", "press report", "news reports", "news report",
        "newspaper reports", "newspaper report", "newspaper articles", "newspaper article", "media articles",
        "press articles", "news articles", "media accounts", "press accounts", "newspaper accounts", "media outlets",
        "news outlets", "news agencies", "press agencies", "news agency", "newspapers", "international media",
        "foreign media", "western media", "international press", "foreign press", "western press",
    ),
    "state-media": (
        "state media", "state media reports", "state media report", "state media outlets", "state-run media",
        "state-controlled media", "state television", "state radio", "state news agency", "official news agency",
        "state-owned newspaper", "state-run newspaper", "government newspaper",
    ),
    "ngo": (
        "human rights organizations", "human rights organisations", "human rights groups",
        "non-governmental organizations", "non-governmental organisations", "NGOs",
    ),
}
# What may stand before a kind of publisher.
ADJECTIVES = frozenset((
    "international", "foreign", "local", "national", "western", "state", "independent", "many", "several", "various",
    "numerous", "some", "other", "contemporary", "early", "credible", "more", "these", "such", "all", "two", "three",
))
# After one of these a name is spoken to or about.
NOT_SUBJECT = frozenset((
    "quoting", "citing",
    "to", "with", "against", "at", "about", "on", "of", "before", "toward", "towards", "into", "for",
))
# fmt: on
