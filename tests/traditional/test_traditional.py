"""What is stored in traditional Chinese is what the texts and the reviewed words make of it."""

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from checklists.conversion import shipped_conversions
from checklists.edition_loading import SHIPPED_STANDARDS, load_edition, shipped_edition
from checklists.generation import generate
from checklists.handbook import Provenance, Text
from checklists.recipe_loading import shipped_recipe
from tests.traditional import catalogue, handbook
from tests.traditional.conversion import reviewed_words, traditional, written_pairs
from tests.traditional.reading import as_tuple

AGAIN = "Run: python -m tests.traditional"

SOURCE_PHRASES = {
    "S02.P1": "您好！",
    "S03.P1": "請這邊走",
    "S03.P2": "請到2號櫃臺辦理",
    "S06.P1": "您好，請問您需要什麼幫助？",
    "S07.P1": "您說的是…？",
    "S08.P1": "請問我解釋清楚了嗎？",
    "S09.P1": "對不起，可能我沒有講清楚，請允許我再解釋一遍。",
    "S10.P1": "請問您還有其他問題嗎？",
    "S22.P2": "您可以在這裡…，先…",
    "S24.P1": "這項新業務能夠幫您…，您可以了解一下。",
    "S30.P1": "如果您現在不著急使用這些錢，可以建議您購買最近新推的…",
    "S32.P1": "相信這款理財產品能給您帶來豐厚的收益…",
    "S34.P1": "請問今後如何與您聯繫呢？",
    "S35.P1": "您好，請問我能幫您什麼？",
    "S36.P1": "您好，我是大堂經理，請問有什麼可以幫到您？",
    "S37.P1": "您好，我可以幫您解決這個問題，請跟我來。",
}
"""Phrases of the handbook as it prints them, its leftovers of simplified characters (柜, 么, 里) mended."""


@pytest.mark.parametrize(
    ("simplified", "written"),
    [
        ("柜台前、台面上、一台设备", "櫃臺前、臺面上、一臺設備"),
        ("复核、答复、反复、重复、恢复、复述", "覆核、答覆、反覆、重複、恢復、複述"),
        ("以后、皇后", "以後、皇后"),
        ("一只手、只看一眼", "一隻手、只看一眼"),
        ("里面、这里、公里", "裡面、這裡、公里"),
        ("发布、发现、头发", "發布、發現、頭髮"),
        ("背着手，别着急，看着客户", "背著手，別著急，看著客戶"),
        ("关系、系统、联系", "關係、系統、聯繫"),
        ("给出了解决办法，了解一下", "給出了解決辦法，了解一下"),
        ("松垮、略松、放松", "鬆垮、略鬆、放鬆"),
        ("并拢、并列、一并", "併攏、並列、一併"),
        ("四舍五入，没有舍入", "四捨五入，沒有捨入"),
        ("本周、其余、分钟、标准、关于", "本週、其餘、分鐘、標準、關於"),
        (
            "登录，打印，默认，屏幕，数据库，文件夹，用户名",
            "登入，列印，預設，螢幕，資料庫，資料夾，使用者名稱",
        ),
        ("说“您好！”", "說「您好！」"),
        ("%(count)s 个网点 {of}", "%(count)s 個網點 {of}"),
    ],
)
def test_the_character_and_the_word_are_chosen_by_their_meaning(simplified: str, written: str) -> None:
    assert traditional(simplified) == written


def test_no_reviewed_word_stands_twice() -> None:
    assert len(written_pairs()) == len(reviewed_words())


def test_the_stored_texts_of_the_handbook_are_up_to_date() -> None:
    assert handbook.STORED.read_text(encoding="utf-8") == handbook.conversions(), AGAIN


def test_the_stored_catalogue_is_up_to_date() -> None:
    with catalogue.STORED.open("rb") as file:
        stored = read_po(file, locale=catalogue.LOCALE)

    assert texts_of(stored) == texts_of(catalogue.catalogue(catalogue.extracted())), AGAIN


def test_a_checklist_keeps_its_hash() -> None:
    recipe, unconverted = shipped_recipe("mystery"), load_edition(SHIPPED_STANDARDS)

    assert generate(shipped_edition(), recipe).hash == generate(unconverted, recipe).hash


@pytest.mark.parametrize("code", SOURCE_PHRASES)
def test_a_phrase_of_the_handbook_is_as_the_handbook_writes_it(code: str) -> None:
    clauses = {
        clause.code: clause
        for _flow, situation in shipped_edition().situations()
        for clause in situation.clauses
    }

    assert clauses[code].provenance is Provenance.SOURCE
    assert clauses[code].wordings[0].in_script_of("zh-Hant") == SOURCE_PHRASES[code]


def test_staff_say_their_words_in_their_language_whatever_the_page_speaks() -> None:
    words = shipped_edition().roles[0].name

    assert [words.in_script_of(language) for language in ("zh-Hans", "zh-Hant", "en")] == [
        "大堂经理",
        "大堂經理",
        "大堂经理",
    ]


def test_a_text_that_is_not_shipped_stays_as_it_is() -> None:
    assert "没有随产品提供" not in shipped_conversions()
    assert Text("没有随产品提供").in_language("zh-Hant") == "没有随产品提供"


def texts_of(texts: Catalog) -> dict[object, object]:
    """Return each translation by what it is looked up by."""
    return {key(message): as_tuple(message.string) for message in texts if message.id}


def key(message: Message) -> object:
    """Return a text's context and words."""
    return message.context, as_tuple(message.id)
