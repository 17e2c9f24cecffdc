"""What pages say to readers around a story — invitations, walls, credits at the end — as patterns. Pure."""

import re

from bot.articles.patterns import AGENCY, NAME

# Other stories, offered between paragraphs or after the end, in the languages that `patterns` lacks; and
# what a page says in place of something it could not show. Read at the start of short lines.
_OFFERS = (
    r"czytaj (?:więcej|także|też|również)|zobacz (?:też|także|również)|leggi anche|per approfondire\s*:"
    r"|lees (?:ook|meer)|läs (?:mer|även|också|vidare)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää)"
    r"|čtěte (?:také|i)|přečtěte si|prečítajte si|citește și|olvassa el|читайте (?:также|ещё|еще)"
    r"|читайте також"
    r"|leia (?:também|mais)|saiba mais|veja (?:também|mais)|ilgili haber(?:ler)?\W*$|haberin devamı"
    r"|ayrıca (?:oku|bkz)"
    r"|baca juga|xem thêm|διαβάστε (?:επίσης|ακόμη)"
    r"|関連記事|あわせて読みたい|続きを読む|おすすめ(?:情報|記事|\W*$)"
    r"|カテゴリーをフォロー|관련기사|相关阅读|相關新聞|延伸閱讀|noticias? relacionadas?\W*$"
    r"|(?:etiketler|etiquetas|schlagwörter|tagged|themen|sujets?|tagi|štítky)\s*(?::|$)"
)
_PLACEHOLDERS = (
    r"empfohlener (?:redaktioneller|externer) inhalt|an dieser stelle (?:finden|sehen|wollen) sie"
    r"|ich bin damit einverstanden|mit dem laden (?:des|der) (?:videos?|karte|inhalts?|beitrags|tweets?"
    r"|posts?)"
    r"|dieser inhalt (?:kann|wird|ist)|ce contenu (?:est bloqué|n[’']a)|este contenido (?:no|está)"
    r"|this (?:content|video|media|player|embed)\b.{0,40}\b(?:not (?:available|supported)|hosted)"
    r"|(?:to (?:see|view|watch) this|you need to enable|please (?:enable|turn on|allow))\b.{0,60}"
    r"\b(?:javascript|cookies|consent)|thank you for visiting"
    r"|you(?:[’']re| are) using (?:an? )?(?:browser|outdated|old|unsupported)|your browser (?:does|is)"
    r"|javascript (?:is|must|seems)|bitte aktivieren sie javascript|veuillez activer"
)
OFFER = re.compile(rf"^\W*(?:{_OFFERS}|{_PLACEHOLDERS})", re.IGNORECASE)

# A newsletter or a channel, what the reader is to do with it, and a word that speaks to the reader: without
# that it is news about a newsletter.
_YOU = (
    r"our|your?|us|me|wir|uns|unser\w*|ihr\w*|ihnen|dir|dich|dein\w*|notre|nos|vous|votre|vos|nuestr\w*"
    r"|tus?|sus?"
    r"|noss[ao]s?|você|suas?|seus?|nostr[aoie]|tuo|tua|jouw|onze|vår\w*|din|dig|deg|nasz\w*|twój|наш\w*"
    r"|ваш\w*"
)
_DO = (
    r"sign|subscrib|register|join|follow|inbox|delivered|anmeld|abonnier|bestell|kostenlos|postfach|informier"
    r"|inscri|abonnez|recev|gratuit|suscr|recib|gratis|assine|receba|iscriv|ricev|meld je|schrijf|prenumerera"
    r"|anmäl|tilmeld|zapisz|přihla|подпи|kaydol|abone|hier (?:entlang|geht|klicken)|click|here\b|folgen"
    r"|seguici"
    r"|síguenos|suivez"
)
_WHAT = (
    r"newsletters?|mailing list|nyhetsbrev|boletín|rassegna|whatsapp|telegram|instagram|facebook|youtube"
    r"|social media|app"
)
INVITATION = re.compile(
    rf"^(?=.*\b(?:{_YOU})\b)(?=.*\b(?:{_WHAT})\b)(?=.*\b(?:{_DO}))|^\W*(?:download|get) (?:the"
    rf"|our) .{{0,20}}\bapp\b",
    re.IGNORECASE,
)

