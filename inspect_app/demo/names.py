"""Made-up names of places and people. No bank and nobody real is meant."""

from collections.abc import Iterator
from itertools import product
from random import Random

FIRST_LEVEL = ("东湖分行", "西岭分行", "南屏分行", "北塘分行")
"""The regions of the smaller banks; the largest one has them too."""

SIDES, LANDSCAPES = "东西南北中", "湖岭屏塘原浦峰泉"
SECOND_LEVEL = (
    "江岸分行",
    "山前分行",
    "河口分行",
    "云溪分行",
    "城关分行",
    "沙洲分行",
)
KNOWN_BRANCHES = (
    "花园支行",
    "体育场支行",
    "青年路支行",
    "湖滨广场支行",
    "书院街支行",
    "车站支行",
    "工人新村支行",
    "东门桥支行",
    "梧桐里支行",
    "科技园支行",
    "中心医院支行",
    "老码头支行",
)
"""The branches of the small bank; the larger one has them too."""

STEMS = (
    *("春晓", "长虹", "望湖", "临江", "晴川", "桂花", "石桥", "柳林", "永宁", "和平"),
    *("新华", "向阳", "金沙", "翠屏", "白鹭", "梅园", "松涛", "竹溪", "杏坛", "月湖"),
    *("光明", "复兴", "清泉", "云台", "凤鸣", "鹤舞", "荷塘", "星河", "彩虹", "银杏"),
    *("玉泉", "朝晖", "南浦", "双溪", "大桥", "海棠", "锦绣", "丹枫", "观澜", "听涛"),
)
ORDINALS = ("", *"一二三四五六七八九十", "十一", "十二")
ENDINGS = ("路", "街", "广场", "新区", "桥", "里", "市场", "公园", "大道", "花苑")

SURNAMES = "陈周刘何赵孙李吴郑王冯褚卫蒋沈韩杨朱秦许吕施张孔曹严华金魏陶姜谢邹喻苏潘葛范彭郎鲁韦马"
GIVEN = (
    *("晓", "敏", "洋", "静", "立新", "志远", "丽华", "建国", "雨桐", "海燕", "文博", "秀英", "思源", "晨"),
    *("佳宁", "子轩", "春梅", "国栋", "欣怡", "永强", "玉兰", "明哲", "婷", "峰", "雪", "浩然", "慧", "磊"),
)
FIRST_SIGNS = "家嘉俊一梓思宇诗若雅承景书清怀绍启元仲昭"
SECOND_SIGNS = "琪瑶航睿宁涵林彤岚然霖芸舟川禾宜远安澜达平芳祥恒慈信善庆和乐谦让兰菊竹松"
"""Of these two the given names of a large bank's people are put together."""

STREETS = ("解放路", "人民路", "建设街", "滨河路", "学府路", "环城路", "胜利街", "中山路")


def first_level_names() -> Iterator[str]:
    """Yield names of regions, never one twice: forty in all, the known ones first."""
    yield from FIRST_LEVEL
    for landscape, side in product(LANDSCAPES, SIDES):
        name = f"{side}{landscape}分行"
        if name not in FIRST_LEVEL:
            yield name


def branch_names() -> Iterator[str]:
    """Yield names of branches, never one twice: 26,412 in all, the known ones first."""
    yield from KNOWN_BRANCHES
    for ending, stem in product(ENDINGS, STEMS):
        yield f"{stem}{ending}支行"
    for ordinal, side, ending, stem in product(ORDINALS, SIDES, ENDINGS, STEMS):
        yield f"{stem}{side}{ordinal}{ending}支行"


def people_names(random: Random) -> Iterator[str]:
    """Yield names of people, never one twice: more than thirty thousand, the plainer ones first."""
    plain = [f"{surname}{given}" for surname, given in product(SURNAMES, GIVEN)]
    random.shuffle(plain)
    yield from plain
    others = {f"{surname}{one}{two}" for surname, one, two in product(SURNAMES, FIRST_SIGNS, SECOND_SIGNS)}
    more = sorted(others.difference(plain))
    random.shuffle(more)
    yield from more


def address(random: Random) -> str:
    """Return the address of a branch."""
    return f"{random.choice(STREETS)} {random.randint(2, 388)} 号"
