"""The promotions of the demo: what a grocer in Riga would run, as the documents that the API takes."""

from __future__ import annotations

from typing import Any

import msgspec

from regulars.flows.consent_wordings import NewWording
from regulars.members.ladders import LadderDocument
from regulars.promotions.model import Document

_NAMES = ("en", "lv", "ru", "et", "hu")
_MEMBER = {"kind": "member"}
_NO_POINTS = {"categories": ["tobacco", "press", "drinks/spirits"]}
_NO_DISCOUNT = {"categories": ["tobacco", "press", "fuel"], "tags": ["restricted"]}
_VEGETABLES = {
    "categories": ["fruit-vegetables"],
    "label": {
        "en": "fruit and vegetables",
        "lv": "augļi un dārzeņi",
        "ru": "фрукты и овощи",
        "et": "puu- ja köögiviljad",
        "hu": "gyümölcs és zöldség",
    },
}
_BREAD = {
    "categories": ["bakery/bread", "bakery/pastries", "bakery/cakes"],
    "label": {
        "en": "bread and pastries",
        "lv": "maize un konditoreja",
        "ru": "хлеб и выпечка",
        "et": "leib ja küpsetised",
        "hu": "kenyér és péksütemény",
    },
}


def _names(*texts: str) -> dict[str, str]:
    return dict(zip(_NAMES, texts, strict=True))


def _goods(place: str, *labels: str) -> dict[str, object]:
    return {"categories": [place], "label": _names(*labels)}


COFFEE = _goods("drinks/coffee", "coffee", "kafija", "кофе", "kohv", "kávé")
YOGHURT = _goods("dairy/yoghurt", "yoghurt", "jogurts", "йогурт", "jogurt", "joghurt")
BABY = _goods(
    "baby/care", "baby care", "bērnu kopšanas preces", "товары для малышей", "beebitooted", "babaápolás"
)
FISH = _goods("fish", "fish", "zivis", "рыба", "kala", "hal")
READY = _goods("meals", "ready meals", "gatavie ēdieni", "готовая еда", "valmistoidud", "készételek")
FUEL = _goods("fuel", "petrol", "benzīns", "бензин", "bensiin", "benzin")
DAIRY = {
    "categories": ["dairy/milk", "dairy/eggs"],
    "label": _names("milk and eggs", "piens un olas", "молоко и яйца", "piim ja munad", "tej és tojás"),
}
OWN = {
    "brands": ["Dzintars"],
    "label": _names(
        "Dzintars goods", "Dzintars preces", "товары Dzintars", "Dzintarsi kaubad", "Dzintars termékek"
    ),
}


def _document(
    names: dict[str, str], group: str, benefit: dict[str, Any], *conditions: dict[str, Any]
) -> Document:
    return Document(
        name=names["lv"],
        names=names,
        group=group,
        benefits=(benefit,),
        conditions=conditions,
        base=benefit["kind"] == "points_per_spend",
    )


