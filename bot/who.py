"""For whom a person asks, read from words and grammar; what is not said stays unknown. Pure."""

import re
from functools import cache

from bot.phrases import Phrase, hear, phrase
from data.needs import Who

_KIDS = (
    "hijo|hija|hijos|hijas|hijitos|hijita|hijito|niño|niña|niños|niñas|niñitos|bebe|bebes|bebita|plebe|plebes|plebitos|"
    "chamaco|chamaca|chamacos|chamacas|chamaquitos|chilpayate|chilpayates|criatura|criaturas|criaturitas|morritos|"
    "morros|huercos|escuincles|nena|nenas|chiquito|chiquita|chiquitos|chiquitas|pequeños|pequeñas|pequeña|pequeño|nietos|"
    "nietas|nieta|nieto|menores|retoños|muchachitos|gemelos|cuates|recien"
)
_HER = (
    "mujer|señora|muchacha|hermana|hija|amiga|vecina|comadre|cuñada|prima|sobrina|mama|nuera|chava|jovencita"
)
_HIS = "esposo|marido"
_HERS = "esposa|mujer|señora|vieja"
_MEN = (
    "papa|padre|abuelo|abuelito|suegro|hermano|tio|cuñado|yerno|primo|sobrino|papas|padres|abuelos|suegros|"
    "hermanos"
)

