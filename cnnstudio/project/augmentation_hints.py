"""What the names and numbers of classes say about a plan of augmentation."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cnnstudio.project.augmentation import PRESETS, AugmentationPlan
from cnnstudio.project.visible_share import visible_share
from cnnstudio.project.words import say

FEW_PICTURES = 50
LEAST_VISIBLE = 0.6
ENOUGH_VISIBLE = 0.75
UPSIDE_DOWN_DEGREES = 90
SMALL_TURN_DEGREES = 15

HintKind = Literal[
    "signs_upside_down", "signs_mirrored", "sides_mirrored", "pushed_out", "off_with_few"
]


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DIGIT_WORDS = _listed(
    "zero one two three four five six seven eight nine "
    "null eins zwei drei vier fünf sechs sieben acht neun "
    "영 공 일 이 삼 사 오 육 칠 팔 구"
)
_LETTER_WORDS = _listed(
    "기역 니은 디귿 리을 미음 비읍 시옷 이응 지읒 치읓 키읔 티읕 피읖 히읗 alpha beta gamma"
)
_ABOUT_SIGNS = _listed(
    "digit number letter character char upper lower uppercase lowercase capital "
    "ziffer zahl buchstabe 숫자 글자 자모 문자 대문자 소문자"
)
_ABOUT_ANYTHING = _listed("class label klasse small 클래스")
_LEFT = _listed("left l links linke linker lhs lt 왼 왼쪽 왼손 왼발 좌 좌측 좌회전")
_RIGHT = _listed("right r rechts rechte rechter rhs rt 오른 오른쪽 오른손 오른발 우 우측 우회전")
_ORDINARY_LABELS = 4
"""Fewer bare numbers or letters from the first one on are most likely no signs but labels."""


@dataclass(frozen=True)
class Hint:
    """One thing to think about, and a plan that mends it.

    ``kind`` tells what it is about; ``message`` and ``remedy_title`` are sentences in the chosen
    language, ``reason`` says why.
    """

    kind: HintKind
    message: str
    reason: str
    remedy_title: str
    changed_plan: AugmentationPlan


def hints_for(
    plan: AugmentationPlan, classes: Sequence[str], counts: Mapping[str, int] | None = None
) -> list[Hint]:
    """What is worth a thought about ``plan`` for ``classes``.

    ``counts`` is how many training pictures each class has, where that is known.
    """
    signs, sides = are_signs(classes), are_sides(classes)
    found = [
        _upside_down(plan, _are_only_numbers(classes)) if signs else None,
        _mirrored_signs(plan, _are_only_numbers(classes)) if signs else None,
        _mirrored_sides(plan) if sides else None,
        _pushed_out(plan),
        _off_with_few(plan, counts, signs or sides),
    ]
    return [hint for hint in found if hint is not None]


def are_signs(classes: Sequence[str]) -> bool:
    """Whether most classes are digits or letters of some script."""
    if len(classes) < 2:
        return False
    signs = [sign for name in classes if (sign := _sign_in(name))]
    if 2 * len(signs) < len(classes) or len(signs) < 2 or set(signs) <= {"l", "r"}:
        return False
    bare = sorted(signs)
    for first in ("0", "1", "a"):
        labels = [chr(ord(first) + number) for number in range(len(bare))]
        if bare == labels and len(bare) < _ORDINARY_LABELS:
            return any(_words(name) & _ABOUT_SIGNS for name in classes)
    return True


def are_sides(classes: Sequence[str]) -> bool:
    """Whether some classes differ by left and right."""
    # Among other letters, l and r are only letters.
    letters = frozenset("lr") if are_signs(classes) else frozenset()
    words = [_words(name) - letters for name in classes]
    return any(each & _LEFT for each in words) and any(each & _RIGHT for each in words)


def _sign_in(name: str) -> str:
    """The digit or letter that a class is named after, or nothing."""
    told = _words(name) - _ABOUT_SIGNS - _ABOUT_ANYTHING
    if len(told) != 1:
        return ""
    (word,) = told
    is_sign = word in _DIGIT_WORDS or word in _LETTER_WORDS or (len(word) == 1 and _is_sign(word))
    return word if is_sign else ""


def _is_sign(letter: str) -> bool:
    """One digit, one letter of an alphabet, or one Hangul jamo; a whole syllable is a word."""
    if unicodedata.category(letter) == "Nd":
        return True
    name = unicodedata.name(letter, "")
    alphabets = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC LETTER", "HANGUL LETTER")
    kana = ("HANGUL CHOSEONG", "HANGUL JUNGSEONG", "HANGUL JONGSEONG", "HIRAGANA", "KATAKANA")
    return letter.isalpha() and name.startswith((*alphabets, *kana))


def _words(name: str) -> frozenset[str]:
    """The words of a class name, in small letters: ``leftHand_2`` has left, hand and 2."""
    composed = unicodedata.normalize("NFC", name)
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", composed)
    return frozenset(re.findall(r"[^\W_]+", apart.casefold()))


def _turn(plan: AugmentationPlan) -> float:
    """How far pictures are turned at most; RandAugment turns up to once round at its strongest."""
    return max(plan.rotation, 360 * plan.rand_augment)


def _are_only_numbers(classes: Sequence[str]) -> bool:
    """Whether the classes may be anything, and are only numbered."""
    return all(name.strip().isdecimal() for name in classes)


def _upside_down(plan: AugmentationPlan, is_guess: bool) -> Hint | None:
    if not plan.vertical_flip and _turn(plan) <= UPSIDE_DOWN_DEGREES:
        return None
    changes = {
        "vertical_flip": False,
        "rotation": min(plan.rotation, float(SMALL_TURN_DEGREES)),
        "rand_augment": min(plan.rand_augment, 0.1),
    }
    return Hint(
        "signs_upside_down",
        say("If the classes are digits, they are turned upside down.")
        if is_guess
        else say("Digits and letters are turned upside down."),
        say("A 6 becomes a 9 and an M becomes a W, but they keep their labels."),
        say("Turn them a little only"),
        plan.model_copy(update=changes),
    )


def _mirrored_signs(plan: AugmentationPlan, is_guess: bool) -> Hint | None:
    if not plan.horizontal_flip:
        return None
    return Hint(
        "signs_mirrored",
        say("If the classes are digits, they are mirrored.")
        if is_guess
        else say("Digits and letters are mirrored."),
        say("Nobody writes them so, and a b becomes a d that is still called b."),
        say("Switch the horizontal flip off"),
        plan.model_copy(update={"horizontal_flip": False}),
    )


def _mirrored_sides(plan: AugmentationPlan) -> Hint | None:
    is_turned = _turn(plan) > UPSIDE_DOWN_DEGREES
    if not (plan.horizontal_flip or plan.vertical_flip or is_turned):
        return None
    changes: dict[str, object] = {"horizontal_flip": False, "vertical_flip": False}
    if is_turned:
        changes |= {
            "rotation": min(plan.rotation, 45.0),
            "rand_augment": min(plan.rand_augment, 0.1),
        }
    return Hint(
        "sides_mirrored",
        say("Classes for left and right are mirrored or turned round."),
        say("What points left then points right, but keeps its label."),
        say("Keep left and right apart"),
        plan.model_copy(update=changes),
    )


def _pushed_out(plan: AugmentationPlan) -> Hint | None:
    share = visible_share(plan)
    if share >= LEAST_VISIBLE:
        return None
    weaker = plan
    for tenths in range(9, -1, -1):
        weaker = plan.model_copy(
            update={
                name: round(getattr(plan, name) * tenths / 10, 2)
                for name in ("width_shift", "height_shift", "shear", "zoom", "crop")
            }
        )
        if visible_share(weaker) >= ENOUGH_VISIBLE:
            break
    percent = round(100 * share)
    return Hint(
        "pushed_out",
        say(
            "On average only {percent} % of a picture stays in sight.",
            percent=percent,
        ),
        say(
            "Shifts, shear, zoom and crop together often push out the very thing that the "
            "label names."
        ),
        say("Make them weaker ({percent} %)", percent=round(100 * visible_share(weaker))),
        weaker,
    )


def _off_with_few(
    plan: AugmentationPlan, counts: Mapping[str, int] | None, keeps_sides: bool
) -> Hint | None:
    if not plan.is_off or not counts or min(counts.values()) >= FEW_PICTURES:
        return None
    name, count = min(counts.items(), key=lambda each: (each[1], each[0]))
    gentle = plan.taking(PRESETS["light"][1])
    if keeps_sides:
        gentle = gentle.model_copy(update={"horizontal_flip": False})
    return Hint(
        "off_with_few",
        say(
            "{name} has only {count} training pictures, and augmentation is off.",
            name=name,
            count=count,
        ),
        say("With so few, a network learns them by heart. Small changes help against that."),
        say("Begin gently"),
        gentle,
    )
