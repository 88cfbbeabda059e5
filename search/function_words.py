"""Words that hold a sentence together and say little of what it is about; only ranking knows that they weigh little.

The closed classes of English and Persian: articles, pronouns, prepositions, conjunctions, auxiliary verbs, question
words. Left out on purpose: words that are also something else in a record of this kind (may, the month; who and us,
which are WHO and US as well; will; can; mine).
"""

from __future__ import annotations

from corpus.text import fold
from index.analyzers import stem

_ENGLISH = """
    a an the this that these those
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves one
    whom whose which what when where why how whether whoever whatever whichever whenever wherever however
    and or but nor so yet if unless because since although though while whereas than as
    of in on at by for from to into onto upon with without within about above across after against along among amongst
    around before behind below beneath beside besides between beyond despite down during except inside like near off
    out outside over per through throughout toward towards under until up via
    be am is are was were been being have has had having do does did doing done could might must shall should would
    ought cannot
    not no none neither either each every all any some many much more most few fewer less least several both such other
    others another same own only just also too very quite rather even still already again ever never always often once
    then there here now thus hence therefore
"""
_PERSIAN = """
    و در به از که این آن با را برای تا بر یا هم نیز اما ولی اگر چون زیرا بین میان روی زیر پس پیش هر همه هیچ چه چرا چگونه
    کجا کی کدام من تو او ما شما آنها ایشان خود است هست نیست بود نبود شد شده باشد بودند هستند شدند می ها های
"""
FUNCTION_WORDS = frozenset(
    form for word in (_ENGLISH + _PERSIAN).split() for form in (word, fold(word), stem(fold(word)))
)
"""As printed in small letters, folded, and stemmed."""
