"""Names of people, places and organisations, by their capitals. Pure."""

import re
from dataclasses import dataclass, replace

from bot.facts.days import dates
from bot.facts.tongues import listed, tongue
from bot.text import fold

_CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŠŽĐĆČİ]"
_WORD = re.compile(
    rf"(?:[LDld]['’])?(?:(?:{_CAPITAL}\.){{2,}}|{_CAPITAL}\.(?=[\s-]{_CAPITAL})|"
    rf"(?:[a-z]{{1,2}})?{_CAPITAL}[\w]*(?:[-'’&.‑][^\W_]+)*|\d+(?![AP]M\b)[A-Z]\w*)"
)
# Small words that a name may have inside.
_INSIDE = listed(
    "of the de la du des del der den von van und and y e al el bin ibn ben di da dos das do le les for zu"
    " am an"
)
_LINKS = re.compile(
    r" (?:of the |of |for the |for |de la |de los |de las |de |du |des |del |da |dos |das |do |di "
    r"|von der |von den |von |van der |van den"
    r" |van |der |bin |ibn |al-|el |la |le |& |zu |am |d['’]|and (?=[A-Z]\w+ (?:Commission|Administration"
    r"|Agency|Office"
    r"|Department|Ministry|Authority|Service|Act|Committee|Union|Trust|Council|Board)\b))"
)
_TITLES = listed(
    "mr mrs ms mx miss dr sir dame lord lady prof professor president minister premier chancellor"
    " secretary senator sen rep representative congressman congresswoman governor gov mayor king queen"
    " prince princess pope gen colonel col maj captain capt lt lieutenant sergeant sgt admiral judge"
    " justice chief ceo manager spokesman spokeswoman spokesperson ambassador director chairman chairwoman"
    " chair coach detective officer inspector superintendent commissioner attorney rev reverend father"
    " sister archbishop bishop cardinal imam sheikh ayatollah emperor herr frau monsieur madame mme m"
    " señor señora sr sra don doña presidente presidenta präsident präsidentin kanzler kanzlerin"
    " bundeskanzler ministre ministro ministra analyst founder co-founder"
)
# Titles that may be names, or parts of them ("Stephen King"): titles where a run of capitals opens with them.
_ONLY_BEFORE = listed(
    "chief king prince father sister don m chair judge justice coach lord queen princess pope lady dame"
    " captain"
)
# Part of the title that follows ("Foreign Minister"), or of the one before ("Attorney General").
_BEFORE_TITLE = listed(
    "prime vice general foreign defense defence finance interior treasury press homeland security deputy"
    " health energy trade education justice commerce labor labour transport home former acting assistant"
    " chief executive police"
)
_AFTER_TITLE = frozenset(["general", "elect", "state", "defense", "defence", "war", "treasury"])
# Capitalised because a sentence, a quotation or a headline's line begins with them.
_OPENERS = frozenset(
    fold(
        "a an the this that these those it its he she they we you i his her their our my your who what"
        " when where why how"
        " which whose whom if in on at of for from with by to as and but or so yet nor not no yes all any"
        " both each every"
        " few many more most much several some such other others another one two three four five six"
        " seven eight nine ten"
        " dozens hundreds thousands millions after before since while during until till under over above"
        " below about"
        " across against along among amid around behind beneath beside between beyond despite down inside"
        " into like near"
        " off onto out outside past per through throughout toward towards up upon via within without"
        " although though"
        " because unless whether once even ever just only also still then there here now today tomorrow"
        " yesterday"
        " tonight meanwhile however moreover furthermore nevertheless nonetheless instead thus therefore"
        " hence indeed"
        " perhaps maybe according officials police authorities people residents experts critics supporters"
        " investigators prosecutors rescuers firefighters researchers scientists analysts economists"
        " lawmakers workers"
        " students voters shares stocks sources reports witnesses doctors nurses parents women men children"
        " government court news state local last next first second third earlier later new old former"
        " would will can could should may might must do does did is are was were be been has have had being"
        " let get make take see look read sign watch click photo image video file pictured updated"
        " breaking exclusive"
        " opinion analysis live asked speaking given following based using having including founded born"
        " known built located according early late both either neither nearly almost roughly approximately"
        " certainly clearly obviously apparently reportedly allegedly recently currently previously"
        " originally"
        " eventually finally initially additionally similarly likewise separately generally typically"
        " usually often"
        " sometimes never always nothing nobody everyone everybody everything someone something anyone"
        " anything"
        " none half part rather quite too very well oh thank thanks sorry please good great best better"
        " der die das ein eine einer einem einen im am an auf aus bei bis durch fur gegen in mit nach"
        " ohne seit uber um unter"
        " von vor wahrend wegen zu zum zur und oder aber doch denn auch noch nun so wie was wer wo wann"
        " warum wenn als da"
        " dabei damit dann dort er sie es wir ihr ich sein seine seinen ihre ihren dieser diese dieses"
        " jeder alle viele"
        " le la les l un une des du de d au aux en dans par pour sur avec sans sous chez et ou mais donc"
        " car ni ce cet cette"
        " ces il elle ils elles on nous vous je son sa ses leur leurs mon ma mes qui que quoi quand"
        " comment pourquoi si apres"
        " avant depuis selon plus moins tout tous toute toutes aussi ainsi alors"
        " el los las lo uno unos unas al del con por para sin sobre entre desde hasta segun tras y o pero"
        " porque como cuando"
        " donde quien cual este esta estos estas ese esa su sus mi no si ya mas muy tambien todo todos"
    ).split()
)
_ALIASES = {
    "united states": "us", "united states of america": "us", "usa": "us", "america": "us", "u s": "us",
    "united kingdom": "uk", "britain": "uk", "great britain": "uk", "united nations": "un",
    "european union": "eu", "uae": "united arab emirates", "kiev": "kyiv", "turkiye": "turkey",
    "usa's": "us", "vereinigte staaten": "us", "etats-unis": "us", "estados unidos": "us", "eeuu": "us",
}  # fmt: skip
_LITTLE = listed("of the for and de la du des del der von van al el a an & in")
_STOPS = re.compile(r"(?:^|[.!?:;…]|\n|[.!?]?[”\"»])[\s“\"'‘«„(–—-]*$|[“\"„«‘][\s]?$|^\W*$")
_TITLE_CASE = 0.75
_SHORTEST_ACRONYM = 2
_SHORT_TITLE = 3
_NEW = listed(
    "york zealand delhi orleans jersey england mexico hampshire south haven caledonia guinea brunswick"
)
_ZONES = listed("AM PM EST EDT ET PST PDT PT CST CDT GMT UTC BST CET CEST")


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a text, `text[start:end]` without titles and possessives.

    `key` is its folded form for comparing, with a few known aliases made one ("U.S.", "United States": us).
    `sure` is False where the capital may have other grounds: the sentence begins there, the whole line is in
    capitals or in Title Case, or it is a German noun.
    """

    start: int
    end: int
    key: str
    text: str
    sure: bool = True

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the key."""
        return tuple(self.key.split())

    @property
    def last(self) -> str:
        """The last word of the key: a person's family name."""
        return self.key.rpartition(" ")[2]