DOCUMENTS: dict[str, Document] = {
    "points": _document(
        _names(
            "1 point for each euro",
            "1 punkts par katru eiro",
            "1 балл за каждый евро",
            "1 punkt iga euro eest",
            "1 pont minden euróért",
        ),
        "points",
        {
            "kind": "points_per_spend",
            "currency": "PTS",
            "points": 1,
            "per": 100,
            "goods": {"except": _NO_POINTS},
        },
        _MEMBER,
    ),
    "tuesday": _document(
        _names(
            "Double points on fruit and vegetables on Tuesdays",
            "Otrdienās dubulti punkti par augļiem un dārzeņiem",
            "По вторникам двойные баллы за фрукты и овощи",
            "Teisipäeviti topeltpunktid puu- ja köögiviljade eest",
            "Keddenként dupla pont zöldségre és gyümölcsre",
        ),
        "points",
        {"kind": "points_multiplier", "currency": "PTS", "factor": "2", "goods": _VEGETABLES, "cap": 100},
        _MEMBER,
        {"kind": "hours", "weekdays": [2]},
    ),
    "own-brand": _document(
        _names(
            "Triple points on Dzintars goods at the weekend",
            "Nedēļas nogalē trīskārši punkti par Dzintars precēm",
            "В выходные тройные баллы за товары Dzintars",
            "Nädalavahetusel kolmekordsed punktid Dzintarsi kaupade eest",
            "Hétvégén tripla pont a Dzintars termékekre",
        ),
        "points",
        {"kind": "points_multiplier", "currency": "PTS", "factor": "3", "goods": OWN, "cap": 150},
        _MEMBER,
        {"kind": "hours", "weekdays": [6, 7]},
    ),
    "gold": _document(
        _names(
            "Gold: half as many points again",
            "Zelts: par pusi vairāk punktu",
            "Золото: баллов в полтора раза больше",
            "Kuld: poole rohkem punkte",
            "Arany: másfélszer annyi pont",
        ),
        "points",
        {"kind": "points_multiplier", "currency": "PTS", "factor": "1.5", "cap": 200},
        {"kind": "tier", "ladder": "status", "tiers": ["gold", "amber"]},
    ),
    "welcome": _document(
        _names(
            "200 points for the first purchase",
            "200 punkti par pirmo pirkumu",
            "200 баллов за первую покупку",
            "200 punkti esimese ostu eest",
            "200 pont az első vásárlásért",
        ),
        "points",
        {"kind": "points_fixed", "currency": "PTS", "points": 200},
        _MEMBER,
        {"kind": "first_purchase"},
    ),
    "coffee": _document(
        _names("15 % off coffee", "Kafijai −15 %", "Кофе −15 %", "Kohv −15 %", "Kávé −15 %"),
        "items",
        {"kind": "line_percent", "percent": "15", "goods": COFFEE},
        _MEMBER,
    ),
    "evening-bread": _document(
        _names(
            "Bread and pastries −30 % after 19:00",
            "Maizei un konditorejai −30 % pēc 19.00",
            "Хлеб и выпечка −30 % после 19:00",
            "Leib ja küpsetised −30 % pärast kella 19",
            "Kenyér és péksütemény −30 % 19 óra után",
        ),
        "items",
        {"kind": "line_percent", "percent": "30", "goods": _BREAD},
        {"kind": "hours", "from": "19:00", "until": "24:00"},
    ),
    "yoghurt": _document(
        _names(
            "Three yoghurts: 20 % off",
            "Trim jogurtiem −20 %",
            "Три йогурта: −20 %",
            "Kolm jogurtit: −20 %",
            "Három joghurt: −20 %",
        ),
        "items",
        {"kind": "line_percent", "percent": "20", "goods": YOGHURT},
        _MEMBER,
        {"kind": "quantity", "minimum": "3", "goods": YOGHURT},
    ),
    "baby": _document(
        _names(
            "10 % off baby care for families",
            "Ģimenēm −10 % bērnu kopšanas precēm",
            "Семьям −10 % на товары для малышей",
            "Peredele −10 % beebitoodetelt",
            "Családoknak −10 % babaápolásra",
        ),
        "items",
        {"kind": "line_percent", "percent": "10", "goods": BABY},
        _MEMBER,
    ),
    "friday-fish": _document(
        _names(
            "Fish −10 % on Fridays",
            "Piektdienās zivīm −10 %",
            "По пятницам рыба −10 %",
            "Reedeti kala −10 %",
            "Péntekenként hal −10 %",
        ),
        "items",
        {"kind": "line_percent", "percent": "10", "goods": FISH},
        {"kind": "hours", "weekdays": [5]},
    ),
    "lunch": _document(
        _names(
            "Lunch in the centre: ready meals −10 %",
            "Pusdienas Centrā: gatavajiem ēdieniem −10 %",
            "Обед в центре: готовая еда −10 %",
            "Lõuna kesklinnas: valmistoidud −10 %",
            "Ebéd a központban: készételek −10 %",
        ),
        "items",
        {"kind": "line_percent", "percent": "10", "goods": READY},
        {"kind": "store", "stores": ["centrs"]},
        {"kind": "hours", "weekdays": [1, 2, 3, 4, 5], "from": "11:00", "until": "15:00"},
    ),
    "petrol": _document(
        _names(
            "Petrol 3 cents a litre cheaper",
            "Benzīnam −3 centi par litru",
            "Бензин дешевле на 3 цента за литр",
            "Bensiin 3 senti liitrilt odavam",
            "Benzin 3 centtel olcsóbban literenként",
        ),
        "items",
        {"kind": "line_amount", "amount": 3, "each": "unit", "goods": FUEL},
        _MEMBER,
    ),
    "large-basket": _document(
        _names(
            "5 % off baskets from 50 euros",
            "−5 % pirkumam no 50 eiro",
            "−5 % на покупку от 50 евро",
            "−5 % ostult alates 50 eurost",
            "−5 % 50 eurós vásárlástól",
        ),
        "basket",
        {"kind": "basket_percent", "percent": "5", "cap": 2000, "goods": {"except": _NO_DISCOUNT}},
        _MEMBER,
        {"kind": "basket_amount", "minimum": 5000, "goods": {"except": _NO_DISCOUNT}},
    ),
    "plus-dairy": _document(
        _names(
            "Dzintars Plus: milk and eggs −10 %",
            "Dzintars Plus: pienam un olām −10 %",
            "Dzintars Plus: молоко и яйца −10 %",
            "Dzintars Plus: piim ja munad −10 %",
            "Dzintars Plus: tej és tojás −10 %",
        ),
        "items",
        {"kind": "line_percent", "percent": "10", "goods": DAIRY},
        {"kind": "club", "clubs": ["plus"]},
    ),
    "offer-coffee": _document(
        _names(
            "Coffee for you: 20 % off",
            "Kafija Jums: −20 %",
            "Кофе для Вас: −20 %",
            "Kohv Teile: −20 %",
            "Kávé Önnek: −20 %",
        ),
        "items",
        {"kind": "line_percent", "percent": "20", "goods": COFFEE},
        {"kind": "offer"},
    ),
    "offer-yoghurt": _document(
        _names(
            "Yoghurt for you: 15 % off",
            "Jogurts Jums: −15 %",
            "Йогурт для Вас: −15 %",
            "Jogurt Teile: −15 %",
            "Joghurt Önnek: −15 %",
        ),
        "items",
        {"kind": "line_percent", "percent": "15", "goods": YOGHURT},
        {"kind": "offer"},
    ),
}
"""By the name under which each is entered once."""

