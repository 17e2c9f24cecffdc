"""What boilerplate looks like, as patterns: in English, German, French and Spanish. Pure."""

import re


def listed(names: str) -> frozenset[str]:
    """The names of a list, as a set."""
    return frozenset(names.split())


HEADINGS = listed("h1 h2 h3 h4 h5 h6")

NAME = r"(?:(?:[Dd][ei]|[Vv]an|[Vv]on|[Dd]er|[Ll]a|[Ll]e|[Dd]el|Al|[Aa]l-)\s)?[A-ZÀ-Þ][\w.'’\-]*"
PERSON = rf"{NAME}(?:\s{NAME}){{1,3}}"
AGENCY = (
    r"(?:Thomson )?Reuters|AP|Associated Press|AFP|AFP Relaxnews|CNN(?: Business)?|UPI"
    r"|dpa(?:[-/]\w+)*|EFE|ANSA|Xinhua|APA|AFX"
    r"|Bloomberg|SID|KNA|epd|ANI|PTI|IANS|TASS|Kyodo|Yonhap|PA(?: Media)?|BBC|CBS(?: News)?|NBC|ABC|awp"
    r"|Europa Press|EP|Belga|ATS|sda|SDA|Keystone-(?:ATS|SDA)|ots|Notimex|Lusa|PAP|TT|NTB|ANP|DJ|dts|AAP"
    r"|Canadian Press|The Canadian Press|Sputnik|Interfax|Anadolu|AA|MTI|Agencias?|CNA|Bernama|Ritzau"
)
AGENCIES = rf"(?:{AGENCY})(?:\s?[/,]\s?(?:{AGENCY}|[A-Z][\w ]{{1,20}}))*"
MONTH = (
    r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|märz|mai|juni|juli|okt|dez"
    r"|janv|févr|mars|avril|juin|juil|août|déc|ene|abr|ago|dic)[a-zéûô]*\.?"
)
DATE = rf"(?:{MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}}\.? {MONTH}(?: \d{{4}})?)"
DASH = r"\s*\.?\s*(?:[—–―]|-{1,2})\s*"
CITY_UPPER = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’\-]{2,}(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ.'’\-]+){0,3}"
CITY = r"[A-ZÀ-Þ][\w.'’\-]+(?:[ /][A-ZÀ-Þ(][\w.'’\-)]+){0,3}"
STATE = r"(?:,\s[A-Z][\w.]+(?:\s[A-Z][\w.]+)?)?"
DATELINES = (
    re.compile(rf"^(?:{CITY}{STATE}(?:,\s{DATE})?\s)?\(\s?{AGENCIES}\s?\)\s*(?:{DASH}|:\s)?"),
    re.compile(rf"^{CITY_UPPER}{STATE}(?:,\s{DATE})?(?:\s\([^)]{{2,30}}\))?{DASH}(?=[“\"'‘«„]?[A-ZÀ-Þ\d])"),
    re.compile(rf"^{CITY_UPPER}{STATE}:\s(?=[“\"'‘«„]?[A-ZÀ-Þ])"),
    re.compile(rf"^{CITY}{STATE},\s{DATE}{DASH}(?=[“\"'‘«„]?[A-ZÀ-Þ\d])"),
)
# Short names in capitals that open a sentence of their own: "NATO — The alliance …" is no dateline.
NOT_A_CITY = re.compile(r"^(?:NATO|NASA|OPEC|FIFA|UEFA|UNESCO|WHO|FBI|CIA|IBM|BMW|ESPN|FEMA|AIDS|OECD)\b")
FIRST_BYLINE = re.compile(rf"^(?:By|Von|Par|Por)\s{PERSON}(?:\sand\s{PERSON})?\s+(?={CITY_UPPER}[\s,])")

# A line that is only this, whatever follows on it; anchored at the start, and read only in short lines.
LABEL = re.compile(
    r"^\W*(?:"
    r"(?:read|see|learn|find out|hear|watch) (?:more|also|next|now|on)(?:\s*[:|>→»…-]|\s*$"
    r"| on (?:this|the) (?:story|topic)| about\b| from\b)"
    r"|(?:also read|read (?:the )?full (?:story|article)|further reading|continue reading|keep reading)\b"
    r"|(?:related|recommended|more (?:on this|like this|stories|news|from|coverage)"
    r"|most (?:read|popular|viewed|shared)"
    r"|top stories|trending|you (?:may|might) also (?:like|be interested)|what to read next|don[’']t miss"
    r"|editors?[’']?s?[’']? (?:picks?|choice)|in (?:other|more) news)\b(?=\W*$|\s*[:|]"
    r"|\s+(?:stories|articles|news|content|topics?|this|story|article|links|on|in|video)\b[^.!?]*$)"
    r"|(?:please )?(?:sign up|signup|subscribe|register)(?: now| here| today)?(?:\W*$| (?:for"
    r"|to|here|now|today|and)\b)"
    r"|(?:get|receive) (?:the|our|all the|more|breaking)\b.*\b(?:inbox|newsletter|notifications|e-?mail)"
    r"|(?:follow|like|join|find|connect with) (?:us|me|the bbc|bbc|our)\b.*\b(?:on|at|via"
    r"|channel|twitter|facebook|instagram|telegram|whatsapp)\b"
    r"|share (?:this|on|via|article|story)\b|(?:listen|download) (?:to|on|our|the)\b.*"
    r"\b(?:podcast|app|spotify|apple|audio)"
    r"|(?:image|photo|picture|video|graphic|foto|bild|imagen|crédito|copyright|media)"
    r"s?(?: (?:source|credits?|caption|by|copyright|courtesy))?\s*[:,|©]"
    r"|image (?:source|caption|credit)\b|(?:file|stock|handout) (?:photo|picture|image)\b"
    r"|advertise?ments?\W*$|advertisement\s*[-–—:]|sponsored\W*$|scroll to continue|article continues"
    r"|story continues (?:below|after)|click (?:here|to|on|below)\b|tap (?:here|to)\b"
    r"|skip (?:to|past)\b|jump to\b|comments?\W*$|share\W*$|print\W*$|save\W*$"
    r"|(?:leave|post|add|write) a (?:comment|reply)|view (?:all|comments)|show (?:more|all"
    r"|comments)|load(?:ing)? (?:more|comments)|back to top"
    r"|(?:we|this (?:web)?site|our (?:web)?site) uses? (?:essential |necessary )?cookies"
    r"|by (?:clicking|using|continuing|signing|subscribing)\b.*\b(?:you (?:agree|accept"
    r"|consent)|cookies|terms)"
    r"|accept (?:all|cookies)|manage (?:cookies|preferences)|cookie (?:settings|policy|notice|preferences)"
    r"|(?:©|\(c\)|copyright\b)\s*(?:©|\(c\)|\d{4}|the|by|all)|.{0,80}\ball rights reserved\b"
    r"|terms (?:of (?:use|service)|and conditions)|privacy policy"
    r"|(?:first |last |originally )?(?:published|updated|posted|modified)(?: on"
    r"| at)?\s*:?\s*(?:\d|an? (?:hour|day|minute)|today|yesterday|(?:mon|tue|wed|thu|fri|sat"
    r"|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\b)[^.]*$"
    r"|\d+ (?:minutes?|mins?|hours?|hrs?|days?|weeks?) ago\W*$|\d+[ -]min(?:ute)?s? read\W*$"
    r"|:?\s*\w{3,9} \d{1,2}, \d{4},? \d{1,2}:\d{2}\s?(?:[ap]\.?m)?\.?\s?\w{0,4}\W*$"
    r"|this is a (?:developing|breaking)(?: news)? (?:story|news)|(?:this|the) (?:story"
    r"|article|post) (?:is being|has been|was|will be)(?: \w+)? updated"
    r"|(?:this|the) (?:story|article|post|piece) (?:was )?(?:originally|first) (?:appeared"
    r"|published|ran)|the post .{3,160} appeared first on\b|check back (?:for|soon|later)"
    r"|(?:if you|when you) (?:buy|purchase|click|make a purchase)\b.*\b(?:commission"
    r"|affiliate)|.{0,60}\bmay earn (?:an?|a small|us)?\s?(?:affiliate )?commission"
    r"|do you (?:have|know) (?:a|any|more)\b.*\b(?:story|tip|information)|(?:got"
    r"|have) a (?:news )?(?:tip|story)\b|(?:send|email) (?:us|your)\b"
    r"|.{0,250}\b(?:getty images|shutterstock|istock(?:photo)?|afp via getty|alamy|unsplash"
    r"|reuters/\w+|imago)\b[^.]{0,30}$"
    r"|to (?:comment|read the full|contact us|unsubscribe)\b|unsubscribe\b|(?:edited|reporting"
    r"|writing|editing|additional reporting|compiled|fact-checked) by\b"
    r"|(?:log|sign) in\b[^.]*$|create (?:an|your) account|already (?:a subscriber"
    r"|have an account)|thank(?:s| you) for (?:reading|signing|subscribing)"
    r"|(?:our )?reviews and recommendations are unbiased"
    r"|(?:.{0,60}\bnewsletter\b.{0,30})\b(?:informiert sie|keeps you|brings you|delivers)\b"
    r"|savings based on\b|complete digital access\b|explore more offers|cancel any ?time"
    r"|trial ?[$€£]|pay a year upfront|keep abreast of"
    r"|(?:then )?[$€£]\d+(?:\.\d\d)? (?:per|a) (?:month|year|week)\W*$"
    r"|includes exclusive features|\[?(?:ed(?:itor)?\.?|editor[’']s)? ?note:"
    r"|tl;?dr\W*$|table of contents\W*$|key (?:points|takeaways)\W*$|in this (?:article"
    r"|story)\W*$|topics?\s*:|tags?\s*:|filed under|categor(?:y|ies)\s*:"
    # German
    r"|(?:lesen sie (?:auch|hier|mehr|dazu)|mehr (?:zum thema|dazu|lesen|über|news)|lesen sie"
    r"|auch interessant|das könnte sie|meistgelesen|zum thema|weiterlesen|weitere (?:artikel"
    r"|informationen|meldungen))\b(?=\W*$|\s*:|[^.]{0,90}$)"
    r"|(?:newsletter|jetzt)\b.*\b(?:abonnieren|anmelden|bestellen)\W*|folgen sie uns\b"
    r"|anzeige\W*$|quelle\s*:|bildquelle|© |stand\s*:\s*\d|alle rechte vorbehalten"
    r"|diesen artikel teilen|wir verwenden cookies|artikel (?:teilen|merken|drucken)"
    # French
    r"|(?:à|a) lire (?:aussi|également)|lire (?:aussi|la suite|également|plus)\b"
    r"|sur le même sujet|(?:abonnez|inscrivez)-vous\b|suivez-nous\b|publicité\W*$|crédit photo"
    r"|tous droits réservés|les plus lus\b|partager (?:cet|sur)\b|nous utilisons des cookies"
    r"|publié le \d|mis à jour le \d|article réservé aux abonnés"
    # Spanish
    r"|tu suscripción\b|si quieres (?:compartir|seguir leyendo)"
    r"|(?:lee|leer|lea) (?:también|más|además)\b|te puede interesar|(?:noticias"
    r"|artículos) relacionad[oa]s|suscríb[ea]te\b|suscríbase\b|síguenos\b|publicidad\W*$"
    r"|lo más (?:leído|visto)|todos los derechos reservados|compartir en\b|utilizamos cookies"
    r"|más información\W*$"
    r")",
    re.IGNORECASE,
)
LABEL_SIGNS = 600
LABEL_WORDS = 45  # a longer paragraph that opens like a label is somebody's prose
# A line that opens a list of other stories: what follows without a full stop belongs to it.
OPENS_LIST = re.compile(
    r"^\W*(?:related|recommended|more (?:on this|stories|news|from)|most (?:read|popular"
    r"|viewed)|top stories|trending|read more|also read"
    r"|you may also like|mehr zum thema|meistgelesen|lesen sie auch|sur le même sujet"
    r"|à lire aussi|les plus lus|lo más leído|noticias relacionadas|te puede interesar)\b",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"^(?:(?:[Ww]ritten |[Rr]eported |[Ss]tory |[Tt]ext |[Pp]osted )?[Bb]y:?|BY|[Vv]on|[Pp]ar"
    rf"|[Pp]or|Text:|Author:|Autor:|Auteur:)\s+{NAME}(?:\s{NAME}){{0,4}}"
    rf"(?:(?:\s?,|\s(?:and|und|et|y|&|in|@|for|\||[-–—•·]))\s?[^.!?]{{0,90}})?\W*$"
)
PLACED = re.compile(
    rf"^{PERSON}(?:,? [a-z ]{{0,30}})? (?:in|à|en|aus) {CITY}(?:(?: and |, | und | et "
    rf"| y ){PERSON} (?:in|à|en|aus) {CITY})*$"
)
ROLE = (
    r"(?:reporter|correspondent|editor|writer|journalist|columnist|freelancer?|contributor"
    r"|producer|critic|blogger"
    r"|redakteur(?:in)?|korrespondent(?:in)?|journaliste|periodista|author)"
)
PERSON_ROLE = re.compile(rf"^{PERSON}\s*[,|–—•-]\s*[^.!?]{{0,50}}\b(?i:{ROLE})\b[^.!?]{{0,40}}$")
BIO = re.compile(
    rf"^(?:{PERSON}|[A-Z]\w+|[Hh]e|[Ss]he|[Tt]hey)(?:,[^,]{{2,60}},)? (?:"
    r"(?:is|was|has been|works|ist|est|es) (?:as )?(?:an?|the|our"
    rf"|\w+[’']s?|eine?|une?|una?)?\s?.{{0,70}}?\b{ROLE}\b.{{0,120}}?"
    r"(?:\bcover\w*|\bbased\b|\bfocus\w*|\bspeciali[sz]\w*|\bat\b|\bfor\b|\bjoined\b"
    r"|\bwho (?:writes|reports)\b|\bwriting\b|\bwith\b|\bpreviously\b|@|$)"
    r"|(?:has )?(?:covers|covered|been (?:covering|writing about|reporting on))\b.{3,140}\b(?:for|since|at)\b"
    r"|(?:covers|writes about|reports on|oversees|specializes in|specialises in)\b.{3,140}"
    r"|(?:joined|previously (?:worked|wrote|covered|reported)|has (?:written|worked"
    r"|reported) (?:for|as|at))\b.{3,200}\b(?:reporter|editor|writer|wrote|writing"
    r"|journalis\w+|where (?:he|she|they)|Times|Post|Journal|News|freelance)"
    r"|(?:lives|holds a|graduated|received (?:his|her|a)|earned (?:his|her|a))\b.{3,120}"
    r"|can be (?:reached|found|contacted|followed)\b)",
)
CONTACT = re.compile(
    r"^(?:you can|follow|contact|reach|find|e-?mail|got a tip|have a tip|signal|when not"
    r"|when (?:he|she|they)(?:['’]s| is| are| isn|'re))\b.{0,160}"
    r"(?:@\w|\bat\b.*@|\btwitter\b|\bx\b|\bbluesky\b|\bmastodon\b|\blinkedin\b|\bsignal\b"
    r"|\btweet\w*|\be-?mail\w*|\bsocial\b|\bwriting\b)"
    r"|^.{0,120}\bcontributed (?:to (?:this|the) (?:report|story|article)|reporting)\b"
    r"|^(?-i:(?:writes about|covers|reports on|has covered|is (?:an? "
    r"|the )?[\w ,-]{0,60}(?:editor|reporter|writer|correspondent|journalist))\b)"
    r"|^additional (?:reporting|contributions|writing)\b|^disclosure\s*:"
    r"|^editor[’']s note\s*:|^\(?reporting by\b",
    re.IGNORECASE,
)
MARKUP = (
    (re.compile(r"[\u2060\u200b\u00ad]"), ""),
    (
        re.compile(
            r"\s?\((?:opens? (?:in )?(?:an? )?new (?:window|tab)|öffnet in neuem (?:fenster|tab)"
            r"|image credit:[^)]{0,300}|photo:? [^)]{0,300}|nouvelle fenêtre)\)",
            re.IGNORECASE,
        ),
        "",
    ),
    (
        re.compile(
            r"!?\[(?:image|img|photo|video|embed|caption|gallery)[^\]]{0,300}\](?:\([^)]{0,300}\))?",
            re.IGNORECASE,
        ),
        "",
    ),
    (re.compile(r"!?\[([^\]\n]{1,200})\]\(https?://[^)\s]{0,600}\)"), r"\1"),
    (re.compile(r"\|?\s*:?-{3,}:?\s*\|[\s:|-]*"), " "),
    (re.compile(r"^\s*(?:#{1,6}|>)\s+"), ""),
    (re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.{1,200}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"^\s*[*•▪●■►▶‣·-]\s+"), ""),
    (re.compile(r"\s*(?:\[…\]|\[\.\.\.\]|\[&#?\w+;\])\s*$"), "…"),
    (
        re.compile(
            r"(?<=[.!?…”\"])\s+(?:read (?:more|full story|the full (?:story|article))(?: (?:here"
            r"|at [^.]{2,40}))?|continue reading|weiterlesen|lire la suite|leer más)\W*$",
            re.IGNORECASE,
        ),
        "",
    ),
    (re.compile(r"^.{0,300}\|\s*(?:Getty Images|AFP|Reuters|Bloomberg|AP)(?=[A-Z][a-z])"), ""),
    (
        re.compile(r"^(?:Published|Updated) [A-Z]\w+ \d{1,2}, \d{4},? \d{1,2}:\d\d [AP]M \w{2,4} (?=[A-Z])"),
        "",
    ),
    (re.compile(r"^advertisement\s+(?=[A-Z])", re.IGNORECASE), ""),
)
ONLY_SIGNS = re.compile(r"^[\W_]*$")
ENDS = re.compile(r"[.!?…。！？]['\"”“’»)\]]*$")
ENOUGH_WORDS = 25  # fewer are no article
MOST_CRUMBS = 3  # lines; a longer run of short lines is a list
CRUMB_WORDS = 4
CRUMB_SIGNS = 45
CRUMB_WIDE = 12  # characters of a script without spaces
STAMP_WORDS = 10
WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]")
STANDFIRST_WORDS = 60  # no standfirst is longer
TAIL = 6  # paragraphs at the end where authors are introduced
TITLE_SPLIT = re.compile(r"\s+(?:[|•·»]|[-–—])\s+|\s*｜\s*")
# What stands before or behind a headline in a page's title: something and a separator.
EXTRA = re.compile(r"^(?:\s*[|•·»:：｜]|\s+[-–—]\s).*|.*[|•·»｜]\s*$|.*\s[-–—]\s+$")
OUTLET = re.compile(
    r"\b(?:news|times|post|journal|herald|tribune|gazette|guardian|telegraph|chronicle|daily"
    r"|reuters|bbc|cnn|tv|radio"
    r"|online|magazine|zeitung|tagesschau|nachrichten|presse|standard|spiegel|monde|figaro"
    r"|país|mundo|diario)\b|\.\w{2,4}$",
    re.IGNORECASE,
)