def names(text: str, language: str | None = None) -> list[Name]:
    """The names of the text, in order; days and months are no names, nor are titles and lone openers.

    "Russian President Vladimir Putin" is two names: Russian, and Vladimir Putin.
    """
    language = tongue(text, language)
    loud = is_title_case(text)
    days = [(day.start, day.end) for day in dates(text, language)]
    found: list[Name] = []
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        if language == "fr" and re.match(r"[A-Z]['’](?![A-ZÀ-Þ])", match[0]):
            continue  # "L'attaque"
        if match.start() and (text[match.start() - 1].isalnum() or text[match.start() - 1] in "@#_/"):
            continue
        if any(a < match.end() and match.start() < b for a, b in days):
            found += _closed(text, run, language, loud=loud)
            run = []
            continue
        if run and not _goes_on(text, run, match, language):
            found += _closed(text, run, language, loud=loud)
            run = []
        run.append(match)
    found += _closed(text, run, language, loud=loud)
    known = {word for name in found if name.sure for word in (name.key, name.last)}
    return [replace(name, sure=True) if not name.sure and name.key in known else name for name in found]


def same_name(a: Name, b: Name) -> bool:
    """Whether the two can name one thing: "Mr Smith" and "John Smith", "EU" and "European Union"."""
    if a.key == b.key:
        return True
    short, long = sorted((a, b), key=lambda name: len(name.words))
    if len(short.words) == 1 and len(long.words) > 1:
        return short.key == long.last or _is_acronym(short, long)
    if len(short.words) > 1 and short.words[0] != long.words[0] and len(short.words[0]) > 1:
        return False
    return len(short.words) > 1 and short.last == long.last and set(short.words) <= set(long.words)