NEWS = NewWording(
    code="news",
    purpose="marketing",
    channels=("email", "sms"),
    texts=_names(
        "Dzintars may send me offers and news. I can withdraw this at any time.",
        "Dzintars drīkst man sūtīt piedāvājumus un jaunumus. Piekrišanu varu atsaukt jebkurā laikā.",
        "Dzintars может присылать мне предложения и новости. Я могу отозвать согласие в любое время.",
        "Dzintars tohib mulle saata pakkumisi ja uudiseid. Saan nõusoleku igal ajal tagasi võtta.",
        "A Dzintars ajánlatokat és híreket küldhet nekem. Hozzájárulásomat bármikor visszavonhatom.",
    ),
)
"""What members are asked to agree to."""

LADDER_CODE = "status"
LADDER = msgspec.convert(
    {
        "tiers": [
            {"code": "bronze"},
            {"code": "silver", "ways": [[{"measure": "spend", "at_least": 80_000}]]},
            {
                "code": "gold",
                "ways": [
                    [{"measure": "spend", "at_least": 180_000}],
                    [{"measure": "spend", "at_least": 120_000}, {"measure": "visit_days", "at_least": 60}],
                ],
            },
            {"code": "amber", "invitation_only": True},
        ],
        "period": "rolling",
        "period_days": 365,
        "validity": "days",
        "valid_days": 365,
        "downgrade": "one_step",
    },
    LadderDocument,
)
"""By turnover in the last year; gold also for whoever comes often, and amber for whom the chain asks in."""
LADDERS: dict[str, LadderDocument] = {
    LADDER_CODE: LADDER,
    "visits": msgspec.convert(
        {
            "tiers": [
                {"code": "guest"},
                {"code": "neighbour", "ways": [[{"measure": "visit_days", "at_least": 15}]]},
                {"code": "local", "ways": [[{"measure": "visit_days", "at_least": 40}]]},
            ],
            "period": "rolling",
            "period_days": 91,
            "validity": "days",
            "valid_days": 91,
            "downgrade": "by_balance",
            "grace_days": 14,
            "soft_landing": True,
        },
        LadderDocument,
    ),
}
"""By code; the second one by how many days of the last quarter somebody came, whatever she spent."""
TIER_NAMES = {
    "status/bronze": _names("Bronze", "Bronza", "Бронза", "Pronks", "Bronz"),
    "status/silver": _names("Silver", "Sudrabs", "Серебро", "Hõbe", "Ezüst"),
    "status/gold": _names("Gold", "Zelts", "Золото", "Kuld", "Arany"),
    "status/amber": _names("Amber", "Dzintars", "Янтарь", "Merevaik", "Borostyán"),
    "visits/guest": _names("Guest", "Viesis", "Гость", "Külaline", "Vendég"),
    "visits/neighbour": _names("Neighbour", "Kaimiņš", "Сосед", "Naaber", "Szomszéd"),
    "visits/local": _names("One of us", "Savējais", "Свой человек", "Omainimene", "Törzstag"),
}