_WOMAN = (
    "soy mujer|señora|viuda|soltera|muchacha|chava|jovencita|mama|madre|abuela|abuelita|esposa|lesbiana",
    "soy ama de casa",
    "soy campesina|jornalera|artesana|cocinera|enfermera|maestra",
    "como mujer",
    "somos mujeres",
    "somos puras mujeres",
    "somos ... mujeres",
    "puras mujeres",
    "para mujer|mujeres|señora|señoras|muchacha|muchachas",
    "mujer|señora|muchacha|mama sola|solita|viuda|embarazada",
    "mujer trans|indigena|desplazada",
    "mujeres solas|desplazadas",
    "mujer con",
    "mujer de ... años",
    "me quede viuda",
    "quede viuda",
    "enviude",
    "estoy|ando|vivo|vengo|viajo|vine|quede|siento|sali|llegue|duermo|sigo|voy|crio|mantengo sola|solita",
    "yo sola",
    "yo solita",
    "sola con mi|mis",
    "sola y con",
    "estoy|ando|siento|sigo|quede|vengo enferma|harta|malita|nerviosa|muerta|loca|contenta|inquieta",
    "estamos|andamos|somos solas|viudas",
    "nosotras",
    "embarazad* de ... meses|semanas|gemelos",
    "tengo ... meses de embarazo",
    "mi embarazo",
    "semanas|meses de embarazo",
    "una embarazada",
    "me alivio",
    "me voy a aliviar",
    "di a luz",
    "doy pecho",
    "amamantando",
    "para mi " + _HER,
    "mi hermana|hija|amiga|vecina|comadre|cuñada|prima|sobrina|mama|nuera necesita|ocupa|anda|quiere|busca",
    "mama|madre soltera",
    "jefa de familia",
    "refugio de mujeres",
    "mi hija|hijas y yo solas",
)
_MOTHER = (
    "mama|madre soltera",
    "soy mama|madre",
    "soy mama|madre de",
    f"{_HER} con sus {_KIDS}",
    f"{_HER} con sus ... {_KIDS}",
    f"{_HER} y sus {_KIDS}",
    f"{_HER} y sus ... {_KIDS}",
    f"{_HER} con su {_KIDS}",
    f"{_HER} con ... {_KIDS}",
    "doy pecho",
    "amamantando",
)
_WITH_KIDS = (
    f"mi|mis {_KIDS}",
    f"mi|mis ... {_KIDS}",
    f"tengo|traigo|cargo|cuido|mantengo {_KIDS}",
    f"tengo|traigo|cargo|cuido ... {_KIDS}",
    f"con {_KIDS}",
    f"con ... {_KIDS}",
    f"yo y ... {_KIDS}",
    f"sola|solo|viuda|viudo y|con ... {_KIDS}",
)
_MAN = (
    "soy hombre|señor|varon|viudo|soltero|muchacho|papa|padre|campesino|jornalero|albañil|chofer|esposo",
    "soy casado|divorciado|separado|jubilado|desempleado",
    "hombre|señor|muchacho solo|solito|viudo",
    "hombre soltero",
    "hombre trans|gay",
    "hombres solos",
    "para hombre|hombres|varones|señores",
    "somos hombres|puros hombres",
    "somos ... hombres",
    "padre|papa soltero",
    "me quede viudo",
    "quede viudo",
    "estoy|ando|siento|sigo|quede enfermo|harto|malito|nervioso",
    "yo solo con mis",
    "estamos|andamos solos los hombres",
    "mi esposa|mujer me corrio|golpea|pega|pego|dejo|abandono",
)
_FATHER = ("padre|papa soltero", "soy papa|padre", "soy papa|padre de")
_WITH_MAN = (
    f"{_HIS}|{_HERS}|{_MEN} y yo",
    f"{_HIS}|{_HERS}|{_MEN} ... y yo",
    f"{_HIS}|{_HERS}|{_MEN} ... {_KIDS} y yo",
    f"yo y mi|mis {_HIS}|{_HERS}|{_MEN}",
    f"yo con mi|mis {_HIS}|{_HERS}|{_MEN}",
    f"con mi|mis {_HIS}|{_HERS}|{_MEN}",
    f"mi {_HIS}|{_HERS} y mis|los|nuestros|sus ... {_KIDS}",
    f"mi {_HIS}|{_HERS} e hijos|hijas",
    f"mi {_HIS}|{_HERS} con mis|los|nuestros ... {_KIDS}",
    f"mis {_KIDS} y mi {_HIS}|{_HERS}",
    f"somos ... {_HIS}|{_HERS}|{_MEN}",
    f"para mi|mis {_HIS}|{_HERS} y",
    f"familia ... mi|mis {_HIS}|{_HERS}|{_MEN}",
    f"mi {_HERS} embarazada",
    f"mi {_HERS} ... embarazada|aliviar*",
    f"venimos|llegamos|salimos|estamos|andamos|vinimos ... mi {_HIS}|{_HERS}|{_MEN}",
    "un matrimonio con hijos",
)
_NOT_TOGETHER = (
    "problema*|pleito*|pelea*|pelee|vivo|vivia|discuti*|regres*|volver|vuelvo|hablar|hable|casada|junt*|estar|"
    f"miedo con mi {_HIS}|{_HERS}|{_MEN}",
    f"mi {_HIS}|{_HERS}|{_MEN} ... peg*|golpe*|maltrat*|viol*|abus*|abandon*|amenaz*|grita|grito|obliga",
    f"mi {_HIS}|{_HERS}|{_MEN} ... dejo|corrio|murio|mataron|fallecio|desaparec*|encierra|persigue|busca",
    f"mi {_HIS}|{_HERS}|{_MEN} ... toma|tomado|borracho|cela|celoso",
    f"escap*|huyendo|huyo|hui|miedo|separ*|divorci*|denunci*|deje|dejar|dejo|busc* mi {_HIS}|{_HERS}|{_MEN}",
    f"mataron|desaparec*|llevaron|levantaron|murio|asesinaron ... mi {_HIS}|{_HERS}|{_MEN}",
    f"casa de mi|mis {_HIS}|{_HERS}|{_MEN}",
    "me pega|pego|golpea|golpeo|pegaba|maltrata|viola|violo|amenaza",
    "mi ex",
)
_LEFT_BY_CHILDREN = (
    "mi|mis|su|sus hijo|hija|hijos|hijas ... me|nos|la|lo|los dejo|dejaron|abandono|abandonaron|corrio|"
    "corrieron|echo|echaron|saco|sacaron|quito|quitaron|cuida|cuidan|ve|ven|busca|buscan|visita|visitan",
    "me|nos|la|lo abandonaron|dejaron|corrieron|echaron|sacaron mis|sus hijo|hija|hijos|hijas",
    "no tengo|tuve hijo|hijos",
    "mi|mis|su|sus hijo|hija|hijos|hijas no|estan|vive|viven|fue|fueron|migro|migraron|murio|murieron|"
    "mataron",
)
"""Old people speak so of sons and daughters who are grown up."""
_LITTLE = "niño|niña|niñito|niñita|chamaco|chamaca|chamaquito|chamaquita|plebito|morrito|bebe|menor|criatura"
_CHILD = (
    "soy menor",
    "soy menor de edad",
    "somos menores",
    "soy niño|niña",
    "menor|menores no acompañado*",
    f"{_LITTLE} solo|sola|solito|solita|perdido|perdida|abandonado|abandonada|huerfano|huerfana",
    f"{_LITTLE} que|anda|esta|vaga|camina ... solo|sola|solito|solita|abandonado|abandonada",
    f"anda|esta|hay solo|sola|solito|solita {_LITTLE}",
    "niños|niñas|menores|chamacos|plebes|hermanitos solos|solitos|abandonados|perdidos|huerfanos",
    "niños|niñas|menores|chamacos|hermanitos estan|andan|quedaron solos|solitos",
    "mis hermanitos y yo",
    "yo y mis hermanitos",
    "no tengo papas",
    "no se donde estan mis papas|papa|mama",
    "me perdi de mis papas|mama|papa",
    "mis papas me dejaron",
)
_OWN_CHILDHOOD = (
    "soy|somos menor|menores",
    "soy niño|niña",
    "mis hermanitos y yo",
    "yo y mis hermanitos",
    "me perdi de mis papas|mama|papa",
)
_ANY_CHILD = (
    f"{_KIDS}|menor|adolescente|adolescentes|sobrinito|sobrinita|hermanito|hermanita|alumno|alumna",
)
_KID = (f"{_KIDS}|sobrino|sobrina|sobrinos|sobrinas|sobrinito|sobrinita|hermanito|hermanita|alumno|alumna",)
_OF_A_CHILD = (
    "escuela|primaria|secundaria|kinder|guarderia|clases|boleta|boletas|beca|becas|uniforme|utiles|maestra|maestro",
    "vacuna|vacunas|pañales|leche|fiebre|calentura|diarrea|pediatra|doctor|doctora|hospital|ropa|zapatos",
    "inscrib*|registr*|adoptar|tutela|custodia|nacio|nacieron|padrastro|moretones|pega|golpea|golpean",
    "solo|sola|perdido|perdida|encontre|encontramos|encontraron|convulsion*|respira",
)
"""What is asked or told of a child that is named: then it is for the child."""
_OLDER = (
    "adulto|adulta mayor",
    "adultos|adultas mayores",
    "persona|señor|señora mayor|grande",
    "personas mayores",
    "gente grande|mayor",
    "tercera edad",
    "viejito|viejita|viejitos|viejitas",
    "ancian*",
    "mi|mis|su|una|un|con abuel*",
    "mi tata",
    "soy abuel*",
    "inapam",
    "asilo de ancianos",
    "estoy viejo|vieja",
    "soy persona mayor",
)
_DISABILITY = (
    "discapaci*",
    "silla de ruedas",
    "cieg*",
    "invident*",
    "sord*",
    "sordomud*",
    "mudo|muda",
    "no puede|puedo caminar|andar|moverse|moverme|ver|oir|levantarse|levantarme",
    "no camina",
    "no oye",
    "no ve nada",
    "no ve bien",
    "no mira bien",
    "no escucha bien|nada",
    "paralitic*",
    "paralisis",
    "autis*",
    "sindrome de down",
    "muletas",
    "amputa*",
    "protesis",
    "le falta|cortaron una pierna|mano|pie|brazo",
    "perdio|perdi la pierna|mano|vista|pie|brazo",
    "invalid*",
    "encamad*",
    "postrad*",
    "retraso mental",
    "lento de aprendizaje",
    "capacidades diferentes",
    "educacion especial",
    "lenguaje de señas",
    "lengua de señas",
)
_LGBTI = (
    "gay",
    "gays",
    "lesbian*",
    "trans",
    "transexual*",
    "transgenero",
    "travesti",
    "bisexual*",
    "homosexual*",
    "lgbt*",
    "lgtb*",
    "no binari*",
    "queer",
    "intersexual*",
    "muxe",
    "joto",
    "marica*",
    "diversidad sexual",
    "orientacion sexual",
    "identidad de genero",
    "me gustan los hombres siendo hombre",
)
_TONGUES = (
    "tsotsil*|tzotzil*|tseltal*|tzeltal*|chol|choles|tojolabal*|zoque|zoques|nahuatl|nahua|nahuas|mixteco|mixteca|"
    "mixtecos|zapoteco|zapoteca|zapotecos|tlapaneco|tlapaneca|tlapanecos|mephaa|mepaa|amuzgo|amuzga|amuzgos|"
    "purepecha*|raramuri*|tarahumara*|odami|wixarika|wirrarika|huichol*|otomi|otomies|mazahua*|mazateco|mazateca|"
    "chinanteco|chinanteca|triqui|triquis|chatino|chatina|totonaco|totonaca|tenek|teenek|popoluca|guarijio|"
    "quiche|kanjobal|chuj"
)
_INDIGENOUS = (
    "indigena*",
    "pueblo originario",
    "pueblos originarios",
    "tuun savi",
    "tu un savi",
    "me phaa",
    "ch ol",
    _TONGUES,
    "soy|somos|hablo|habla|hablamos|hablan|lengua|idioma maya|mayo|yaqui|cora|pima|mixe|seri|mam|tepehua*",
    "no hablo|habla|hablamos|hablan|entiendo|entiende|entendemos castilla|castellano|español",
    "no sabe|se|sabemos|puedo castilla|castellano|español",
    "no hablo|habla|hablamos|entiendo|entiende ... castilla|castellano|español",
    "poquito|poco castilla|castellano|español",
    "hablo|habla|hablamos|hablan|nomas|puro dialecto",
    "mi lengua",
    "lengua materna|indigena",
    "en mi idioma",
    "quien hable|traduzca ... lengua|idioma|dialecto",
    "traductor*",
    "interprete*",
)

