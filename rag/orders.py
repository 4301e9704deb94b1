"""Sentences in a document that address an assistant: "ignore previous instructions" and its like.

They are recognised so that a person is shown them as what they are. Nothing depends on it: evidence
is text whatever it says, and what is not recognised here cannot give orders either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.evidence import Excerpt
from rag.folding import UNSEEN
from rag.sentences import split_sentences
from rag.types import Span

ZERO_WIDTH_JOINERS = "\u200c\u200d"
BEFORE = ".!?:;, \t\r\n"  # what may end the sentence before

_MODEL = r"(?:AI|A\.I\.|LLM|GPT|ChatGPT|chatbot|(?:large )?language model|(?:AI|virtual) assistant)"
_EARLIER = r"(?:previous|prior|above|earlier|preceding|former|existing|system)"
_RULES = r"(?:instructions?|prompts?|directives?|directions|guidelines|guardrails|orders|rules)"

# The marks with which chat templates part the turns of a conversation, whatever the model.
_CONTROL = (
    (
        r"<\|(?:im_start|im_end|im_sep|end|user|assistant|system|eot_id|endoftext|begin_of_text"
        r"|start_header_id|end_header_id)\|>"
    ),
    r"\[/?INST\]|<</?SYS>>|</?(?:start_of_turn|end_of_turn)>",
)
_ENGLISH = (
    (
        rf"\b(?:ignore|disregard|forget|override|bypass)(?: \w+){{0,3}} {_EARLIER}(?: \w+){{0,2}}"
        rf" {_RULES}\b"
    ),
    rf"\b(?:ignore|disregard|forget|override|bypass) (?:all )?(?:of )?your(?: \w+){{0,2}} {_RULES}",
    (
        r"\b(?:ignore|disregard|forget) (?:everything|anything|all(?: of)? that|what)"
        r"(?: \w+){0,4} (?:above|before|told|said|instructed)\b"
    ),
    rf"\byou are now (?:an? |the )?(?:\w+ ){{0,3}}(?:{_MODEL}|assistant|bot|model|DAN)\b",
    (
        r"\byou are now (?:in (?:developer|debug|admin|god) mode|unrestricted|jailbroken"
        r"|free (?:of|from)"
        r"|DAN\b)"
    ),
    r"\byou are no longer (?:an? )?(?:\w+ )?(?:bound|restricted|assistant|AI)\b",
    rf"\bfrom now on,? (?:you (?:are|will|must|shall)|the {_MODEL})\b",
    (
        r"(?:^|[.!?:;,\n]\s*|\b(?:please|must|should|always|then|now|and) )"
        r"(?:reply|respond|answer) (?:only|exclusively|solely|just) (?:with|in|by)\b"
    ),
    (
        r"(?:^|[.!?:;,\n]\s*|\b(?:please|must|should|always|then|now|and) )"
        r"(?:reply|respond|answer|say|output|print) (?:with )?nothing (?:but|else)\b"
    ),
    rf"\bas an? (?:{_MODEL}|artificial intelligence)\b",
    rf"\bif you are an? (?:{_MODEL}|artificial intelligence)\b",
    (
        rf"\b(?:dear|attention|hey|hello|note to(?: the| any)?|instructions? (?:to"
        rf"|for)(?: the| any)?"
        rf"|message (?:to|for)(?: the| any)?),? (?:{_MODEL}|assistant|model)\b"
    ),
    (
        r"\b(?:new|updated|hidden|secret|system|assistant) (?:instructions?|prompt"
        r"|directive|override)"
        r"\s*:"
    ),
    (
        r"\b(?:reveal|print|repeat|show|output|leak|disclose) (?:me |us )?(?:your|the) "
        r"(?:system|initial|hidden|original|secret) (?:prompt|instructions)\b"
    ),
    (
        r"\bdo not (?:tell|inform|warn|mention|reveal)\b.{0,30}\b(?:the user|these instructions"
        r"|this instruction|this prompt)\b"
    ),
    (
        r"\b(?:pretend (?:to be|you are|that you are)|act as|role-?play as) (?:an? )?(?:\w+ )?"
        rf"(?:{_MODEL}|assistant|DAN|hacker|unrestricted)\b"
    ),
    (
        r"\bthe (?:assistant|AI|model) (?:must|should|shall) (?:now |always "
        r"|only )?(?:obey|comply|say"
        r"|reply|respond|answer|tell|ignore|recommend)\b"
    ),
)
_GERMAN = (
    (
        r"\b(?:ignorier(?:e|en sie|t)|missachte(?:n sie)?|vergiss|vergessen sie"
        r"|übergeh(?:e|en sie))"
        r"(?: \w+){0,3} (?:vorherigen?|vorigen?|bisherigen?|obigen?|früheren?"
        r"|vorangegangenen?|deine|"
        r"ihre)(?: \w+){0,2} (?:anweisung(?:en)?|instruktion(?:en)?|regeln|befehle"
        r"|vorgaben|aufträge)\b"
    ),
    (
        r"\b(?:du bist|sie sind) (?:jetzt|nun|ab jetzt|ab sofort"
        r"|von nun an)(?: \w+){0,3}(?: |-)(?:ki\b|bot\b"
        r"|assistent|sprachmodell|chatbot|modell)"
    ),
    r"\bantworte(?:n sie)? (?:nur|ausschließlich|lediglich) (?:noch )?(?:mit|auf)\b",
    (
        r"\b(?:als|wenn du eine?|falls du eine?) (?:ki|künstliche intelligenz|sprachmodell"
        r"|ki-\w+)\b"
    ),
    (
        r"\b(?:an|hinweis an|anweisung (?:an|für)|nachricht an) (?:die ki|den (?:ki-)?assistenten"
        r"|das (?:sprach)?modell)\b"
    ),
    r"\b(?:neue |geheime )?(?:systemanweisung|systemprompt)\w*\s*:",
)
_FRENCH = (
    (
        r"\b(?:ignore[zr]?|oublie[zr]?|néglige[zr]?|ne (?:tiens"
        r"|tenez) pas compte d\w+)(?: \w+){0,3} "
        r"(?:instructions?|consignes?|directives?|règles|ordres)(?: \w+){0,2} (?:précédente?s?"
        r"|antérieure?s?|ci-dessus|qui précèdent)\b"
    ),
    r"\b(?:tu es|vous êtes) (?:maintenant|désormais)(?: \w+){0,3} (?:assistant|ia|robot|modèle)\b",
    r"\brépond(?:s|ez|re) (?:uniquement|seulement|exclusivement) (?:par|avec|en)\b",
    (
        r"\b(?:en tant qu['\u2019]\s?(?:une? )?|si (?:tu es|vous êtes) une? )(?:ia"
        r"|intelligence artificielle"
        r"|assistant(?: ia| virtuel)|modèle de langage)\b"
    ),
)
_SPANISH = (
    (
        r"\b(?:ignor[ae]d?|olvid[ae]d?|descart[ae]|desobedec\w+|no (?:tengas|tenga) en cuenta)"
        r"(?: \w+){0,3} (?:instrucci(?:ón|ones)|órdenes|reglas|indicaciones"
        r"|directrices)(?: \w+){0,2} "
        r"(?:anteriores|anterior|previas?|de arriba|precedentes)\b"
    ),
    (
        r"\b(?:ahora eres|eres ahora|a partir de ahora,? eres)(?: \w+){0,3} (?:asistente"
        r"|ia|bot|modelo)"
        r"\b"
    ),
    (
        r"\b(?:responde|responda|contesta|conteste) (?:solo|sólo|solamente"
        r"|únicamente) (?:con|en|que)\b"
    ),
    (
        r"\b(?:como|si eres) (?:una? )?(?:ia|inteligencia artificial|asistente (?:de ia|virtual)"
        r"|modelo de lenguaje)\b"
    ),
)
_ITALIAN = (
    (
        r"\b(?:ignor(?:a|ate|i|are)|dimentic(?:a|ate|hi)|trascur(?:a|ate|i))(?: \w+){0,3} "
        r"(?:istruzion[ei]|indicazioni|regole|ordini|direttive)(?: \w+){0,2} "
        r"(?:precedent[ei]|di cui sopra|sopra|anteriori)\b"
    ),
    (
        r"\b(?:ora sei|adesso sei|sei ora|da ora in poi,? sei)(?: \w+){0,3} (?:assistente|ia|bot"
        r"|modello)\b"
    ),
    (
        r"\b(?:rispondi|rispondete|risponda) (?:solo|soltanto|solamente|esclusivamente|unicamente) "
        r"(?:con|in)\b"
    ),
    (
        r"\b(?:in quanto|come|se sei) (?:un(?:a|['\u2019])? ?)?(?:ia|intelligenza artificiale"
        r"|modello linguistico|assistente (?:ia|virtuale))\b"
    ),
)
_ORDER = re.compile(
    "|".join((*_CONTROL, *_ENGLISH, *_GERMAN, *_FRENCH, *_SPANISH, *_ITALIAN)).replace(" ", r"\s+"),
    re.IGNORECASE | re.MULTILINE,
)


def orders_in(text: str) -> tuple[Span, ...]:
    """The sentences of a text that address an assistant, in order.

    In English, German, French, Spanish and Italian, also where letters of full width or characters
    without width are between.
    """
    plain, places = _plain(text)
    found = [
        Span(places[match.end() - len(match[0].lstrip(BEFORE))], places[match.end() - 1] + 1)
        for match in _ORDER.finditer(plain)
    ]
    if not found:
        return ()
    return tuple(
        sentence
        for sentence in split_sentences(text)
        if any(sentence.start < span.end and span.start < sentence.end for span in found)
    )


def order_notes(evidence: Sequence[Excerpt]) -> tuple[str, ...]:
    """What a person is told of sentences in the evidence that address the assistant."""
    return tuple(
        order_note(excerpt.passages[0].title, " ".join(span.of(excerpt.text).split()))
        for excerpt in evidence
        for span in orders_in(excerpt.text)
    )


def order_note(title: str, sentence: str) -> str:
    """What a person is told of a sentence in a document that addresses the assistant."""
    return f"A passage of {title} addresses the assistant; it was read as text: “{sentence}”"


def _plain(text: str) -> tuple[str, range | list[int]]:
    """The text in plain letters, and where each of its characters stands."""
    if text.isascii():
        return text, range(len(text))
    letters, places = [], []
    for at, character in enumerate(text):
        if UNSEEN.match(character) or character in ZERO_WIDTH_JOINERS:
            continue
        plain = unicodedata.normalize("NFKC", character)
        letters.append(plain if len(plain) == 1 else character)
        places.append(at)
    return "".join(letters), places
