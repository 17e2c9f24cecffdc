"""The people and companies that a text names, and what in it shows that they are such. Pure.

No model: a name counts only with proof beside it (a title, an age, a role, a well-known given name; "Inc",
"chief executive of"). What is a name without proof still counts as somebody else: see `rivals`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.sentences import word_set

_CAPITAL = r"[A-ZÀ-Þ][\w’'.&-]*[\w]|[A-ZÀ-Þ]\."
_RUN = re.compile(
    rf"(?<![\w-])(?:{_CAPITAL})(?: (?:(?:de|del|della|di|da|dos|du|van|von|der|den|bin|al|el|la|le) ){{0,2}}"
    rf"(?:{_CAPITAL}))*"
)
_QUOTED = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»]")
_POSSESSIVE = re.compile(r"[’']s?$")

TITLES = word_set(
    "Mr Mrs Ms Mx Miss Dr Prof Professor Sir Dame Lord Lady President Vice Prime Minister Chancellor"
    " Secretary"
    " Senator Sen Rep Representative Congressman Congresswoman Congressmember Gov Governor Mayor Chief"
    " Executive"
    " Officer Director General Judge Justice Attorney Prosecutor Sheriff Captain Capt Colonel Col Lt"
    " Lieutenant Major Maj"
    " Gen Admiral Sgt Sergeant Detective Inspector Commissioner Chairman Chairwoman Chair Speaker Ambassador"
    " Pope Cardinal Archbishop Bishop Rev Reverend Father Sister Rabbi Imam King Queen Prince Princess Duke"
    " Duchess Emperor Sheikh Coach Manager Analyst Researcher CEO CFO CTO COO CIO CMO Founder Co-founder"
    " Cofounder Former Deputy Acting Interim Then Foreign Defense Defence Interior Finance Health"
    " Education Leader"
    " Herr Frau Bundeskanzler Bundeskanzlerin Minister-President Mme Monsieur Señor Señora Councillor"
    " Councilor"
    " Superintendent Principal Engineer Spokesman Spokeswoman Spokesperson Managing Senior US U.S UK Russian"
    " Ukrainian Israeli Chinese French German British Indian Iranian Japanese Turkish Democratic Republican"
)  # fmt: skip
_HONORIFICS = word_set("Mr Mrs Ms Mx Miss Dr Prof Sir Dame Lord Lady Herr Frau Mme Señor Señora")
_SHE = word_set(
    "Mrs Ms Miss Dame Lady Queen Princess Duchess Sister Frau Mme Señora Chairwoman Congresswoman"
)
_HE = word_set("Mr Sir Lord King Prince Duke Pope Father Herr Señor Chairman Congressman Monsieur")

_MEN = word_set(
    "Aaron Abdul Abdullah Adam Adrian Ahmed Alan Albert Alejandro Alexander Ali Allan Allen Andre"
    " Andreas Andrew"
    " Andrey Andrzej Angus Anthony Antonio António Arthur Arvind Ashton Axel Barack Barry Ben Benjamin"
    " Bernard"
    " Bernd Bernie Bill Björn Bob Boris Brad Brandon Brendan Brett Brian Bruce Bryan Carl Carlos Cedric César"
    " Charles Chris Christian Christopher Chuck Clarence Claude Clint Colin Conor Craig Dan Daniel Dario"
    " Darren"
    " Dave David Davide Dean Demis Denis Dennis Derek Diego Dirk Dmitry Dominic Dominik Don Donald Doug"
    " Douglas"
    " Duncan Dylan Ed Eddie Edmund Eduardo Edward Elliot Elon Emmanuel Emil Enrique Eric Erik Ernest Ethan"
    " Eugene Evan Fabian Felix Fernando Florian Francesco Francis Francisco François Frank Frankie Fred"
    " Frederick"
    " Friedrich Gabriel Gareth Gary Gavin Geoff Geoffrey George Gerald Gerhard Gilbert Giorgio Giovanni Glenn"
    " Graham Greg Gregory Guillaume Gustavo Guy Hans Harald Harold Harry Harvey Hassan Heinrich Helmut Henri"
    " Henry Herbert Howard Hugh Hugo Ian Ibrahim Igor Ilya Isaac Ivan Jack Jacob Jacques Jake James Jamie Jan"
    " Jared Jason Javier Jay Jean Jeff Jeffrey Jens Jensen Jeremy Jerome Jerry Jesse Jim Jimmy Joachim"
    " Joe Joel"
    " Johan Johannes John Johnny Jon Jonas Jonathan Jorge José Josef Joseph Josh Joshua Juan Julian"
    " Julien Jürgen"
    " Justin Karl Keir Keith Ken Kenneth Kevin Khaled Kurt Kyle Lars Larry Lawrence Lee Leo Leon Leonard"
    " Leonardo"
    " Lewis Liam Lloyd Louis Luca Lucas Luis Luiz Lukas Luke Maarten Magnus Malcolm Manfred Manuel Marc"
    " Marcel"
    " Marco Marcus Mario Mark Markus Martin Marvin Mateo Mathias Matt Matteo Matthew Matthias Maurice Max"
    " Maximilian Michael Michel Miguel Mike Mikhail Mohamed Mohammad Mohammed Moritz Mustafa Narendra"
    " Nathan Neil"
    " Nicholas Nick Nicolas Niklas Nikolai Noah Norman Olaf Oleg Oliver Olivier Omar Oscar Oskar Otto"
    " Owen Pablo"
    " Patrick Paul Paulo Pavel Pedro Pete Peter Petr Phil Philip Philipp Philippe Pierre Piotr Rafael Rainer"
    " Ralph Ramón Randy Raúl Ray Raymond René Ricardo Richard Rick Rob Robert Roberto Robin Rodrigo"
    " Roger Roland"
    " Roman Ron Ronald Ross Roy Rudolf Rupert Russell Ryan Salman Salvador Samuel Santiago Scott Sean"
    " Sebastian Seth Sergei Sergey Sergio Shane Shaun Simon Spencer Stefan Stefano Stephen Steve Steven"
    " Stuart Sundar Sven"
    " Ted Terry Theo Theodore Thomas Tim Timothy Tobias Todd Tom Tomas Tommy Tony Torsten Travis Trevor Tyler"
    " Ulrich Uwe Valentin Vernon Viktor Vincent Vinod Vitaly Vlad Vladimir Volodymyr Walter Warren Wayne"
    " Werner"
    " Wilhelm Will Willem William Wolfgang Xavier Xi Yannick Yusuf Yves Zachary Zack"
)  # fmt: skip
_WOMEN = word_set(
    "Abigail Adele Agnes Alexandra Alice Alicia Alina Alison Amanda Amber Amelia Amy Ana Anastasia Andrea"
    " Angela Angelina Anita Ann Anna Annalena Anne Annie Antonia Ariana Ashley Astrid Audrey Barbara Beatrice"
    " Beatriz Becky Bella Beth Betty Beverly Birgit Brenda Bridget Brigitte Camilla Camille Carla Carmen"
    " Carol"
    " Carolina Caroline Carolyn Catherine Cecilia Charlotte Chelsea Cheryl Chiara Christiane Christina"
    " Christine"
    " Claire Clara Claudia Cynthia Daniela Danielle Dawn Deborah Debra Denise Diana Diane Dolores Donna Doris"
    " Dorothy Edith Elaine Eleanor Elena Elisabeth Elise Elizabeth Ella Ellen Emily Emma Erika Erin"
    " Esther Eva"
    " Evelyn Fatima Federica Fiona Florence Francesca Françoise Frances Gabriela Gabriele Gail Georgia Gina"
    " Giorgia Gisela Gloria Grace Greta Gwen Hannah Heather Heidi Heike Helen Helena Helga Hilary"
    " Hillary Holly"
    " Ines Ingrid Irene Irina Isabel Isabella Isabelle Jacqueline Jane Janet Janice Jasmine Jennifer Jenny"
    " Jessica Jill Joan Joanna Joanne Jodie Josephine Joyce Judith Judy Julia Juliane Julie Juliet"
    " Kamala Karen Karin"
    " Karina Kate Katharina Katherine Kathleen Kathryn Kathy Katie Katrin Katja Kayla Kelly Kimberly Kirsten"
    " Kristen Kristin Kristina Laura Lauren Lena Leonie Leslie Linda Lindsay Lisa Lori Louise Lucia Lucy"
    " Luisa"
    " Lydia Lynn Madeleine Madison Manuela Margaret Maria María Marie Marianne Marina Marion Marlene"
    " Marta Martha"
    " Martina Mary Maya Megan Melanie Melinda Melissa Mia Michaela Michelle Mira Miranda Miriam Molly Monica"
    " Monika Nadia Nadine Nancy Naomi Natalia Natalie Natasha Nicola Nicole Nina Nora Olga Olivia Pamela"
    " Patricia"
    " Paula Petra Phoebe Pia Polly Priscilla Priyanka Rachel Rebecca Regina Renate Rita Roberta Rosa Rose"
    " Rosemary Ruth Sabine Sabrina Samantha Sandra Sara Sarah Selena Serena Sharon Sheila Shirley Silvia"
    " Simone"
    " Sofia Sonia Sophia Sophie Stella Stephanie Susan Susanne Suzanne Svetlana Sylvia Tamara Tanja Tara"
    " Teresa"
    " Theresa Tiffany Tina Ursula Valentina Valerie Vanessa Vera Veronica Victoria Virginia Vivian Wendy"
    " Yulia"
    " Yvonne Zoe"
)  # fmt: skip
_EITHER = word_set("Alex Andy Casey Charlie Jackie Jo Jess Kerry Kim Pat Riley Robbie Sam Sasha Toni Val")
# Companies, brands and places that are called like people.
_NO_PEOPLE = word_set(
    "Inc Corp Ltd LLC Co Group Bank Capital Partners Foundation Institute University College School Hospital"
    " Museum Street Road Avenue Park Bridge River Lake Island County City State House Court Street."
    " Center Centre Trust"
    " Prize Award Awards Cup Stadium Airport Church Cathedral Hotel Stanley Fargo Deere Daniels Schwab Lauder"
    " Chase Morgan Sachs Hopkins Aviv Times Post News Journal Media Studios Pictures Records Books Press"
    " Motors"
    " Energy Technologies Systems Labs Research Services Networks Ventures Holdings Industries Day Act Bill"
    " Law Project Program Games Building Tower Hall Square Valley Beach Mountain Pro Max Ultra Air Francisco"
    " Diego Jose Antonio Salvador Carolina Virginia Dakota Georgia Union Party League Association Council"
    " Committee Commission Department Ministry Agency Office Police Army Navy Force Club Team Pass Show"
    " Series"
)  # fmt: skip
# Words that open a sentence and are no part of a name.
_NO_NAME = word_set(
    "The A An In On At By For From With To Of As But And Or So If When While After Before Since Although"
    " Though"
    " However Meanwhile There Here This That These Those It He She They We I You His Her Its Their Our"
    " My Your"
    " Some Many Most All Both One Two Three Four Five Six Seven Eight Nine Ten What Who How Why Where"
    " Not No Now"
    " Then Still Also Yet Other Another Such Under Over During Until Once Despite According Earlier"
    " Later Last"
    " Next More Less Only Just Even Because About Among Between Through Without Within Police Officials"
    " Experts"
    " Researchers Scientists Authorities Critics Analysts Today Yesterday Tomorrow Monday Tuesday Wednesday"
    " Thursday Friday Saturday Sunday January February March April May June July August September October"
    " November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Each Every Several Against"
    " Speaking Asked"
    " Instead Additionally Furthermore Moreover Following Unlike Like Given Using Based Founded Born Per Via"
    " Der Die Das Ein Eine Im Am Le La Les Un Une El Los Las Una Spring Summer Autumn Winter Christmas Easter"
)  # fmt: skip
_PLACES = word_set(
    "Africa America American Americans Asia Asian Australia Australian Austria Bavaria Beijing Belgium Berlin"
    " Brazil Brazilian Britain British Brussels California Canada Canadian China Chinese Colorado"
    " Denmark Dutch"
    " English Europe European Europeans Florida France French Geneva German Germany Greece Hungary India"
    " Indian"
    " Indonesia Iran Iranian Iraq Ireland Irish Israel Israeli Italian Italy Japan Japanese Kenya Korea"
    " Korean"
    " Kyiv London Madrid Mexico Moscow Netherlands Norway Pakistan Palestinian Paris Poland Portugal"
    " Rome Russia"
    " Russian Scotland Scottish Singapore Spain Spanish Sweden Swedish Swiss Switzerland Syria Taiwan"
    " Texas Tokyo"
    " Turkey UK US U.S Ukraine Ukrainian Vienna Vietnam Wales Washington Western Zurich EU UN Islamic"
    " Christian"
    " Jewish Muslim Republican Republicans Democrat Democrats Democratic Internet Android Windows"
    " English AI GPS"
)  # fmt: skip
ROLE = (
    r"(?:analyst|author|attorney|chair\w*|chief|coach|co-?founder|founder|commissioner|correspondent"
    r"|critic|designer"
    r"|detective|developer|director|doctor|driver|economist|editor|engineer|executive|expert|farmer|historian"
    r"|journalist|judge|lawmaker|lawyer|leader|manager|mayor|minister|officer|official|owner|physicist|pilot"
    r"|player|politician|president|producer|professor|programmer|prosecutor|psychologist|researcher|resident"
    r"|scientist|secretary|senator|singer|spokes\w+|sociologist|student|teacher|writer|CEO|CFO|CTO|COO"
    r"|actor|actress|artist|biologist|chemist|striker|midfielder|goalkeeper|defender|captain|nurse|partner"
    r"|entrepreneur|investor|lecturer|astronomer|surgeon|activist|filmmaker|musician|veteran|candidate|head)"
)
_ROLE_BEFORE = re.compile(rf"\b{ROLE},? $")
_ROLE_AFTER = re.compile(
    rf"^(?:, \d{{1,3}},|, who\b|, (?:an?|the|its|his|her|their|our)? ?(?:[\w’'-]+ ){{0,6}}?{ROLE}\b"
    rf"|, {ROLE}\b"
    r"|,? M\.?D\.?\b|,? Ph\.?D)"
)
# Somebody without a name, who might be the one that "he" or "she" means.
SOMEBODY = re.compile(
    r"\b(?:an?|the|his|her|their|its|my|our|another|one|this|that|old|young|[a-z]+[’']s) (?:[\w’'-]+ ){0,3}?"
    r"(?:man|woman|boy|girl|father|mother|son|daughter|brother|sister|wife|husband|child|baby|friend|partner"
    r"|boyfriend|girlfriend|uncle|aunt|suspect|victim|defendant|gunman|attacker|assailant|teenager"
    r"|patient|king"
    r"|queen|pope|prince|princess|guy|person|employee|worker|user|customer|player|soldier|mayor"
    r"|passenger|neighbo\w+"
    rf"|predecessor|successor|colleague|rival|opponent|student|{ROLE})(?![\w-])",
    re.IGNORECASE,
)
_COMPANY_SUFFIX = word_set(
    "Inc Corp Ltd LLC PLC plc AG GmbH SE Group Labs Technologies Systems Motors Airlines Bank"
)
_COMPANY_AFTER = re.compile(
    r"^(?:,? (?:Inc|Corp|Ltd|LLC|PLC|plc|AG|GmbH|SE)\b|[’']s? (?:CEO|CFO|CTO|chief executive|co-?founder"
    r"|founder"
    r"|shares|stock|share price|board|headquarters|valuation|(?:net |annual |quarterly )?(?:revenue"
    r"|profit|sales))\b"
    r"| (?:CEO|CFO|CTO|co-?founder|founder|shares|stock|spokes\w+|executives?|employees)\b"
    r"|, (?:an?|the) (?:[\w’'.$-]+ ){0,6}?(?:company|start-?up|firm|maker|manufacturer|retailer|carmaker"
    r"|chipmaker"
    r"|automaker|airline|bank|lab|developer|publisher|provider|operator|insurer|drugmaker|platform)\b)"
)
_COMPANY_BEFORE = re.compile(
    r"\b(?:company|start-?up|firm|maker|manufacturer|retailer|carmaker|chipmaker|automaker|airline|lab|giant"
    r"|insurer|drugmaker|publisher|unicorn|shares of|(?:CEO|CFO|CTO|chief executive|co-?founder"
    r"|founder) of) $"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a text, without titles: `text[start:end]`, and what its neighbours prove."""

    text: str
    start: int
    end: int
    person: bool = False
    company: bool = False
    she: bool | None = None  # None: not told

    @property
    def last(self) -> str:
        """Its last word: a person's surname."""
        return self.text.rpartition(" ")[2]