_FIRST = r"(?:estoi|ando|me siento|me kede|kede|sigo|bibo|bengo|me tiene|me tienen|fui|me bi)"
_HOW = r"(?: (?:mui|bien|tan|toda|todo|aki|aorita|super|demasiado|mas|ya|komo|kasi|medio|media)){0,2}"
_NOT_FEELING = (
    r"(?!nada|kada|kasada de|komida|bida|salida|bebida|yegada|entrada|lado|estado|sabado|grado|ruido|pasado)"
)
_SHE_FEELS = re.compile(rf"(?<!no )\b(?:{_FIRST}{_HOW}|soi{_HOW}) {_NOT_FEELING}\w+[ai]da\b")
_HE_FEELS = re.compile(rf"(?<!no )\b{_FIRST}{_HOW} {_NOT_FEELING}\w+[ai]do\b")
_HE_ALONE = re.compile(
    r"(?<!no )\b(?:estoi|ando|bibo|biajo|bine|kede|siento|duermo|yege|bengo|sali)"
    r"(?: (?:mui|aki|ya|aora|bien|tan))? sol(?:it)?o(?= (?:kon|sin|i|en|aki|de|desde|no|me|ase|komo|,)|$|\n)"
)
_NO = re.compile(r"(?<!\S)(?:no|tampoko|ni)(?: (?:soi|es|somos|son))?$")
_AGE = re.compile(
    r"(?<!\S)(?:tengo|tiene|tienen|de|kumpli|kumplio) (?:komo |kasi |ya |mas de )?(\d{1,3}|[a-z]+) anos"
    r"(?! (?:de|en|sin|kon|aki|ke|biendo|kasada|\w+ndo)(?!\S))"
)
_OLD_AGE = re.compile(r"(?<!\S)(?:tengo|yo) ([6-9]\d)(?= anos| ,|$|\n)")
_OWN_AGE = re.compile(r"(?<!\S)(?:tengo|kumpli|soi \w+(?: \w+)? de|soi de)(?: komo| kasi| apenas| ya)? $")
_BARE_AGE = re.compile(r"(?<!\S)(?:tengo|kumpli) 1[2-7](?= (?:i|,|pero|soi) |$|\n)")
_YEARS = {
    "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "dies": 10, "onse": 11, "dose": 12, "trese": 13,
    "katorse": 14, "kinse": 15, "dieseis": 16, "diesiseis": 16, "diesisiete": 17,
    "sesenta": 60, "setenta": 70, "ochenta": 80, "nobenta": 90,
}  # fmt: skip


