"""Names the fields that a row of each kind can have, and what other systems call them in our five languages."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, get_args

from msgspec import Struct

from regulars.i18n import N_

Kind = Literal["members", "cards", "balances", "products", "stores", "purchases", "activities"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Taking = Literal["text", "points", "money", "date", "instant", "list", "yes_no", "share"]


class Field(Struct, frozen=True):
    """A field of a row. What several columns say of it is joined by `join`; "" takes one column only."""

    name: str
    title: str
    takes: Taking = "text"
    join: str = ""
    also: tuple[str, ...] = ()
    """Folded names of columns that mean it."""


def _field(name: str, title: str, takes: Taking = "text", *, join: str = "", also: str = "") -> Field:
    return Field(name, title, takes, join, (fold(name), *also.split()))


def fold(name: str) -> str:
    """A column's name without capitals, accents and everything that is no letter or digit."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[\W_]+", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))


_PHONE = _field(
    "phone", N_("Phone"), also="phonenumber mobile mobilephone mobilenumber cell telephone tel telefons talrunis "
    "talrunanumurs mobilais telefon telefoni telefoninumber mobiil mobiltelefon telefonszam телефон номертелефона "
    "мобильныи мобильныителефон",
)  # fmt: skip
_EMAIL = _field(
    "email", N_("Email"), also="emailaddress mail epasts epastaadrese epost epostiaadress emailcim почта "
    "электроннаяпочта емаил емеил адресэлектроннойпочты",
)  # fmt: skip
_EXTERNAL = _field(
    "external_id", N_("Number in the other system"), also="id customerid customernumber customerno customercode "
    "memberid membernumber userid clientid referenceid klients klientaid klientanumurs klientakods kliendiid "
    "kliendinumber ugyfelazonosito ugyfelszam vevokod кодклиента номерклиента идклиента",
)  # fmt: skip
_CARD = _field(
    "card", N_("Card number"), also="cardnumber cardno loyaltycard loyaltycardnumber barcode karte kartesnumurs "
    "klientakarte kaart kaardinumber kliendikaart kartya kartyaszam torzskartya карта номеркарты",
)  # fmt: skip
_MEMBER = _field("member", N_("Member (mem_…)"))
_STORE = _field(
    "store", N_("Store"), also="storecode shop location branch veikals veikalakods filiale pood kauplus uzlet bolt "
    "магазин кодмагазина филиал",
)  # fmt: skip
_CURRENCY = _field("currency", N_("Currency"), also="valuta valuuta penznem валюта")

_MEMBERS = (
    _PHONE,
    _EMAIL,
    _EXTERNAL,
    _field(
        "name", N_("Name"), join=" ", also="fullname customername firstname givenname forename lastname surname "
        "familyname vards uzvards vardsuzvards vardsunuzvards nimi eesnimi perekonnanimi nev teljesnev keresztnev "
        "vezeteknev csaladnev имя фамилия фио имяифамилия",
    ),
    _field(
        "birthday", N_("Birthday"), "date", also="birthdate dateofbirth dob datebirth dzimsanasdiena "
        "dzimsanasdatums dzimis sunnipaev sunnikuupaev szuletesnap szuletesidatum деньрождения датарождения",
    ),
    _field("language", N_("Language"), also="lang locale valoda keel nyelv язык"),
    _field(
        "cards", N_("Card numbers"), "list", join=";", also="cardnumber cardno card loyaltycard karte kartesnumurs "
        "kartes klientakarte kaart kaardinumber kliendikaart kartya kartyaszam torzskartya карта номеркарты карты",
    ),
    _field(
        "balances", N_("Points that are brought along"), "points", join=";", also="points pointsbalance balance "
        "loyaltypoints currentpoints punkti punktuskaits atlikums bonusi punktid saldo pontok pontegyenleg pontszam "
        "баллы баланс бонусы",
    ),
    _field("consents", N_("Consents"), "list", join=";", also="piekrisana piekrisanas nousolek hozzajarulas согласие"),
    _field("evidence", N_("Where the consents are proved")),
    _field("tag", N_("Tag"), also="segment segments zime silt cimke метка"),
    _STORE,
    _field(
        "enrolled_at", N_("Member since"), "instant", also="createdat created joined joinedat joindate dateadd "
        "registered registrationdate membersince enrolled registracijasdatums pievienots liitumiskuupaev loodud "
        "csatlakozas regisztracio датарегистрации создан",
    ),
)  # fmt: skip

