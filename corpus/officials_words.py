"""The words beside a name that tell whose it is: what `corpus.officials` goes by; folded."""

# fmt: off
# Words before a bare name that say nothing about whose it is: ranks and offices.
TITLES = frozenset((
    "mr", "mrs", "ms", "dr", "prof", "professor", "sir", "minister", "president", "ambassador", "ayatollah",
    "imam", "ayatullah", "hojatoleslam", "hojjatoleslam", "hojatolislam", "hojatolleslam", "hodjatoleslam",
    "sheikh", "shaykh", "seyed", "seyyed", "sayed", "sayyid", "sayyed", "syed", "haj", "hajj", "haji", "agha",
    "general", "colonel", "judge", "justice", "prosecutor", "speaker", "representative", "secretary", "charge",
    "daffaires", "diplomat", "premier", "spokesman", "spokesperson", "spokeswoman", "envoy", "deputy", "chairman",
    "head", "chief", "leader", "official", "grand", "former", "then", "ex", "late", "delegate", "commissioner",
    "director", "governor", "mayor", "senator", "officer", "engineer", "brigadier", "commander", "interior",
    "foreign", "prime", "attorney", "آقای", "اقای", "دکتر", "سید", "حجتالاسلام", "ایتالله", "شیخ", "حاج", "مهندس",
    "وزیر", "سفیر", "امام", "جناب", "lord", "lady", "dame", "marshal", "admiral", "major", "captain", "lieutenant",
    "king", "queen", "prince", "princess", "pope", "father", "comrade", "monsieur", "senor", "herr", "don",
    "count", "baron", "chancellor", "consul", "attache", "vice", "acting", "assistant", "permanent", "congressman",
    "bishop", "archbishop", "cardinal", "counsel", "counselor", "counsellor", "adviser", "advisor", "treasurer",
    "correspondent", "journalist", "lawyer", "dictator", "shah", "col", "gen", "pres", "lt", "maj", "capt", "sgt",
    "adm", "amb", "sec", "sen", "rep", "gov", "hon", "rev", "messrs", "mme", "mlle", "generals", "colonels",
    "presidents", "ministers", "ambassadors", "senators", "delegates", "judges", "ayatollahs",
))
# Words that may stand beside a name with a capital because a sentence or a headline does so.
FUNCTION_WORDS = frozenset((
    "the", "a", "an", "and", "or", "but", "nor", "if", "as", "of", "to", "in", "on", "at", "by", "for", "with",
    "from", "that", "this", "these", "those", "he", "she", "they", "it", "his", "her", "its", "their", "when",
    "while", "where", "after", "before", "during", "since", "because", "although", "though", "however",
    "according", "both", "also", "even", "only", "neither", "either", "not", "what", "why", "how", "who", "whom",
    "which", "like", "unlike", "under", "against", "between", "among", "until", "without", "did", "does", "do",
    "is", "was", "are", "were", "be", "been", "has", "had", "have", "can", "could", "should", "would", "will",
    "may", "might", "must", "see", "says", "said", "tells", "told", "denies", "denied", "yet", "so", "then",
    "there", "here", "once", "again", "over", "upon", "via", "per", "than", "about", "asked", "no", "yes", "i",
    "we", "you", "us", "un", "yesterday", "today", "tomorrow", "later", "meanwhile", "now", "soon", "finally",
    "eventually", "subsequently", "thereafter", "nevertheless", "nonetheless", "still", "perhaps", "indeed",
    "thus", "hence", "therefore", "instead", "moreover", "furthermore", "earlier", "recently", "apparently",
    "reportedly", "similarly", "likewise", "otherwise", "afterwards", "initially", "originally", "previously",
    "despite", "amid", "following", "given", "regarding", "concerning", "including", "except", "besides", "within",
    "beyond", "through", "throughout", "toward", "towards", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "january", "february", "march", "april", "june", "july", "august", "september",
    "october", "november", "december", "met", "meets", "replied", "replies", "added", "wrote", "writes", "visited",
    "visits", "accused", "urged", "warned", "claims", "claimed", "calls", "called", "becomes", "became",
))
# What follows a surname and still names the person: the Nouri Administration, the Nouri Papers.
OF_THE_PERSON = frozenset((
    "government", "administration", "presidency", "cabinet", "era", "regime", "premiership", "doctrine",
    "correspondence", "papers", "talks", "conversations", "letter", "letters", "diaries", "files", "memorandum",
    "report", "memoirs", "memo", "testimony", "deposition", "declaration", "affidavit", "interview", "speech",
    "statement", "dep", "decl", "aff", "tr", "test",
))
# What is only called after a person: it names a place or a house.
CALLED_AFTER = frozenset((
    "street", "avenue", "road", "boulevard", "square", "highway", "bridge", "airport", "hospital", "university",
    "college", "school", "stadium", "mosque", "prison", "town", "city", "village", "county", "island", "river",
    "prize", "award", "library", "museum", "foundation", "institute", "center", "centre", "hall",
))
# Common given names in Persian script: there are no capitals to tell a given name from any other word.
PERSIAN_GIVEN = frozenset((
    "محمد", "علی", "حسین", "حسن", "رضا", "احمد", "محمود", "مهدی", "حمید", "مجید", "سعید", "مسعود", "عباس", "اکبر",
    "اصغر", "ابراهیم", "اسماعیل", "جعفر", "کاظم", "صادق", "باقر", "تقی", "جواد", "هادی", "عبدالله", "عبدالکریم",
    "یوسف", "مصطفی", "مرتضی", "مجتبی", "منوچهر", "بهرام", "بهمن", "داریوش", "سیروس", "کوروش", "فریدون", "هوشنگ",
    "ناصر", "نادر", "امیر", "پرویز", "جمشید", "خسرو", "رحیم", "کریم", "محسن", "حامد", "امید", "فاطمه", "زهرا",
    "مریم", "زینب", "شیرین", "نرگس", "پروین", "مینا", "لیلا", "میرحسین", "سعیده", "علیرضا", "غلامرضا", "غلامحسین",
    "حسینعلی",
))
# fmt: on
