"""Recognises the lines of text in a picture, offline: RapidOCR with the models of its package.

RapidOCR (https://github.com/RapidAI/RapidOCR) runs PaddleOCR's detection and recognition models
on onnxruntime. Here alone is it known; what the lines make together is for others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import cv2
import numpy as np
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_det import TextDetOutput

from rag.documents.ocr_ink import Picture, Quad, cut_at_gutters, ink_of, trimmed
from rag.documents.ocr_layout import PictureLine
from rag.documents.ocr_upright import WayBack, leveled, quarter_turned, skew_of
from rag.types import Box

SURE = 0.5  # lines with a lower score are mostly no text at all
DETECTION_PIXELS = 1280  # the longer side: larger ones find no more, in 200 MB of memory more
SAMPLE = 4  # lines that tell which way a page is up
POOR = 0.8  # a mean score that says that a page may stand on its head


@dataclass(frozen=True, slots=True)
class Recognition:
    """What stands in a picture, once it was turned so that its lines run level."""

    lines: tuple[PictureLine, ...]  # in no particular order; boxes in the turned picture
    way_back: WayBack  # to the picture as it was


class Recognizer:
    """The models, loaded once; `threads` is how many cores they may take.

    Before each line it calls `give_way`, which returns when the work may go on.
    """

    def __init__(self, *, threads: int = 1, give_way: Callable[[], None] = lambda: None) -> None:
        self._give_way = give_way
        models = files("rapidocr") / "models"
        cv2.setNumThreads(threads)
        self._ocr = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.max_side_len": 1 << 16,  # boxes are wanted in the picture's own pixels
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                # By their paths, for what is looked up by name may be downloaded.
                "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTION_PIXELS,
                "Det.use_dilation": False,  # it joins columns
            }
        )

    def recognize(self, picture: Picture) -> Recognition:
        """The lines of text in a picture, which may lie askew, on its side or on its head."""
        quads = self._quads(picture)
        turns = self._quarter_turns(picture, quads)
        picture, way_back = quarter_turned(picture, turns)
        if turns:
            quads = self._quads(picture)
        skew = skew_of(quads)
        if skew:
            picture, to_askew = leveled(picture, skew)
            way_back = way_back @ to_askew
            quads = self._quads(picture)
        return Recognition(tuple(self._lines(picture, quads)), way_back)

    def _quarter_turns(self, picture: Picture, quads: Sequence[Quad]) -> int:
        longest = sorted(quads, key=_length)[-SAMPLE:]
        if not longest:
            return 0
        is_sideways = sum(map(_is_tall, longest)) > len(longest) / 2
        first, other = (1, 3) if is_sideways else (0, 2)
        score = self._mean_score(picture, longest, first)
        if score > POOR or score >= self._mean_score(picture, longest, other):
            return first
        return other

    def _mean_score(self, picture: Picture, quads: Sequence[Quad], turns: int) -> float:
        crops = [np.rot90(_crop(picture, quad), turns) for quad in quads]
        return float(np.mean([score for _, score in self._read(crops)]))

    def _lines(self, picture: Picture, quads: Sequence[Quad]) -> Iterator[PictureLine]:
        ink = ink_of(picture)
        parts = [part for quad in quads for part in cut_at_gutters(quad, ink)]
        crops = self._ocr.crop_text_regions(picture, np.array(parts))
        for quad, (text, score) in zip(parts, self._read(crops), strict=True):
            if text.strip() and score >= SURE:
                yield PictureLine(text.strip(), Box(*trimmed(quad, ink)), score)

    def _quads(self, picture: Picture) -> list[Quad]:
        found = self._ocr(picture, use_det=True, use_cls=False, use_rec=False)
        if not isinstance(found, TextDetOutput) or found.boxes is None:
            return []
        return [quad.astype(np.float32) for quad in found.boxes]

    def _read(self, crops: Sequence[Picture]) -> list[tuple[str, float]]:
        """The text of each line and how sure it is."""
        read = []
        for crop in crops:
            self._give_way()
            found = self._ocr.recognize_txt([np.ascontiguousarray(crop)])
            assert found.txts is not None
            read.append((found.txts[0], float(found.scores[0])))
        return read


def _length(quad: Quad) -> float:
    return float(np.ptp(quad, axis=0).max())


def _is_tall(quad: Quad) -> bool:
    width, height = np.ptp(quad, axis=0)
    return bool(height > 1.5 * width)


def _crop(picture: Picture, quad: Quad) -> Picture:
    (left, top), (right, bottom) = quad.min(axis=0).astype(int), quad.max(axis=0).astype(int)
    return picture[top : bottom + 1, left : right + 1]