_WHO = (_EXTERNAL, _PHONE, _EMAIL, _MEMBER)

_CARDS = (
    *_WHO,
    _CARD,
    _field("status", N_("State"), also="state statuss stavoklis olek seisund allapot статус состояние"),
)

_BALANCES = (
    *_WHO,
    _CARD,
    _field(
        "points", N_("Points"), "points", also="pointsbalance balance amount loyaltypoints punkti punktuskaits "
        "atlikums punktid saldo pontok pontegyenleg баллы баланс бонусы",
    ),
    _CURRENCY,
    _field("earned_at", N_("Earned on"), "instant", also="earned date datums nopelnits kuupaev datum дата начислено"),
    _field("active_at", N_("Usable from"), "instant", also="activefrom validfrom speka aktiivne ervenyes"),
    _field(
        "expires", N_("Last day"), "date", also="expiresat expiry expirydate expirationdate validuntil derigslidz "
        "terminsbeidzas kehtivkuni aegub ervenyesseg lejarat сгорает действуетдо срок",
    ),
    _field("issuer", N_("Partner that issued them"), also="partner partneris kibocsato партнер эмитент"),
    _field("funder", N_("Partner that pays for them"), also="finansetajs rahastaja finanszirozo плательщик"),
    _field("unit_cost", N_("What one costs its payer"), also="worth value vertiba vaartus ertek стоимость"),
    _field("reference", N_("What names it in the other system"), also="lotid transactionid darijums tehing ссылка"),
)  # fmt: skip

_PRODUCTS = (
    _field("sku", N_("Article number"), also="articlenumber itemcode productcode code artikuls kods preceskods "
           "artikkel tootekood cikkszam termekkod артикул кодтовара"),
    _field("name", N_("Called"), also="title productname itemname item nosaukums prece toode nimetus nimi nev "
           "megnevezes termek название наименование товар"),
    _field("price", N_("Price"), "money", also="unitprice regularprice retailprice saleprice cena hind ar цена"),
    _field("barcode", N_("Barcode"), also="ean ean13 gtin upc svitrkods ribakood triipkood vonalkod штрихкод"),
    _field("categories", N_("Categories"), "list", join=";", also="category group kategorija kategorijas grupa "
           "kategooria kategooriad kategoria категория категории группа"),
    _field("tags", N_("Tags"), "list", join=";", also="tag birkas sildid cimkek метки"),
    _field("brand", N_("Brand"), also="vendor manufacturer zimols mark tootja marka бренд марка производитель"),
    _field("unit", N_("Unit"), also="uom mervieniba uhik egyseg единица"),
    _field("cost", N_("Cost"), "money", also="costprice purchaseprice pasizmaksa omahind beszerzesiar себестоимость"),
    _field("tax_rate", N_("Tax rate"), "share", also="vat vatrate tax pvn pvnlikme kaibemaks afa ндс ставкандс"),
)  # fmt: skip

_STORES = (
    _field("code", N_("Code"), also="storecode id kods kood kod код"),
    _field("name", N_("Called"), also="storename shop title nosaukums veikals nimi pood nev uzlet название магазин"),
    _field("partner", N_("Partner"), also="partneris partner партнер"),
    _field("time_zone", N_("Time zone"), also="timezone laikajosla ajavoond idozona часовойпояс"),
    _field("groups", N_("Groups"), "list", join=";", also="group grupas grupa grupid csoport группы"),
    _field("address", N_("Address"), join=", ", also="street city adrese aadress cim адрес город"),
    _field("latitude", N_("Latitude"), also="lat platums laiuskraad szelesseg широта"),
    _field("longitude", N_("Longitude"), also="lon lng garums pikkuskraad hosszusag долгота"),
    _field("tills", N_("Tills"), "list", join=";", also="registers kases kassad penztarak кассы"),
)  # fmt: skip

