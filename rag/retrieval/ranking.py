"""One question's ranking: legs, fusion, rerank, and once more inside a document it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from rag.catalog import Scored
from rag.catalog.passages import IndexedPassage, Passages
from rag.retrieval.dense import DenseLeg
from rag.retrieval.document_ranking import names_of, naming, raise_named, surely_named
from rag.retrieval.evidence import Signals
from rag.retrieval.fusion import Leg, fuse, keyword_weight
from rag.retrieval.keyword import keyword_leg
from rag.retrieval.sentence_rerank import rerank_by_sentences
from rag.retrieval.terms import Term, coverage

SCANNED = 100  # passages of each leg whose scores count
CANDIDATES = 50  # of the fused ones go on
JUDGED = 10  # of the keyword leg's best tell how much of the question one passage covers
INSIDE_WEIGHT = 0.2  # of the keyword leg inside a document whose passages all hold its name


class Ranking:
    """Ranks passages for one question, all in `documents` where these are given."""

    def __init__(
        self,
        terms: Sequence[Term],
        dense: DenseLeg,
        passages: Passages,
        documents: Sequence[str] | None,
    ) -> None:
        self._terms = terms
        self._dense = dense
        self._passages = passages
        self._documents = documents
        self._read: dict[int, IndexedPassage] = {}

    def ranked(self) -> list[Scored]:
        """The best passages, scores from 0 to 1; passages that went meanwhile are left out."""
        best = self._ranked(self._terms, self._outside)
        sureness = self._naming(best)
        if named := surely_named(sureness):
            best = self._with_those_inside(named, best)
        documents = {each.passage_id: self._read[each.passage_id].document for each in best}
        return raise_named(best, documents, sureness)

    def signals(self, ranked: Sequence[Scored]) -> Signals:
        """What the legs and the ranking tell about whether the question is answered."""
        dense, keyword = self._outside
        cosines = dict(dense)
        nearest, last = max(cosines.values(), default=0.0), min(cosines.values(), default=0.0)
        first = self._read[ranked[0].passage_id].indexed() if ranked else ""
        identifiers = [term for term in self._terms if term.is_identifier]
        return Signals(
            cosine=cosines.get(keyword[0][0], last) if keyword else nearest,
            coverage=coverage(self._terms, first),
            coverage_lead=_lead(self._coverages(self._terms, keyword)),
            score_lead=ranked[0].score - ranked[:5][-1].score if ranked else 0.0,
            names_it=bool(identifiers) and all(term.is_in(first) for term in identifiers),
            has_vectors=bool(dense),
        )

    @cached_property
    def _outside(self) -> tuple[Leg, Leg]:
        return self._legs(self._terms, self._documents)

    def _ranked(
        self, terms: Sequence[Term], legs: tuple[Leg, Leg], weight: float | None = None
    ) -> list[Scored]:
        dense, keyword = legs
        if weight is None:
            weight = keyword_weight(max(self._coverages(terms, keyword), default=0.0))
        fused = fuse(dense, keyword, keyword_weight=weight)[:CANDIDATES]
        there = self.texts(scored.passage_id for scored in fused)
        fused = [scored for scored in fused if scored.passage_id in there]
        return rerank_by_sentences(fused, there, terms)

    def _legs(self, terms: Sequence[Term], documents: Sequence[str] | None) -> tuple[Leg, Leg]:
        return (
            self._dense.nearest(limit=SCANNED, documents=documents),
            keyword_leg(terms, self._passages, limit=SCANNED, documents=documents),
        )

    def _with_those_inside(self, named: Sequence[str], best: Sequence[Scored]) -> list[Scored]:
        """In these documents each passage holds their names: inside, the other words tell."""
        names = names_of(each for each in self._read.values() if each.document in named)
        telling = [t for t in self._terms if not any(map(t.is_in, names.values()))]
        terms = telling or self._terms
        inside = self._ranked(terms, self._legs(terms, named), INSIDE_WEIGHT)
        found = {scored.passage_id for scored in inside}
        return inside + [scored for scored in best if scored.passage_id not in found]

    def _naming(self, ranked: Sequence[Scored]) -> dict[str, float]:
        names = names_of(self._read[scored.passage_id] for scored in ranked)
        return naming(self._terms, names, self._passages.counts_of(names))

    def _coverages(self, terms: Sequence[Term], keyword: Leg) -> list[float]:
        """How much of the terms each of the keyword leg's best passages holds."""
        texts = self.texts(passage_id for passage_id, _ in keyword[:JUDGED])
        return [coverage(terms, each.indexed()) for each in texts.values()]

    def texts(self, passage_ids: Iterable[int]) -> dict[int, IndexedPassage]:
        """The passages with these ids, each read once; ids that are gone are left out."""
        wanted = list(passage_ids)
        missing = [passage_id for passage_id in wanted if passage_id not in self._read]
        self._read |= self._passages.indexed(missing)
        return {each: self._read[each] for each in wanted if each in self._read}


def _lead(values: Sequence[float]) -> float:
    """The largest value's lead over the mean of the others; 0 where they are too few to tell."""
    if len(values) <= 2:
        return 0.0
    *others, largest = sorted(values)
    return largest - sum(others) / len(others)