def who(text: str) -> tuple[Who, ...]:
    """Everybody the text says it asks for, in the order of `Who`."""
    heard = _without_grown(hear(text))
    child = _says(heard, _CHILD) or _own_age(heard, range(5, 18))
    people = _people(heard, child=child)
    with_parents = people[Who.WOMAN_WITH_CHILDREN] or people[Who.FAMILY_WITH_MAN]
    found = {
        **people,
        Who.CHILDREN: child or (not with_parents and _says(heard, _KID) and _says(heard, _OF_A_CHILD)),
        Who.OLDER: _is_old(heard),
        Who.DISABILITY: _says(heard, _DISABILITY),
        Who.LGBTI: _says(heard, _LGBTI),
        Who.INDIGENOUS: _says(heard, _INDIGENOUS),
    }
    return tuple(one for one in Who if found[one])


def is_minor(text: str) -> bool:
    """Whether the writer is under 18, by what they say of themselves."""
    heard = hear(text)
    named = _says(heard, _OWN_CHILDHOOD) or _own_age(heard, range(5, 18))
    return named or bool(_BARE_AGE.search(heard))


def speaks_of_a_child(text: str) -> bool:
    """Whether any child is named, or a child writes; an old person's grown children are none."""
    heard = _without_grown(hear(text))
    return any(_says(heard, said) for said in (_ANY_CHILD, _CHILD)) or _own_age(heard, range(5, 18))