@lru_cache(maxsize=4096)
def names(text: str, *, quoted: bool = False) -> tuple[Name, ...]:
    """The names of a sentence in order; those inside quotations only when `quoted`.

    Remembered: a sentence is asked about again for each one that follows it in its article.
    """
    spoken = text if quoted else _QUOTED.sub(lambda found: "…" * len(found[0]), text)
    found = []
    for run in _RUN.finditer(spoken):
        name = _name(text, run)
        if name is not None:
            found.append(name)
    return tuple(found)


def _name(text: str, run: re.Match[str]) -> Name | None:
    words = [
        (part[0], run.start() + part.start(), run.start() + part.end())
        for part in re.finditer(r"\S+", run[0])
    ]
    titles: list[str] = []
    while words and (_bare(words[0][0]) in TITLES or _bare(words[0][0]) in _NO_NAME):
        titles.append(_bare(words[0][0]))
        words = words[1:]
    # "OpenAI CEO Sam Altman", "Christopher Nolan's Interstellar": two names in one run.
    for at, (word, _, _) in enumerate(words[:-2], 1):
        if _bare(word) in TITLES:
            titles, words = [*titles, _bare(word)], words[at:]
            break
    for at, (word, _, _) in enumerate(words[:-1], 1):
        if _POSSESSIVE.search(word):
            words = words[:at]
            break
    if not words:
        return None
    start, end = words[0][1], words[-1][2]
    core = text[start:end]
    cut = _POSSESSIVE.search(core)
    if cut:
        core, end = core[: cut.start()], start + cut.start()
    if not core or core in _PLACES:
        return None
    first, titled = core.split()[0], [one for one in titles if one in TITLES]
    several = " " in core
    given = is_given(first)
    plain = not any(word.strip(".") in _NO_PEOPLE for word in core.split())
    shape = 2 <= len(core.split()) <= 4 and not any(char.isdigit() for char in core) and "&" not in core  # noqa: PLR2004
    person = plain and (
        (
            shape
            and (
                given
                or bool(_ROLE_BEFORE.search(text[:start]))
                or bool(_ROLE_AFTER.match(text[end:]))
                or bool(titled)
            )
        )
        or bool(_HONORIFICS & set(titled) and not several)
    )
    company = not person and (
        (several and core.rpartition(" ")[2].strip(".,") in _COMPANY_SUFFIX)
        or bool(_COMPANY_AFTER.match(text[end:]) or _COMPANY_BEFORE.search(text[: run.start()]))
    )
    return Name(core, start, end, person, company, _she(first, titled) if person else None)


def _she(first: str, titles: Iterable[str]) -> bool | None:
    for title in titles:
        if title in _SHE or title in _HE:
            return title in _SHE
    return None if (first in _MEN) == (first in _WOMEN) else first in _WOMEN


def may_be_given(word: str) -> bool:
    """Whether a capitalised word before a surname may be a given name: no title, place or opener."""
    return _bare(word) not in TITLES and word not in _NO_NAME and word not in _PLACES


def is_given(word: str) -> bool:
    """Whether it is a well-known given name."""
    return word in _MEN or word in _WOMEN or word in _EITHER


def _bare(word: str) -> str:
    return word.rstrip(".,")


def same(one: str, other: str) -> bool:
    """Whether the shorter name may be the longer one's: its last word, its first, or the whole."""
    a, b = sorted((one.split(), other.split()), key=len)
    return (
        a == b or (len(a) == 1 and a[0] in {b[0], b[-1]}) or (len(a) > 1 and a[-1] == b[-1] and a[0] == b[0])
    )
