"""What the demo asks its members: a survey that is open, one that is over with its answers, and a quiz about amber."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from regulars.cli.demo.holders import members_of, said
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.surveys import NewAnswers, answer_survey, put_survey
from regulars.games.surveys import Survey

PLAYERS = 14
SURVEY = msgspec.convert(
    {
        "names": said(
            "How do you like it here?",
            "Kā Jums pie mums patīk?",
            "Как Вам у нас?",
            "Kuidas Teile meie juures meeldib?",
            "Hogy tetszik nálunk?",
        ),
        "questions": [
            {
                "code": "recommend",
                "kind": "number",
                "texts": said(
                    "Would you recommend us to a friend?",
                    "Vai ieteiktu mūs draugam?",
                    "Порекомендуете ли Вы нас другу?",
                    "Kas soovitaksite meid sõbrale?",
                    "Ajánlana minket egy barátjának?",
                ),
            },
            {
                "code": "best",
                "kind": "several",
                "texts": said(
                    "What do you come for?",
                    "Kāpēc nākat pie mums?",
                    "За чем Вы приходите?",
                    "Mille pärast tulete?",
                    "Miért jön hozzánk?",
                ),
                "options": [
                    {
                        "code": "bread",
                        "names": said(
                            "Fresh bread", "Svaiga maize", "Свежий хлеб", "Värske leib", "Friss kenyér"
                        ),
                    },
                    {"code": "coffee", "names": said("Coffee", "Kafija", "Кофе", "Kohv", "Kávé")},
                    {
                        "code": "people",
                        "names": said("The people", "Cilvēki", "Люди", "Inimesed", "Az emberek"),
                    },
                ],
            },
            {
                "code": "wish",
                "kind": "text",
                "required": False,
                "texts": said(
                    "What is missing?",
                    "Kā pietrūkst?",
                    "Чего не хватает?",
                    "Millest puudust tunnete?",
                    "Mi hiányzik?",
                ),
            },
        ],
        "anonymous": True,
        "prize": {"points": {"currency": "PTS", "amount": 25}},
    },
    Survey,
)
WISHES = ("More rye bread in the evening", "", "Oat milk, please", "", "All is well", "A bench outside", "")
OVER_DAYS, OVER_LASTED = 20, 14
"""So many days ago the survey about deliveries began, and for so many it was open."""
DELIVERY: dict[str, Any] = {
    "names": said("Our deliveries", "Mūsu piegādes", "Наша доставка", "Meie kojuvedu", "A kiszállításunk"),
    "texts": said(
        "We have new drivers since the summer. Tell us how they do.",
        "Kopš vasaras mums ir jauni šoferi. Pastāstiet, kā viņiem veicas.",
        "С лета у нас новые водители. Расскажите, как они справляются.",
        "Suvest saadik on meil uued autojuhid. Rääkige, kuidas neil läheb.",
        "Nyár óta új sofőrjeink vannak. Mondja el, hogyan dolgoznak.",
    ),
    "questions": [
        {
            "code": "on-time", "kind": "choice",
            "texts": said(
                "Did the last delivery come on time?", "Vai pēdējā piegāde bija laikā?",
                "Последняя доставка приехала вовремя?", "Kas viimane saadetis jõudis õigel ajal?",
                "Időben érkezett a legutóbbi kiszállítás?",
            ),
            "options": [
                {"code": "yes", "names": said("On time", "Laikā", "Вовремя", "Õigel ajal", "Időben")},
                {"code": "late", "names": said("Late", "Kavējās", "С опозданием", "Hilines", "Késett")},
                {
                    "code": "none",
                    "names": said(
                        "I fetch my shopping myself", "Pērku pats veikalā", "Я хожу в магазин",
                        "Käin ise poes", "Magam járok a boltba",
                    ),
                },
            ],
        },
        {
            "code": "driver", "kind": "number", "required": False,
            "texts": said(
                "How friendly was the driver?", "Cik laipns bija šoferis?", "Насколько приветлив был водитель?",
                "Kui sõbralik oli autojuht?", "Mennyire volt kedves a sofőr?",
            ),
        },
        {
            "code": "said", "kind": "text", "required": False,
            "texts": said(
                "Anything else?", "Vai vēl kas piebilstams?", "Хотите что-нибудь добавить?",
                "Kas soovite midagi lisada?", "Van még valami, amit elmondana?",
            ),
        },
    ],
}  # fmt: skip
TOLD = (
    (0, "yes", 9, "Šoferis uznesa maisus līdz trešajam stāvam. Paldies!"), (1, "late", 7, ""), (2, "none", None, ""),
    (3, "yes", 10, "Очень вежливый молодой человек."),
    (4, "late", 4, "Divas stundas gaidīju, un neviens nepiezvanīja."),
    (5, "yes", 8, ""), (7, "none", None, "I live around the corner"), (8, "yes", 10, ""), (10, "late", 6, ""),
    (12, "yes", 9, "Munad olid kõik terved!"), (13, "yes", 8, ""),
)  # fmt: skip
"""On which day of it, on time or not, how friendly, and what else; in the order of the members."""
QUIZ_CODE, QUIZ_PLAYERS = "amber-quiz", 9
_CHOSEN = (
    ("resin", "millions", ("insects", "leaves")), ("stone", "millions", ("insects", "leaves")),
    ("resin", "thousands", ("insects",)), ("resin", "millions", ("insects", "leaves")),
    ("glass", "thousands", ("insects", "coins")),
)  # fmt: skip
"""What members answer to its questions in turn: of three, 3, 2, 1, 3 and none are right."""
QUIZ = msgspec.convert(
    {
        "kind": "quiz",
        "names": said(
            "What do you know about amber?", "Ko Jūs zināt par dzintaru?", "Что Вы знаете о янтаре?",
            "Mida Te merevaigust teate?", "Mit tud a borostyánról?",
        ),
        "texts": said(
            "Three questions. Two right answers are worth 30 points.",
            "Trīs jautājumi. Par divām pareizām atbildēm – 30 punkti.",
            "Три вопроса. За два верных ответа – 30 баллов.",
            "Kolm küsimust. Kahe õige vastuse eest saate 30 punkti.",
            "Három kérdés. Két jó válaszért 30 pont jár.",
        ),
        "questions": [
            {
                "code": "what", "kind": "choice",
                "texts": said(
                    "What is amber?", "Kas ir dzintars?", "Что такое янтарь?", "Mis on merevaik?", "Mi a borostyán?"
                ),
                "options": [
                    {"code": "stone", "names": said("A stone", "Akmens", "Камень", "Kivi", "Kő")},
                    {
                        "code": "resin", "right": True,
                        "names": said(
                            "Resin of ancient trees", "Senu koku sveķi", "Смола древних деревьев",
                            "Iidsete puude vaik", "Ősi fák gyantája",
                        ),
                    },
                    {
                        "code": "glass",
                        "names": said(
                            "Glass from the sea", "Jūras slīpēts stikls", "Обкатанное морем стекло",
                            "Mere lihvitud klaas", "A tenger csiszolta üveg",
                        ),
                    },
                ],
            },
            {
                "code": "old", "kind": "choice",
                "texts": said(
                    "How old is the amber of the Baltic?", "Cik vecs ir Baltijas dzintars?",
                    "Сколько лет балтийскому янтарю?", "Kui vana on Läänemere merevaik?",
                    "Hány éves a balti borostyán?",
                ),
                "options": [
                    {
                        "code": "thousands",
                        "names": said(
                            "About 4,000 years", "Apmēram 4000 gadu", "Около 4000 лет", "Umbes 4000 aastat",
                            "Körülbelül 4000 éves",
                        ),
                    },
                    {
                        "code": "millions", "right": True,
                        "names": said(
                            "About 40 million years", "Apmēram 40 miljoni gadu", "Около 40 миллионов лет",
                            "Umbes 40 miljonit aastat", "Körülbelül 40 millió éves",
                        ),
                    },
                ],
            },
            {
                "code": "inside", "kind": "several",
                "texts": said(
                    "What has been found in it?", "Kas tajā ir atrasts?", "Что в нём находили?",
                    "Mida on selle seest leitud?", "Mit találtak már benne?",
                ),
                "options": [
                    {
                        "code": "insects", "right": True,
                        "names": said("Insects", "Kukaiņi", "Насекомых", "Putukaid", "Rovarokat"),
                    },
                    {"code": "leaves", "right": True, "names": said("Leaves", "Lapas", "Листья", "Lehti", "Leveleket")},
                    {"code": "coins", "names": said("Coins", "Monētas", "Монеты", "Münte", "Érméket")},
                ],
            },
        ],
        "least_right": 2,
        "prize": {"points": {"currency": "PTS", "amount": 30}},
    },
    Survey,
)  # fmt: skip


async def load(
    database: Database, known: KnownPrograms, cards: Sequence[str], first: Request, until: datetime
) -> None:
    """Ask, and let members answer; repeated, it changes nothing. `first`: as requests look.

    The first member has answered no quiz: whoever tries the demo as her finds it open. `until`: when the receipts
    end, from which the days of the survey that is over are counted.
    """
    ready = await known.fresh(first.program)

    async def answer(name: str, n: int, sent: NewAnswers, at: datetime) -> None:
        key = f"demo/{name}/{n}"
        write = msgspec.structs.replace(first, key=key, digest=digest(key, n), at=at)
        await answer_survey(database, ready, write, members[n], sent, "demo")

    members = await members_of(database, ready.program.id, cards[:PLAYERS])
    begins = until.replace(hour=7, minute=0, second=0, microsecond=0) - timedelta(days=OVER_DAYS)
    over = {**DELIVERY, "from": begins, "until": begins + timedelta(days=OVER_LASTED)}
    for code, document in (
        ("how-is-it", SURVEY),
        (QUIZ_CODE, QUIZ),
        ("deliveries", msgspec.convert(over, Survey)),
    ):
        await put_survey(database, ready.program.id, code, document, "demo", first.at)
    for n, (day, on_time, driver, more) in enumerate(TOLD):
        told: dict[str, Any] = {"on-time": on_time, "said": more} | ({"driver": driver} if driver else {})
        await answer("delivery", n, NewAnswers("deliveries", told), begins + timedelta(days=day, hours=3))
    for n in range(len(members)):
        answers: dict[str, Any] = {
            "recommend": 10 - n % 4,
            "best": ("bread",) if n % 2 else ("bread", "coffee"),
        }
        if WISHES[n % len(WISHES)]:
            answers["wish"] = WISHES[n % len(WISHES)]
        await answer("answer", n, NewAnswers("how-is-it", answers), first.at)
    for n in range(1, 1 + QUIZ_PLAYERS):
        what, old, inside = _CHOSEN[n % len(_CHOSEN)]
        chosen: dict[str, Any] = {"what": what, "old": old, "inside": inside}
        await answer("quiz", n, NewAnswers(QUIZ_CODE, chosen), first.at)