def is_title_case(text: str) -> bool:
    """Whether most of the longer words begin with a capital, as in a headline: then it tells no names."""
    longer = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]  # noqa: PLR2004
    raised = sum(word[0].isupper() for word in longer)
    if len(longer) <= 3 or re.search(r"[^\W\d_][.!?][”\"']?\s*$", text):  # noqa: PLR2004
        return len(text) > 20 and text.isupper()  # noqa: PLR2004
    return bool(raised >= _TITLE_CASE * len(longer))


def _is_acronym(short: Name, long: Name) -> bool:
    if not short.text.replace(".", "").isupper() or len(short.key) < _SHORTEST_ACRONYM:
        return False
    initials = "".join(word[0] for word in long.words if word not in _LITTLE)
    every = "".join(word[0] for word in long.words)
    return short.key.replace("-", "") in {initials, every}


def _goes_on(text: str, run: list[re.Match[str]], match: re.Match[str], language: str) -> bool:
    """Whether the next capitalised word belongs to the same name as the run."""
    last = run[-1]
    between = text[last.end() : match.start()]
    low = fold(last[0])
    if re.search(r"['’]s?$", last[0]):
        return False
    if between in {" ", "\u00a0", "-"}:
        return True
    if between == ". " and len(last[0]) <= _SHORT_TITLE:
        return low in _TITLES | {"st", "jr", "mt", "ft"} or len(last[0]) == 1
    if low in _OPENERS:
        return False
    if language == "de" and not re.fullmatch(r" (?:von|van|zu|de)(?: (?:der|den))? ", between):
        return False
    if (
        low not in _TITLES
        and any(fold(word[0]) in _TITLES for word in run)
        and between.startswith((" of ", " for "))
    ):
        return False  # "Mr Smith of the Home Office"
    return bool(_LINKS.fullmatch(between))


def _closed(text: str, run: list[re.Match[str]], language: str, *, loud: bool) -> list[Name]:
    """The names that a run of capitalised words holds, titles and openers left out."""
    if not run:
        return []
    opens = bool(_STOPS.search(text[max(0, run[0].start() - 12) : run[0].start()]))
    lows = [fold(word[0]).rstrip(".") for word in run]
    titled = [_is_title(lows, place) for place in range(len(run))]
    pieces: list[list[re.Match[str]]] = [[]]
    for place, word in enumerate(run):
        low, more = lows[place], place + 1 < len(run)
        office = low in _BEFORE_TITLE and more and (titled[place + 1] or lows[place + 1] in _BEFORE_TITLE)
        if (
            titled[place]
            or (office and any(titled[place:]))
            or (place and titled[place - 1] and low in _AFTER_TITLE)
        ):
            pieces.append([])
        elif (place == 0 and _only_opens(lows, word[0], opens=opens)) or word[0] in _ZONES:
            opens = opens and not more
        else:
            pieces[-1].append(word)
    return [_name(text, piece, opens and piece[0] is run[0], language, loud) for piece in pieces if piece]


def _only_opens(lows: list[str], word: str, *, opens: bool) -> bool:
    """Whether the first word of a run is no name, but capitalised for its place: "The", "There's", "I"."""
    if lows[0] == "new" and len(lows) > 1 and lows[1].split("-")[0] in _NEW:
        return False
    opener = re.split(r"['’]", lows[0])[0] in _OPENERS
    if len(lows) == 1:
        return opener and not (len(word) > 1 and word.replace(".", "").isupper())
    return opener and opens


def _is_title(lows: list[str], place: int) -> bool:
    low = lows[place]
    return low in _TITLES and (low not in _ONLY_BEFORE or (place == 0 and len(lows) > 1))


def _name(text: str, piece: list[re.Match[str]], opens: bool, language: str, loud: bool) -> Name:
    start, end = piece[0].start(), piece[-1].end()
    if re.match(r"[LDld]['’]", text[start:end]):
        start += 2
    written = text[start:end]
    bare = re.sub(r"['’]s?$|\.$(?<!\.[A-Z]\.)", "", written)
    end = start + len(bare)
    folded = re.sub(
        r"\s+", " ", fold(bare).replace(".", "") if re.search(r"\.\S", bare) else fold(bare).replace(".", " ")
    )
    key = _ALIASES.get(folded.strip(), folded.strip())
    acronym = len(bare) > 1 and bool(re.search(r".[A-Z\d]|^[A-Z]\.[A-Z]", bare)) and len(piece) == 1
    doubtful = (opens and len(piece) == 1) or (language == "de" and len(piece) == 1)
    return Name(
        start,
        end,
        key,
        bare,
        sure=(not loud and not doubtful) or (acronym and not bare.isalpha()) or (acronym and not loud),
    )
