"""Words typed instead of tapped, and needs understood without the model."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.keywords import FOUND, Command, Vocabulary, choice, command, guess, load, read
from bot.messages import Option
from data.needs import Need, Steer

COMMANDS = {
    "SALIR": Command.EXIT,
    "salir": Command.EXIT,
    "Salir.": Command.EXIT,
    "¡¡SALIR!!": Command.EXIT,
    "«salir»": Command.EXIT,
    "salir 🙏": Command.EXIT,
    "saliir": Command.EXIT,
    "salr": Command.EXIT,
    "slair": Command.EXIT,
    "S A L I R": Command.EXIT,
    "sali r": Command.EXIT,
    "sakir": Command.EXIT,
    "BORRAR": Command.DELETE,
    "borrra": Command.DELETE,
    "borar": Command.DELETE,
    "bórrar": Command.DELETE,
    "ALTO": Command.STOP,
    "altooo": Command.STOP,
    "halto": Command.STOP,
    "stop": Command.STOP,
    "Baja": Command.STOP,
    "MENÚ": Command.MENU,
    "menu": Command.MENU,
    "mneu": Command.MENU,
    "0": Command.MENU,
    "AYUDA": Command.HELP,
    "ayudaaaa!!!": Command.HELP,
    "aiuda": Command.HELP,
    "ayúdenme": Command.HELP,
    "auxilio": Command.HELP,
    "ausilio": Command.HELP,
    "SOCORRO": Command.HELP,
    "socoro": Command.HELP,
    "🆘": Command.HELP,
    "PERSONA": Command.PERSON,
    "presona": Command.PERSON,
    "MUJER": Command.WOMAN,
    "muger": Command.WOMAN,
    "mujeres": Command.WOMAN,
    "PRIVACIDAD": Command.PRIVACY,
    "privasidad": Command.PRIVACY,
}
TEXT = (
    "quiero salir de aquí",
    "estoy en El Alto",
    "el alto",
    "San Miguel el Alto",
    "alto ahí",
    "alta",
    "salto",
    "algo",
    "auto",
    "acto",
    "salió",
    "salí",
    "salía",
    "salid",
    "venir",
    "subir",
    "mejor",
    "menos",
    "menor",
    "meno",
    "ayudar",
    "ayudas",
    "aguda",
    "personas",
    "personal",
    "perdona",
    "borrado",
    "borracho",
    "ayuda por favor",
    "necesito ayuda",
    "soy mujer",
    "una persona desaparecida",
    "el menú del comedor",
    "mi baja del seguro",
    "hablar con una persona",
    "borrar mi número",
    "no",
    "sí",
    "hola",
    "",
    "1",
    "10",
    "🙏",
)

NEEDS = {
    Need.SHELTER: (
        "sin dónde quedarme",
        "un techito para mis niños",
        "busco albergue",
        "alverge",
        "no tengo donde dormir esta noche",
        "no sé dónde dormir",
        "estamos durmiendo en la calle",
        "nos corrieron de la casa y no tenemos a dónde ir",
        "posada por unos días",
        "estamos arrimados con una prima y ya no nos quieren ahí, buscamos albergue",
    ),
    Need.FOOD: (
        "despensa",
        "nesesitamos komida",
        "mis hijos tienen hambre",
        "llevamos dos días sin comer",
        "cobijas y ropa para el frío",
        "pañales y leche para el bebé",
        "no tenemos ni agua",
        "dónde hay un comedor comunitario",
    ),
    Need.CASH: (
        "apoyo económico",
        "no tengo ni un peso",
        "me hace falta dinero para empezar",
        "no nos alcanza para nada",
        "quién presta dinero",
        "un préstamo",
    ),
    Need.HEALTH: (
        "necesito un doctor",
        "mi mamá es diabética y se le acabó la insulina",
        "estoy embarazada y no tengo consulta",
        "se me acabaron las pastillas de la presión",
        "mi niño tiene calentura",
        "dónde hay un centro de salud",
        "medisina para mi papá",
    ),
    Need.MENTAL_HEALTH: (
        "necesito un psicólogo",
        "no puedo dormir, tengo pesadillas",
        "quiero hablar con alguien de lo que nos pasó",
        "mi hija quedó con mucho miedo y no duerme",
        "me siento muy sola y triste",
        "tengo ansiedad",
        "apoyo emocional",
    ),
    Need.LEGAL: (
        "quiero poner una denuncia",
        "necesito un abogado",
        "asesoría jurídica",
        "cómo va mi carpeta de investigación",
        "dónde está la fiscalía",
        "quiero pedir la custodia",
        "denunsia",
    ),
    Need.VICTIM_REGISTRY: (
        "quiero registrarme como víctima",
        "cómo me apunto en la lista de desplazados",
        "qué es el RENAVI",
        "que me reconozcan como víctima",
        "no me han anotado en el padrón",
        "el registro de víctimas",
        "me inscribo en el registro de desplazados",
    ),
    Need.DOCUMENTS: (
        "mis papeles se quemaron",
        "perdí mi INE",
        "se me quedaron las actas",
        "mi niño no está registrado en el registro civil",
        "necesito mi CURP",
        "sacar el acta de nacimiento",
        "no traigo identificación",
    ),
    Need.GBV: (
        "mi marido me pega",
        "mi esposo es muy celoso y no me deja salir",
        "me golpeó mi pareja",
        "sufro violencia familiar",
        "me violaron",
        "abusaron de mi hija",
        "me revisa el celular y me insulta",
        "mi ex me persigue y me amenaza",
        "quieren casar a mi hija a la fuerza",
        "ya no me pega pero antes sí mi esposo me golpeaba",
    ),
    Need.CHILDREN: (
        "encontré un niño solo",
        "me quitaron a mis hijos",
        "soy menor de edad y estoy sin mis papás",
        "el DIF se llevó a mi niño",
        "hay una niña abandonada en la central",
        "maltrato infantil",
    ),
    Need.EDUCATION: (
        "mis hijos no van a la escuela",
        "no me lo reciben en la primaria sin boleta",
        "quiero terminar la secundaria",
        "inscribir a mi niño al kínder",
        "una escuela para mi hija",
        "quiero seguir estudiando",
    ),
    Need.WORK: (
        "busco trabajo",
        "ocupo chamba",
        "algún jale por aquí",
        "no me pagaron mi sueldo",
        "bolsa de trabajo",
        "necesito empleo",
        "me despidieron sin liquidación",
    ),
    Need.HOUSING: (
        "quiero rentar un cuarto barato",
        "me invadieron mi terreno",
        "nos quitaron la parcela",
        "se quedaron con mi ganado y mis escrituras",
        "quemaron nuestra casa",
        "cómo recupero mi casa",
        "programa de vivienda",
    ),
    Need.MISSING: (
        "no aparece mi hijo",
        "mi esposo está desaparecido",
        "se llevaron a mi hermano y no sabemos nada",
        "busco a mi hijo desde hace tres meses",
        "comisión de búsqueda",
        "mi hija no ha regresado",
        "levantaron a mi papá",
    ),
    Need.TRANSPORT: (
        "no tengo para el pasaje",
        "necesito un raite a Culiacán",
        "quiero regresar a mi pueblo",
        "cómo nos vamos a otro estado",
        "ayuda con el traslado",
        "un aventón",
        "boletos de camión",
    ),
    Need.HUMAN_RIGHTS: (
        "me niegan la atención",
        "los policías nos golpearon",
        "no quisieron tomar mi denuncia",
        "me discriminan por ser indígena",
        "derechos humanos",
        "los soldados nos amenazaron",
        "quiero poner una queja contra un funcionario",
    ),
    Need.AID_ABUSE: (
        "me piden dinero por la despensa",
        "nos quieren cobrar por apuntarnos en la lista",
        "el encargado del albergue me pide favores",
        "piden una cuota para darnos el apoyo",
        "están vendiendo las despensas",
        "condicionan el apoyo al voto",
    ),
    Need.KNOW_RIGHTS: (
        "no sé mis derechos",
        "qué hago primero",
        "soy desplazado",
        "qué derechos tengo",
        "por dónde empiezo",
        "nos sacaron del pueblo y no sé a quién acudir",
        "a qué tengo derecho",
    ),
    Need.EMERGENCY: (
        "hay hombres armados afuera de mi casa",
        "nos van a matar",
        "hay balacera",
        "mi vida corre peligro",
        "es una emergencia",
        "nos dieron 24 horas para irnos",
        "mi papá no respira",
    ),
    Steer.GREETING: ("hola", "buenas tardes", "ola buenas noches", "Buen día!"),
    Steer.THANKS: ("muchas gracias", "Dios la bendiga", "grasias"),
    Steer.GOODBYE: ("adiós", "hasta luego", "nos vemos"),
    Steer.AFFIRM: ("sí", "claro", "ok", "simón", "así es"),
    Steer.DENY: ("no", "nel", "no gracias", "no es eso"),
    Steer.MENU: ("menú", "ver opciones", "qué puede hacer"),
    Steer.TALK_TO_PERSON: ("quiero hablar con una persona", "me pueden llamar", "eres un robot?"),
    Steer.REPORT_WRONG_INFO: ("ese número no existe", "no contestan", "fui y estaba cerrado"),
    Steer.DELETE_DATA: ("borre mis datos", "que no quede registro", "borra todo"),
    Steer.SAFE_EXIT: ("cerrar el chat", "me están viendo", "ya llegó mi marido"),
    Steer.STOP: ("ya no me escriban", "dar de baja", "no quiero más mensajes"),
    Steer.OPINION: ("muy buen servicio", "no me sirvió", "una sugerencia"),
}
SEVERAL = {
    "necesito albergue y despensa": {Need.SHELTER, Need.FOOD},
    "mi marido me pega y no tengo a donde ir": {Need.GBV, Need.SHELTER},
    "busco trabajo y escuela para mis hijos": {Need.WORK, Need.EDUCATION},
    "se quemaron mis papeles y mi mamá está enferma": {Need.DOCUMENTS, Need.HEALTH},
    "me niegan la despensa": {Need.HUMAN_RIGHTS, Need.FOOD},
}
NOTHING = (
    "",
    "🙏🙏",
    "asdfgh",
    "1234",
    "qué bonito día",
    "el partido de ayer",
    "...",
)
OPTIONS = (
    Option("shelter", "Lugar para dormir"),
    Option("food", "Comida y ropa"),
    Option("yes", "Sí"),
    Option("no", "No"),
    Option("person", "Hablar con alguien"),
)
CHOSEN = {
    "1": "shelter",
    "1.": "shelter",
    "1️⃣": "shelter",
    "el 2": "food",
    "opcion 3": "yes",
    "Opción número dos": "food",
    "la primera": "shelter",
    "dos": "food",
    "02": "food",
    "la última": "person",
    "quinta": "person",
    "comida": "food",
    "quiero comida por favor": "food",
    "ROPA": "food",
    "comda": "food",
    "dormir": "shelter",
    "lugar para dormir": "shelter",
    "si": "yes",
    "No.": "no",
    "hablar con alguien": "person",
    "ablar": "person",
}
NOT_CHOSEN = (
    "0",
    "6",
    "10",
    "99",
    "2 niños",
    "tengo 2 hijos",
    "comida y albergue",
    "no quiero comida",
    "y",
    "",
    "para",
)


@cache
def once() -> Vocabulary:
    return load()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return once()


@pytest.mark.parametrize(("said", "meant"), COMMANDS.items())
def test_a_global_word_counts_when_it_is_the_whole_message(said: str, meant: Command) -> None:
    assert command(said) is meant


@pytest.mark.parametrize("said", TEXT)
def test_an_ordinary_message_is_no_command(said: str) -> None:
    assert command(said) is None


@given(
    st.sampled_from(sorted(COMMANDS)), st.sampled_from(["quiero", "de aquí", "estoy en", "mi", "donde", "no"])
)
def test_a_global_word_inside_a_sentence_is_text(word: str, other: str) -> None:
    assert command(f"{other} {word} {other}") is None


@given(st.text(max_size=300))
def test_a_command_is_never_more_than_one_word(text: str) -> None:
    assert command(f"{text} casa {text}") is None


@pytest.mark.parametrize(("said", "chosen"), CHOSEN.items())
def test_an_option_can_be_typed_by_number_or_by_its_words(said: str, chosen: str) -> None:
    assert choice(said, OPTIONS) == chosen


@pytest.mark.parametrize("said", NOT_CHOSEN)
def test_what_names_no_single_option_chooses_none(said: str) -> None:
    assert choice(said, OPTIONS) is None


def test_a_word_of_two_labels_chooses_neither() -> None:
    options = (Option("a", "Albergue en Iguala"), Option("b", "Albergue en Tlapa"))

    assert choice("albergue", options) is None
    assert choice("el de Tlapa", options) == "b"


def test_without_options_nothing_is_chosen() -> None:
    assert choice("1", ()) is None
    assert choice("la última", ()) is None


@pytest.mark.parametrize(("need", "said"), [(need, said) for need, those in NEEDS.items() for said in those])
def test_a_need_is_read_from_its_words(need: str, said: str, vocabulary: Vocabulary) -> None:
    assert need in [found.need for found in read(said, vocabulary)]


def test_the_first_need_read_is_nearly_always_the_one_meant(vocabulary: Vocabulary) -> None:
    phrases = [(need, said) for need, those in NEEDS.items() for said in those]

    missed = [said for need, said in phrases if read(said, vocabulary)[0].need != need]

    assert len(missed) / len(phrases) <= 0.12, missed


@pytest.mark.parametrize(("said", "needs"), SEVERAL.items())
def test_several_needs_in_one_message_are_all_read(
    said: str, needs: set[Need], vocabulary: Vocabulary
) -> None:
    assert needs <= {found.need for found in read(said, vocabulary)}


@pytest.mark.parametrize("said", NOTHING)
def test_nothing_found_is_empty(said: str, vocabulary: Vocabulary) -> None:
    assert read(said, vocabulary) == ()


@pytest.mark.parametrize(
    ("said", "not_meant"),
    [
        ("no necesito despensa, busco trabajo", Need.FOOD),
        ("ya tengo albergue, ahora busco escuela", Need.SHELTER),
        ("no quiero denunciar, solo un lugar para dormir", Need.LEGAL),
        ("no me pega mi esposo", Need.GBV),
        ("un ataque de pánico", Need.EMERGENCY),
        ("me piden dinero por la despensa", Need.CASH),
        ("no me deja trabajar", Need.WORK),
        ("no puedo dormir", Need.SHELTER),
        ("me toca ir a la escuela mañana", Need.GBV),
        ("estoy en una casa hogar y quiero estudiar", Need.HOUSING),
    ],
)
def test_words_that_mean_something_else_do_not_count(
    said: str, not_meant: Need, vocabulary: Vocabulary
) -> None:
    assert not_meant not in [found.need for found in read(said, vocabulary)]


def test_a_no_before_a_comma_denies_nothing_after_it(vocabulary: Vocabulary) -> None:
    assert Need.SHELTER in [found.need for found in read("No, necesito albergue", vocabulary)]


def test_a_greeting_beside_a_need_steers_nothing(vocabulary: Vocabulary) -> None:
    assert [found.need for found in read("Hola, buenas tardes. Busco albergue", vocabulary)] == [Need.SHELTER]


def test_a_hint_is_a_guess_and_no_need(vocabulary: Vocabulary) -> None:
    said = "los niños"

    assert read(said, vocabulary) == ()
    assert guess(said, vocabulary)


def test_every_code_that_can_be_said_has_words(vocabulary: Vocabulary) -> None:
    assert {topic.code for topic in vocabulary.topics} == {*Need, *Steer} - {Steer.OUT_OF_SCOPE}


@settings(deadline=None)
@given(st.text(max_size=600))
def test_any_text_is_read_without_raising(text: str) -> None:
    found = read(text, once())

    assert all(FOUND <= one.confidence < 0.95 for one in found)
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    assert choice(text, OPTIONS) in {None, *(option.id for option in OPTIONS)}


@pytest.mark.parametrize(
    "content",
    [
        "need: nadie\nsure:\n- casa\n",
        "need: food\nseguras:\n- pan\n",
        "need: food\nsure:\n- ... pan\n",
        "[",
        "pan",
    ],
)
def test_a_malformed_list_names_its_file(content: str, tmp_path: Path) -> None:
    (tmp_path / "food.yml").write_text(content, encoding="utf-8")

    with pytest.raises(ValueError, match=r"food\.yml"):
        load(tmp_path)
