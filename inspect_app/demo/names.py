"""Made-up names of places and people. No bank and nobody real is meant."""

from collections.abc import Iterator
from itertools import product
from random import Random

FIRST_LEVEL = ("东湖分行", "西岭分行", "南屏分行", "北塘分行")
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
ENDINGS = ("路", "街", "广场", "新区", "桥", "里", "市场", "公园", "大道", "花苑")

SURNAMES = "陈周刘何赵孙李吴郑王冯褚卫蒋沈韩杨朱秦许吕施张孔曹严华金魏陶姜谢邹喻苏潘葛范彭郎鲁韦马"
GIVEN = (
    *("晓", "敏", "洋", "静", "立新", "志远", "丽华", "建国", "雨桐", "海燕", "文博", "秀英", "思源", "晨"),
    *("佳宁", "子轩", "春梅", "国栋", "欣怡", "永强", "玉兰", "明哲", "婷", "峰", "雪", "浩然", "慧", "磊"),
)
STREETS = ("解放路", "人民路", "建设街", "滨河路", "学府路", "环城路", "胜利街", "中山路")


def branch_names() -> Iterator[str]:
    """Yield names of branches, never one twice: the known ones first."""
    yield from KNOWN_BRANCHES
    for ending, stem in product(ENDINGS, STEMS):
        yield f"{stem}{ending}支行"


def people_names(random: Random) -> Iterator[str]:
    """Yield names of people, never one twice."""
    names = [f"{surname}{given}" for surname, given in product(SURNAMES, GIVEN)]
    random.shuffle(names)
    yield from names


def address(random: Random) -> str:
    """Return the address of a branch."""
    return f"{random.choice(STREETS)} {random.randint(2, 388)} 号"