# A wall: what stands between the reader and the rest of the text.
WALL = re.compile(
    r"\bto (?:continue|keep|finish) reading|continue reading (?:with|by|for)|keep reading (?:with|for)"
    r"|(?:article|story|content|page) is (?:for|only|exclusive\w*|available|reserved|restricted)\b.{0,40}"
    r"\b(?:subscriber|member|premium|registered)"
    r"|subscribe\b.{0,60}\b(?:to read|read (?:the|this)|full access|to continue|unlock)"
    r"|already (?:a|an) (?:subscriber|member)"
    r"|unlock (?:this|the full|the rest of the|full) (?:article|story|content|access)|unlock unlimited"
    r"|you(?:[’']ve| have) (?:reached|read|used)\b.{0,60}\b(?:free (?:article|stor)|limit)"
    r"|(?:sign|log) in to (?:read|continue)|register (?:now |for free )?to (?:read|continue)"
    r"|for subscribers only"
    r"|weiterlesen mit|(?:artikel|beitrag|text|inhalt)\b.{0,40}\b(?:für abonnent|mit (?:einem )?abo\b"
    r"|erwerben"
    r"|freischalten)|sie haben (?:schon|bereits) ein abo|mit (?:plus|abo|digitalabo) (?:weiter)?lesen"
    r"|(?:article|suite|contenu)\b.{0,40}\b(?:réservée?|aux? abonnés)|il vous reste \d|déjà abonné"
    r"|pour lire la suite|(?:artículo|contenido|noticia|funcionalidad)\b.{0,40}\bsuscriptores"
    r"|ya (?:eres|soy) suscriptor|para seguir leyendo|(?:contenuto|articolo)\b.{0,40}\babbonati"
    r"|per continuare a leggere|conteúdo (?:exclusivo )?para assinantes"
    r"|artikel\b.{0,40}\b(?:abonnees|prenumeranter|abonnenter)|artykuł\b.{0,40}\b(?:subskry|prenumerat)"
    r"|有料会員|会員限定|有料記事|유료 회원|только для подписчиков|会员专享",
    re.IGNORECASE,
)

# Where a text ends, and its makers begin; read only in the last lines.
_SIGNATURE = rf"(?:{AGENCY}|[A-ZÄÖÜ]{{2,5}}|[a-zäöü]{{2,5}})"
_MAKERS = (
    r"mit (?:informationen|material) (?:von|der|des)|mit agentur\w*"
    r"|with (?:\w+ )?(?:files?|reports?|reporting|information|inputs?) (?:from|by)"
    r"|avec (?:l[’']|les )?(?:afp|reuters|agences?)|con información de|com informações|met informatie van"
    r"|sendung\s*:|dieses thema im programm|über dieses thema berichte|beitrag von|redaktion\s*:"
    r"|bearbeitung\s*:"
    r"|übersetzung\s*:|faktencheck\s*:|translated by|produced by|reporting for|first published"
    r"|originally published"
    r"|erstveröffentlichung|(?:dieser|der) (?:artikel|text|beitrag) (?:ist|erschien|wurde|entstand)\b.{0,60}"
    r"\b(?:zuerst|ursprünglich|erstmals|kooperation)|cet article (?:a été|est) (?:initialement|d[’']abord"
    r"|extrait)"
    r"|este (?:artículo|texto) (?:fue|se publicó)|zitiervorschlag|kontakt\s*:|contact\s*:|e-?mail\s*:"
    r"|(?:anmerkung der|anm\. d\.|note de la|nota de la|nota del) (?:red|réd|edi)|(?:note|nota|hinweis)\s*:"
)
_READERS = (
    r"fehler (?:gefunden|entdeckt)|hat (?:ihnen|dir) (?:der|dieser)|wie (?:gefällt|fanden) (?:ihnen|sie|dir)"
    r"|(?:ihre|deine) meinung ist|schreiben sie (?:uns|an)|enjoying (?:our|this|what)"
    r"|did you (?:like|enjoy|find) (?:this|our)|was this (?:article|story|page|helpful)"
    r"|(?:would|do) you (?:like|want) to comment|please read our comment|have your say|what do you think\?"
    r"|let us know|tell us (?:what|your|in|about)|stay (?:informed|up[- ]to[- ]date|tuned) with"
    r"|for the latest\b.{0,60}\b(?:news|updates|stories)|support (?:our (?:work|journalism)"
    r"|independent journalism)"
    r"|donate (?:now|today|to)|this is a (?:breaking|developing)|more (?:to follow|follows)\W*$"
    r"|access the most recent|explore the latest|if you or someone you know|wenn sie (?:selbst )?gedanken"
)
ENDNOTE = re.compile(
    rf"^\W*(?:(?i:{_MAKERS}|{_READERS})"
    rf"|{_SIGNATURE}(?:[/,;&+ ]+{_SIGNATURE}){{0,4}}\W*$"
    rf"|(?:mit|with|avec|con) {_SIGNATURE}(?:[/, ]+{_SIGNATURE}){{0,3}}\W*$"
    r"|[A-Z]{2,5} \([^)]{2,60}\)$)"
    rf"|^{NAME}(?: {NAME}){{0,2}} (?:reported|contributed) from [A-Z][\w.]*(?: [A-Z][\w.]*)*(?:,| and|\.)"
    r"|[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,}",
)
# "Jo Roe / Harbour Pictures" above the text: a photographer.
CREDIT = re.compile(r"^[^.!?]{3,60}\s/\s[^!?]{2,50}$|\b(?:nuotr|foto|photo)\.?$", re.IGNORECASE)
STAMP = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b")