_PURCHASES = (
    _field("purchase", N_("Receipt's id"), also="receipt receiptid transactionid orderid order transaction ceks cekaid "
           "darijums kviitung tehing nyugta tranzakcio чек номерзаказа транзакция"),
    _field("purchased_at", N_("When"), "instant", also="date time datetime timestamp createdat datums laiks kuupaev "
           "aeg datum idopont дата время датаивремя"),
    _STORE,
    _field("till", N_("Till"), also="register pos kase kassa penztar касса"),
    _field("cashier", N_("Cashier"), also="cashiername employee kasieris kassapidaja penztaros кассир"),
    _CARD,
    _PHONE,
    _EMAIL,
    _MEMBER,
    _field("receipt_number", N_("Receipt number"), also="receiptno cekanumurs kviitunginumber nyugtaszam номерчека"),
    _CURRENCY,
    _field("line", N_("Line"), also="linenumber rinda rida sor строка"),
    _field("sku", N_("Article number"), also="articlenumber itemcode productcode artikuls preceskods artikkel "
           "tootekood cikkszam termekkod артикул кодтовара"),
    _field("name", N_("Called"), also="item itemname productname product nosaukums prece toode nimetus megnevezes "
           "termek название товар наименование"),
    _field("quantity", N_("Quantity"), also="qty count daudzums kogus mennyiseg количество колво"),
    _field("unit_price", N_("Unit price"), "money", also="price cena hind egysegar ar цена"),
    _field("gross", N_("Gross amount"), "money", also="grosssales amount total summa kokku brutto osszeg сумма"),
    _field("discount", N_("Discount"), "money", also="discounts atlaide soodustus kedvezmeny скидка"),
    _field("cost", N_("Cost"), "money", also="costofgoods pasizmaksa omahind beszerzesiar себестоимость"),
    _field("regular_price", N_("Regular price"), "money"),
    _field("categories", N_("Categories"), "list", join=";", also="category kategorija kategooria kategoria категория"),
    _field("tags", N_("Tags"), "list", join=";"),
    _field("brand", N_("Brand"), also="vendor zimols tootja marka бренд"),
    _field("unit", N_("Unit"), also="mervieniba uhik egyseg единица"),
    _field("tax_rate", N_("Tax rate"), "share", also="vat vatrate pvn kaibemaks afa ндс"),
    _field("channel", N_("Channel"), also="kanals kanal csatorna канал"),
)  # fmt: skip

_ACTIVITIES = (
    *_WHO,
    _CARD,
    _field("activity", N_("Activity's id"), also="activityid eventid event recordid notikums notikumaid sundmus "
           "sundmuseid esemeny esemenyazonosito событие идсобытия"),
    _field("kind", N_("Kind of activity"), also="type eventtype activitytype veids tips liik tuup fajta tipus вид тип"),
    _field("happened_at", N_("When"), "instant", also="date time datetime timestamp createdat datums laiks kuupaev "
           "aeg datum idopont дата время датаивремя"),
    _field("corrects", N_("Activity that it corrects"), also="correctionof labo parandab javitja исправляет"),
)  # fmt: skip

FIELDS: dict[Kind, tuple[Field, ...]] = {
    "members": _MEMBERS,
    "cards": _CARDS,
    "balances": _BALANCES,
    "products": _PRODUCTS,
    "stores": _STORES,
    "purchases": _PURCHASES,
    "activities": _ACTIVITIES,
}
NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "members": (("phone", "email", "external_id", "cards"),),
    "cards": (("external_id", "phone", "email", "member"), ("card",)),
    "balances": (("external_id", "phone", "email", "member", "card"), ("points",)),
    "products": (("sku",), ("name",), ("price",)),
    "stores": (("code",), ("name",)),
    "purchases": (
        ("purchase",),
        ("purchased_at",),
        ("store",),
        ("sku",),
        ("quantity",),
        ("unit_price", "gross"),
    ),
    "activities": (
        ("external_id", "phone", "email", "member", "card"),
        ("activity",),
        ("kind",),
        ("happened_at",),
    ),
}
"""One of each must be there."""
OPEN: dict[Kind, str] = {"members": "attribute.", "products": "name.", "activities": "data."}
"""Fields that are made as they come: an answer to the questionnaire, a name in a language (`name.lv`), data of a kind
of activity."""


def field(kind: Kind, name: str) -> Field | None:
    """The field of that name, also one that is made as it comes."""
    for one in FIELDS[kind]:
        if one.name == name:
            return one
    start = OPEN.get(kind)
    if start and name.startswith(start) and len(name) > len(start):
        return Field(name, name)
    return None
