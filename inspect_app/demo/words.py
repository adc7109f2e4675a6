"""What the made-up inspectors write: short, factual, about the post and never about who stood there."""

from collections.abc import Sequence
from random import Random

from checklists.checklist import Item
from checklists.handbook import Kind
from checklists.scoring.credits import Hearing, Response

PARTLY_SO = (
    "开头这样，后来好了。",
    "先忙着别的，过后补上了。",
    "只有一部分时间做到。",
    "旁边有客户在问事情。",
)
NEVER_SO = ("从头到尾都这样。", "当时客户不多。", "正在和同事说话。", "旁边的同事看见了，也没有补上。")
REWORDED = {
    "您好": ("你好", "哎", "来了"),
    "请问您办理什么业务": ("你办什么业务？", "办什么？", "办点什么？"),
    "请问您需要什么帮助": ("有什么事吗？", "要帮忙吗？", "需要办什么？"),
    "请您带好随身物品": ("东西拿好。", "别落下东西。"),
    "谢谢您": ("谢谢。", "好了。"),
    "再见": ("慢走。", "好，慢走。"),
}
SAID_NOTHING = (
    "没有开口，只抬了抬头。",
    "没有说话，用手指了一下。",
    "没有说话，看着屏幕。",
    "没有说，直接伸手要证件。",
)
NOT_SEEN = ("被前面的客户挡住了，看不清。", "我在填单，没有看到。")
NOT_HEARD = ("叫号声大，没听清。", "隔着玻璃，没听清。")
UNSEEN = {Kind.PHRASE: NOT_HEARD, Kind.DELIVERY: ("隔得远，看不清也听不清。",)}
FORBIDDEN = ("不是跟您说过了吗？", "这个我不管，问别人去。")
DID_NOT_OCCUR = ("大厅里一直有客户在问，没有轮到。", "停留了一刻钟，没有遇到。")
QUESTIONS_OF_WORDS = (
    "请写清楚说的原话；记不得了，就改成“没听清”。",
    "两处记的原话不一样，以哪一处为准？",
)
QUESTIONS_OF_DEEDS = (
    "这一条没有全做到，当时看到的是什么？请补一句。",
    "和后面一条的说法不同，请再想一想，以哪条为准？",
)
GRAVE = ("没有", "一直", "没开", "背对", "不耐烦")
"""How a shortfall begins that leaves nothing of a demand."""

ANSWERED = "当时就是这样。"
EXPOSED = "在大厅被认出，员工之间互相提醒，之后的表现不能算。"
WRONG_BRANCH = "核对回执与监控，走进的是隔壁一家网点，这次检查作废。"
CANCELLED = "网点装修，停业两周，这一次不去了。"


def question(random: Random, item: Item) -> str:
    """Return what a reviewer asks about an item."""
    return random.choice(QUESTIONS_OF_WORDS if item.kind is Kind.PHRASE else QUESTIONS_OF_DEEDS)


def unseen(random: Random, item: Item) -> str:
    """Return why an item could not be judged."""
    return random.choice(UNSEEN.get(item.kind, NOT_SEEN))


def shortfall(random: Random, item: Item, response: Response) -> int | None:
    """Return the place of an item's shortfall that fits how far it was met; None where it has none."""
    places = range(len(item.shortfalls))
    grave = [place for place in places if item.shortfalls[place].own.startswith(GRAVE)]
    slight = [place for place in places if place not in grave]
    fitting = (slight or grave) if response is Response.PARTLY else (grave or slight)
    return random.choice(fitting) if fitting else None


def seen(random: Random, response: Response) -> str:
    """Return what there is to add where a demand was not met in full and the shortfall is ticked already."""
    return random.choice(PARTLY_SO if response is Response.PARTLY else NEVER_SO)


def heard(random: Random, item: Item, elements: Sequence[Hearing]) -> str:
    """Return what was said instead of a phrase."""
    said = [
        element.own if how is Hearing.HEARD else random.choice(REWORDED.get(element.own, ("嗯。",)))
        for element, how in zip(item.elements, elements, strict=True)
        if how is not Hearing.MISSING
    ]
    if not said:
        return random.choice(SAID_NOTHING)
    words = "，".join(part.rstrip("。？") for part in said)
    return f"{words}？" if said[-1].endswith("？") or "什么" in said[-1] else f"{words}。"