def _people(heard: str, *, child: bool) -> dict[Who, bool]:
    woman = _says(heard, _WOMAN) or bool(_SHE_FEELS.search(heard))
    man = _is_man(heard)
    mother = _says(heard, _MOTHER) or (woman and _says(heard, _WITH_KIDS))
    family = _family_with_man(heard, man=man)
    return {
        Who.WOMEN: (woman or mother) and (family or not mother),
        Who.WOMAN_WITH_CHILDREN: mother and not family,
        Who.MAN: man and not woman and not child,
        Who.FAMILY_WITH_MAN: family,
    }


def _is_man(heard: str) -> bool:
    return _says(heard, _MAN) or bool(_HE_ALONE.search(heard) or _HE_FEELS.search(heard))


def _family_with_man(heard: str, *, man: bool) -> bool:
    """Together with a man; the man one flees from, or who is lost, is no family to come with."""
    if _says(heard, _NOT_TOGETHER):
        return False
    father = man and _says(heard, _WITH_KIDS)
    return father or _says(heard, _FATHER) or _says(heard, _WITH_MAN)


def _without_grown(heard: str) -> str:
    """Of what an old person says, their grown children left out."""
    if not _is_old(heard):
        return heard
    for one in _read(_LEFT_BY_CHILDREN):
        for start, end in one.spans(heard):
            heard = f"{heard[:start]}{',' * (end - start)}{heard[end:]}"
    return heard


def _is_old(heard: str) -> bool:
    return _says(heard, _OLDER) or _any_age(heard, range(60, 116)) or bool(_OLD_AGE.search(heard))


def _says(heard: str, written: tuple[str, ...]) -> bool:
    for one in _read(written):
        for start, _ in one.spans(heard):
            if not _NO.search(heard[:start].rstrip(" ")):
                return True
    return False


@cache
def _read(written: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(phrase(one) for one in written)


def _any_age(heard: str, years: range) -> bool:
    return any(_years(found) in years for found in _AGE.finditer(heard))


def _own_age(heard: str, years: range) -> bool:
    """The writer's age: «tengo 14 años», not «mi hija tiene 14 años»."""
    return any(
        _years(found) in years and _OWN_AGE.search(heard[: found.start(1)]) for found in _AGE.finditer(heard)
    )


def _years(found: re.Match[str]) -> int:
    said = found.group(1)
    return int(said) if said.isdecimal() else _YEARS.get(said, 0)
