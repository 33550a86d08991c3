"""Is a purpose a purpose (使用用途, article 12)?"""

import unicodedata

from tongqu.kernel.law import Assumption

SHORTEST = Assumption("使用用途不少于 10 个字")
MINIMUM = 10
FEWEST_DIFFERENT = 4  # “测试测试测试测试测试” says nothing, however long it is


def is_meaningful(text: str) -> bool:
    """Return whether the text says something: ten characters, and not one of them repeated.

    Only letters, ideographs and digits count; blanks and punctuation do not.
    """
    spoken = [sign for sign in text if unicodedata.category(sign)[0] in "LN"]
    has_words = any(unicodedata.category(sign)[0] == "L" for sign in spoken)
    return len(spoken) >= MINIMUM and has_words and len(set(spoken)) >= FEWEST_DIFFERENT
