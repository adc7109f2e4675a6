"""The key by which Chinese names sort: pinyin, so that every database sorts them alike."""

from collections.abc import Mapping

from pypinyin import lazy_pinyin

READINGS: Mapping[str, str] = {
    "总行": "zong hang",
    "支行": "zhi hang",
    "分行": "fen hang",
    "单县": "shan xian",
    "重庆": "chong qing",
    "朝阳": "chao yang",
    "大城县": "dai cheng xian",
    "洪洞": "hong tong",
    "会稽": "kuai ji",
    "筠连": "jun lian",
    "六合": "lu he",
    "召陵": "shao ling",
    "曾都": "zeng du",
    "涡阳": "guo yang",
    "长丰": "chang feng",
    "长葛": "chang ge",
    "长治": "chang zhi",
    "大厦": "da sha",
}
"""Words in the names of places and units whose signs are read otherwise than they mostly are."""

LONGEST_KEY = 400


def name_key(name: str) -> str:
    """Return a name in pinyin, small letters, one syllable apart from the next.

    At most 400 characters; what is not Chinese stays as it is, so that numbers and letters still tell apart.
    """
    marked = name
    for word, reading in READINGS.items():
        marked = marked.replace(word, f" {reading} ")
    syllables = " ".join(lazy_pinyin(marked)).lower().split()
    return " ".join(syllables)[:LONGEST_KEY]
