"""Answers to «¿En qué municipio o estado está?», and where places lie."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.gazetteer import SEED, Gazetteer
from services.namefiles import read_rows
from services.postal_codes import UnknownPostalFileError

# text → key of the place that is taken without asking
TAKEN = {
    # municipalities, plainly and with words around
    "Tlapa de Comonfort": "12066", "tlapa": "12066", "TLAPA": "12066",
    "aqui en tlapa guerrero": "12066", "Tlapa, Gro.": "12066", "estoy en tlapa": "12066",
    "por el rumbo de apatzingan": "16006", "cerca de apatzingan": "16006",
    "en Apatzingán, Michoacán": "16006", "Mazatlán": "25012",
    "hola buenas tardes estoy en mazatlan sinaloa": "25012",
    "soy de culiacan pero ando en mazatlan": "25012", "culiacan": "25006", "CULIACAN SINALOA": "25006",
    "tijuana": "02004", "ando en tijuana bc": "02004", "mexicali": "02002", "ensenada": "02001",
    "reynosa": "28032", "tampico": "28038", "torreon": "05035", "saltillo coahuila": "05030",
    "monterrey": "19039", "monterrey nl": "19039", "Monterrey, N.L.": "19039", "apodaca": "19006",
    "guadalajara": "14039", "zapopan": "14120", "uruapan": "16102", "morelia": "16053",
    "Aguililla": "16002", "tepalcatepec michoacan": "16089", "chilapa": "12028",
    "chilapa de alvarez": "12028", "iguala": "12035", "taxco": "12055", "acapulco": "12001",
    "Acapulco de Juárez": "12001", "chilpancingo": "12029", "zihuatanejo": "12038", "petatlan": "12048",
    "metlatonoc": "12043", "ajuchitlan": "12003", "san miguel totolapan": "12054",
    "coyuca de catalan": "12022", "coyuca de benitez": "12021", "tapachula": "07089",
    "tapachula chiapas mexico": "07089", "soy de tapachula": "07089", "comitan": "07019",
    "frontera comalapa": "07034", "ocosingo": "07059", "las margaritas": "07052", "palenque": "07065",
    "chenalho": "07026", "tuxtla gutierrez": "07101", "tuxtla": "07101", "san cristobal": "07078",
    "San Cristóbal de las Casas, Chiapas": "07078", "juxtlahuaca": "20469",
    "santiago juxtlahuaca oaxaca": "20469", "tlaxiaco": "20397", "huajuapan": "20039",
    "juchitan": "20043", "juchitan guerrero": "12080", "tuxtepec": "20184", "salina cruz": "20079",
    "huatulco": "20413", "guachochi": "08027", "guadalupe y calvo": "08029", "parral": "08032",
    "fresnillo": "32010", "irapuato": "11017", "celaya": "11007", "tulancingo": "13077",
    "pachuca": "13048", "ecatepec": "15033", "ecatepec edo. de mexico": "15033",
    "naucalpan edomex": "15057", "toluca, mex.": "15106", "cuernavaca": "17007", "hermosillo": "26030",
    "caborca sonora": "26017", "badiraguato": "25003", "choix": "25007", "concordia sinaloa": "25004",
    "tehuacan puebla": "21156", "xalapa": "30087", "coatzacoalcos": "30039", "merida": "31050",
    "merida yucatan": "31050", "tulum": "23009", "manzanillo, col.": "06007", "tepic": "18017",
    "san quintin": "02006", "chicomuselo chis": "07030", "estoy refugiada en huixtla": "07040",
    "ahorita ando por comitan": "07019", "vivo en iztapalapa": "09007", "alcaldia cuauhtemoc": "09015",
    "iztapalapa cdmx": "09007",
    # nicknames, seats, short and old names
    "sancris": "07078", "jovel": "07078", "chilpo": "12029", "los mochis": "25001",
    "ando por los mochis": "25001", "ciudad mante": "28021", "cd juarez": "08037",
    "Ciudad Juárez": "08037", "juaritos": "08037", "ciudad altamirano": "12050", "cd obregon": "26018",
    "cancun": "23005", "cancún q roo": "23005", "chetumal": "23004", "villahermosa": "27004",
    "solidaridad": "23008", "playa del carmen": "23008", "gdl": "14039", "mty": "19039",
    "vallarta": "14067", "neza": "15058", "tepito": "09015", "cabo san lucas": "03008",
    "guamuchil": "25015", "creel": "08009", "puerto escondido": "20318", "san juan chamula": "07023",
    "acteal": "07026", "ciudad victoria": "28041", "cd victoria tamaulipas": "28041",
    # towns
    "sola de vega": "20277", "cochoapa": "12078", "puerto palomas": "08005",
    "filo de caballos": "12040", "bucerias": "18020", "baborigame": "08029", "san juan copala": "20469",
    # slips, chat spelling, sounds, joined and split words
    "apatsingan": "16006", "CULIAKAN": "25006", "chilpansingo": "12029", "siguatanejo": "12038",
    "tlpaa": "12066", "tlappa": "12066", "tapashula": "07089", "reinosa": "28032",
    "nuebo laredo": "28027", "acapulko de juares": "12001", "ixmikilpan": "13030", "monterey": "19039",
    "guadalagara": "14039", "gudalajara": "14039", "mazatlna": "25012", "tuxtlagutierrez": "07101",
    "tlapaguerrero": "12066", "sancristobal de las casas": "07078", "entlapa": "12066",
    "sn cristobal de las casas": "07078", "sta maria huatulco": "20413", "stoy en gdl": "14039",
    "uruapam": "16102", "tehuacn": "21156", "xalpa veracruz": "30087", "hermosiyo": "26030",
    "quliacan": "25006", "tijuanna": "02004", "ocosinjo": "07059", "villa hermosa": "27004",
    "kuernavaka": "17007", "tekate": "02003", "bibo en sakatekas": "32",
    "sihuatanejo gro": "12038", "tepalkatepec": "16089",
    "san juan ugichicovi, oaxaca": "20198", "tula ed allende": "13076", "sna juan de los lagos": "14073",
    "vakle de chalco solidaridad": "15122", "nevo casas grandes chihuahua": "08050",
    "cardena tabasco": "27002", "apan, hgo": "13008", "san miguel allende": "11003",
    # homonyms that the state, the size or another place decides
    "ocampo michoacan": "16061", "Hidalgo, Tamaulipas": "28016", "juares chihuahua": "08037",
    "juarez nuevo leon": "19031", "benito juarez quintana roo": "23005",
    "benito juares cancun": "23005", "Villa Juárez, Navolato": "25018", "benito juarez cdmx": "09014",
    "guadalupe nuevo leon": "19026",
    "guadalupe, zacatecas": "32017", "cuautla": "17006", "cuautla jalisco": "14028", "nogales": "26043",
    "nogales veracruz": "30115", "matamoros": "28022", "matamoros coahuila": "05017",
    "san juan del rio": "22016", "victoria": "28041", "victoria guanajuato": "11043",
    "jalapa tabasco": "27009", "tonala chiapas": "07097", "emiliano zapata morelos": "17008",
    "la paz baja california sur": "03003", "la paz edomex": "15070",
    "lazaro cardenas michoacan": "16052", "centro tabasco": "27004", "casas tamaulipas": "28008",
    "el salvador zacatecas": "32041", "garcia nuevo leon": "19018", "tierra blanca veracruz": "30174",
    "san juan mixtepec distrito 08": "20208", "san juan mixtepec dto 26": "20209",
    "san juan mixtepec miahuatlan": "20209", "municipio de hidalgo michoacan": "16034",
    "oaxaca, juchitan": "20043", "ciudad hidalgo, pegado a guatemala": "07087", "madero, tamps": "28009",
    # the city of a state's name, when it is said
    "puebla puebla": "21114", "oaxaca oaxaca": "20067", "oaxaca de juarez": "20067",
    "chihuahua capital": "08019", "ciudad de chihuahua": "08019", "la capital de chihuahua": "08019",
    "veracruz ver": "30193", "puerto de veracruz": "30193", "queretaro qro": "22014",
    "guanajuato gto": "11015", "colima colima": "06002", "municipio de puebla": "21114",
    "capital de guerrero": "12029", "centro de oaxaca": "20067", "Durango, la ciudad": "10005",
    "qro capital": "22014", "Zacatecas, la mera capital": "32056", "sonora capital": "26030",
    "edomex capital": "15106", "Guanajuato capital, no el estado": "11015", "colima centro": "06002",
    "chihuahua, ciudad juarez": "08037", "Veracruz, municipio de Coatzacoalcos": "30039",
    "Cuauhtémoc, la alcaldía": "09015", "benito juarez la alcaldia, no cancun": "09014",
    "puebla, centro de salud": "21", "el estado de durango": "10",
    # short forms of seats and of names with a title
    "tututepec": "20334", "nayar": "18009", "acambay": "15001", "arriaga slp": "24046",
    "ciudad lopez mateos": "15013", "ixtepec": "20014", "la villa de tezontepec": "13066",
    # a place within its municipality
    "las flores de poza rica": "30131", "la joya, municipio de tehuacan": "21156",
    "córdoba, municipio de fortín": "30068", "san miguel del puerto oaxaca": "20266",
    "vicente guerrero, villa de zaachila": "20565", "playas de tijuana": "02004",
    "Ihuatzio, pueblo de pescadores": "16100", "san carlos guaymas, ahí en la playa": "26029",
    "ciudad hidalgo chiapas por donde se cruza para guatemala": "07087", "aguaprieta con mi jefa": "26002",
    "primero pasamos por Pátzcuaro pero ya estamos en Morelia": "16053",
    # states, abbreviations, regions, postal codes
    "puebla": "21", "oaxaca": "20", "chihuahua": "08", "durango": "10", "zacatecas": "32",
    "guanajuato": "11", "queretaro": "22", "kerétaro": "22", "san luis potosi": "24",
    "aguascalientes": "01", "campeche": "04", "tlaxcala": "29", "colima": "06", "veracruz": "30",
    "guerrero": "12", "gro": "12", "Gro.": "12", "Chis.": "07", "Oax.": "20", "hidalgo": "13",
    "morelos": "17", "estado de morelos": "17", "michoacan": "16", "mich": "16", "Edomex": "15",
    "estado de mexico": "15", "edo mex": "15", "cdmx": "09", "CDMX": "09", "df": "09", "D.F.": "09",
    "ciudad de mexico": "09", "distrito federal": "09", "nuevo leon": "19", "nl": "19", "slp": "24",
    "qroo": "23", "quintana roo": "23", "baja california": "02", "bcs": "03", "tamaulipas": "28",
    "tamaulpias": "28", "sinalo": "25", "chiapaz": "07", "guererro": "12",
    "en el estado de sonora": "26", "coahuila": "05", "tabasco": "27", "la montaña": "12",
    "la montaña de guerrero": "12", "tierra caliente guerrero": "12",
    "tierra caliente, michoacán": "16", "la tarahumara": "08", "sierra tarahumara": "08",
    "los altos de chiapas": "07", "los altos de jalisco": "14", "41304": "12", "cp 41304": "12",
    "91000 veracruz": "30", "es el 22150, la colonia no me la sé": "02", "aguas calientes": "01",
    "la chontalpa, mejor no digo el ejido": "27",
    "istmo de tehuantepec, oaxaca": "20",
    "Guerrero el estado, el pueblo no se lo voy a decir": "12", "por seguridad nada más Guerrero": "12",
    "Guerrero y ya, no diré el municipio": "12", "guerrero. el municipio me lo reservo": "12",
    "mi código es 03100 no sé si con eso le baste": "09",
    "las guacamayas": "16052", "guacamayas, con mi hermana": "16052",
    "en Carrillo Puerto pero el de Quintana Roo": "23002",
    "estoy en Monterrey con paisanos de Zacatecas": "19039",
    "C.P. 29200": "07", "mi codigo postal es 68000": "20", "C.P. 29200 san cristobal": "07078",
}  # fmt: skip

# text → keys that must be among those asked
ASKED = {
    "ocampo": {"16061", "11022", "28029"}, "benito juarez": {"23005", "09014"},
    "juarez": {"08037", "19031"}, "Guadalupe y Toluca": {"19026", "32017"},
    "san juan mixtepec": {"20208", "20209"},
    "san juan mixtepec oaxaca": {"20208", "20209"}, "san pedro mixtepec": {"20318", "20319"},
    "coyuca": {"12021", "12022"}, "la paz": {"03003", "15070"}, "guadalupe": {"19026", "32017"},
    "san fernando": {"28035", "07079"}, "abasolo": {"11001"}, "ciudad hidalgo": {"16034", "07087"},
    "tierra caliente": {"12", "15", "16"}, "los altos": {"07", "14"}, "la huasteca": {"24", "30"},
    "la laguna": {"05", "10"}, "mexico": {"15", "09"}, "cuauhtemoc": {"09015", "08017"},
    "san felipe": {"11030", "02007"}, "tequila": {"14094", "30168"}, "la costa chica": {"12", "20"},
    "aldama": {"08002", "28002", "07113"}, "altamirano": {"07004", "12050"},
    "cholula": {"21140", "21119"}, "zaragoza": {"24055", "05038"}, "san miguel": {"11003"},
    "vivo en ocampo": {"16061"}, "tuxpan": {"30189", "14108"}, "los reyes": {"16075", "15070"},
    "madero": {"28009", "16049"},
}  # fmt: skip

NOWHERE = (
    "debo 41304", "gano 20000 al mes",
    "", " ", "no quiero decir", "prefiero no decir", "prefiero no decirlo", "no se", "no sé",
    "quien sabe", "lejos", "muy lejos", "guatemala", "estoy en guatemala", "soy de honduras",
    "el salvador", "estados unidos", "en estados unidos", "eeuu", "texas", "en la calle",
    "en la calle con mis hijos", "aqui", "aquí", "por aqui", "😀", "🙏🙏🙏", "...", "?", "gracias", "hola",
    "buenas tardes", "si", "no", "nada", "ayuda", "busco casa", "necesito ropa", "mi hija Victoria",
    "me llamo Guadalupe", "me llamo Guadalupe Garcia", "en mi casa", "con mi hermana", "en un albergue",
    "el centro", "en el centro", "en el monte", "en el cerro", "en la sierra", "en ningun lado",
    "para que quiere saber", "por que", "no le puedo decir", "me da miedo decir", "tengo miedo", "1",
    "12345678", "menu", "salir", "مرحبا", "здравствуйте", "你好", "where are you", "salimos de aguililla",
    "venimos de tlapa", "\x00", "\u200b", "/intent{}", "n/a", "xd", "jaja", "no tengo papeles",
    "quiero hablar con una persona", "15000 pesos", "somos 5", "en el hospital", "escondida",
    "en un carro", "adentro de la casa", "donde mismo", "en otro estado", "ya le dije", "no me acuerdo",
    "ningun lugar",
)  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.mark.parametrize(("text", "key"), TAKEN.items())
def test_a_place_is_taken_as_people_write_it(gazetteer: Gazetteer, text: str, key: str) -> None:
    answer = gazetteer.resolve(text)

    assert [place.key for place in answer.candidates[:1]] == [key]
    assert not answer.ambiguous


@pytest.mark.parametrize(("text", "keys"), ASKED.items())
def test_a_homonym_that_nothing_decides_is_asked(gazetteer: Gazetteer, text: str, keys: set[str]) -> None:
    answer = gazetteer.resolve(text)

    assert answer.ambiguous
    assert keys <= {place.key for place in answer.candidates}


@pytest.mark.parametrize("text", NOWHERE)
def test_what_names_no_place_gives_no_candidate(gazetteer: Gazetteer, text: str) -> None:
    answer = gazetteer.resolve(text)

    assert answer.candidates == ()
    assert not answer.ambiguous


@pytest.mark.parametrize(
    ("text", "within", "key"),
    [
        ("ocampo", "16", "16061"),
        ("juarez", "07", "07048"),
        ("hidalgo", "28", "28016"),
        ("oaxaca", "20", "20067"),
        ("centro", "27", "27004"),
        ("guadalupe", "32", "32017"),
        ("ocampo", "05", "05023"),
        ("san marcos", "12", "12053"),
    ],
)
def test_a_state_known_already_decides(gazetteer: Gazetteer, text: str, within: str, key: str) -> None:
    answer = gazetteer.resolve(text, within=within)

    assert [place.key for place in answer.candidates] == [key]
    assert not answer.ambiguous


def test_a_state_name_leaves_the_municipality_open(gazetteer: Gazetteer) -> None:
    (place,) = gazetteer.resolve("puebla").candidates

    assert (place.state, place.municipality) == ("Puebla", None)


def test_two_municipalities_of_one_name_in_one_state_can_be_told_apart(gazetteer: Gazetteer) -> None:
    candidates = gazetteer.resolve("san juan mixtepec").candidates

    assert [gazetteer.distinction(place.key) for place in candidates] == ["distrito 08", "distrito 26"]
    assert gazetteer.distinction("12066") == ""
    assert gazetteer.distinction("20") == ""


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.text(), st.text("abcdeilmnoprstuáñ ,.ñ\x00", max_size=80)))
@example("tlapa " * 20_000)
@example("a" * 100_000)
@example("\ud800 tlapa")
def test_any_text_gets_an_answer_whose_keys_exist(gazetteer: Gazetteer, text: str) -> None:
    answer = gazetteer.resolve(text)
    mentions = gazetteer.find(text)

    said = [answer, *(found for found in (mentions.wanted, mentions.fled) if found)]
    places = [place for found in said for place in found.candidates]
    assert all(gazetteer.place(place.key) == place for place in places)
    assert all(found.candidates for found in said[1:])
    assert len(answer.candidates) != 1 or not answer.ambiguous


@pytest.mark.parametrize(
    ("latitude", "longitude", "key"),
    [
        (17.546, -98.576, "12066"),
        (16.737, -92.637, "07078"),
        (19.4326, -99.1332, "09015"),
        (32.52, -117.02, "02004"),
        (31.73, -106.45, "08037"),
        (16.84, -99.92, "12001"),
        (21.16, -86.85, "23005"),
        (16.8, -99.9, "12001"),
        (27.48, -99.52, "28027"),
        (16.82, -99.91, "12001"),  # at sea before Acapulco
        (23.20, -106.44, "25012"),  # the sea front of Mazatlán
        (32.53, -117.12, "02004"),
    ],
)
def test_a_shared_location_gives_its_municipality(
    gazetteer: Gazetteer, latitude: float, longitude: float, key: str
) -> None:
    place = gazetteer.at(latitude, longitude)

    assert place is not None
    assert place.key == key


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (14.634, -90.506),  # Guatemala City
        (29.76, -95.37),  # Houston
        (32.7157, -117.1611),  # San Diego
        (31.80, -106.42),  # El Paso
        (27.52, -99.49),  # Laredo, Texas
        (26.2034, -98.2300),  # McAllen
        (40.4, -3.7),
        (0.0, 0.0),
        (18.0, -110.0),
        (91.0, 0.0),
        (float("nan"), -99.0),
        (float("inf"), -99.0),
    ],
)
def test_a_location_outside_mexico_gives_none(
    gazetteer: Gazetteer, latitude: float, longitude: float
) -> None:
    assert gazetteer.at(latitude, longitude) is None


def test_the_middle_of_nearly_every_municipality_lies_in_its_shape(gazetteer: Gazetteer) -> None:
    measured = [area for area in gazetteer.areas.values() if area.latitude is not None]

    right = sum(gazetteer.at(area.latitude, area.longitude) == area.place for area in measured)  # type: ignore[arg-type]

    assert right / len(measured) > 0.97


def test_distances_are_straight_kilometres(gazetteer: Gazetteer) -> None:
    km = gazetteer.distance_km("12066", "12029")

    assert km is not None
    assert 95 < km < 110
    assert gazetteer.distance_km("12066", "12066") == 0
    assert gazetteer.distance_km("12066", "12") is None
    assert gazetteer.distance_km("12066", "99999") is None


def test_neighbours_come_nearest_first(gazetteer: Gazetteer) -> None:
    near = gazetteer.neighbours("12066", limit=8)

    assert [km for _, km in near] == sorted(km for _, km in near)
    assert {place.municipality for place, _ in near} & {
        "Copanatoyac",
        "Alpoyeca",
        "Xalpatláhuac",
        "Atlamajalcingo del Monte",
    }
    assert "12066" not in [place.key for place, _ in near]
    assert gazetteer.neighbours("12", limit=3) == ()
    assert gazetteer.neighbours("99999", limit=3) == ()


def test_border_municipalities_keep_their_own_time(gazetteer: Gazetteer) -> None:
    zones = {
        key: gazetteer.time_zone(key) for key in ("08037", "08", "28022", "28041", "18020", "23005", "12066")
    }

    assert zones == {
        "08037": "America/Ciudad_Juarez",
        "08": "America/Chihuahua",
        "28022": "America/Matamoros",
        "28041": "America/Monterrey",
        "18020": "America/Bahia_Banderas",
        "23005": "America/Cancun",
        "12066": "America/Mexico_City",
    }


def test_population_is_unknown_for_municipalities_younger_than_the_census(gazetteer: Gazetteer) -> None:
    assert gazetteer.population("08037") == 1512450
    assert gazetteer.population("12") == 3540685
    assert gazetteer.population("25019") is None
    assert gazetteer.population("99999") is None


def test_unknown_keys_are_no_places(gazetteer: Gazetteer) -> None:
    assert gazetteer.place("00") is None
    assert gazetteer.place("") is None
    assert gazetteer.place("12999") is None


def test_text_that_hides_marks_or_is_cut_into_pieces_is_still_read(gazetteer: Gazetteer) -> None:
    answers = [
        gazetteer.resolve(text)
        for text in ("tla\u200bpa", "ＴＬＡＰＡ", "Tlapa\u0301", "tlapa\x00", "«Tlapa»")
    ]

    assert [answer.candidates[0].key for answer in answers] == ["12066"] * 5


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (
            "El Catálogo Nacional de Códigos Postales es elaborado por Correos de México\n"
            "d_codigo|d_asenta|d_tipo_asenta|D_mnpio|d_estado|d_ciudad|d_CP|c_estado|c_oficina|c_CP|c_tipo_asenta|c_mnpio\n"
            "41304|Centro|Colonia|Tlapa de Comonfort|Guerrero||41301|12|41301||09|066\n"
            "41999|Uno|Colonia|Ometepec|Guerrero||41701|12|41701||09|046\n"
            "41999|Dos|Colonia|Igualapa|Guerrero||41701|12|41701||09|036\n"
            "rota|fila\n",
            "latin-1",
        ),
        ("MX\t41304\tCentro\tGuerrero\tGRO\tTlapa de Comonfort\t066\t\t\t17.5\t-98.5\t1\n", "utf-8"),
    ],
)
def test_the_operators_postal_file_gives_the_municipality(
    tmp_path: Path, content: str, encoding: str
) -> None:
    postal_file = tmp_path / "codigos.txt"
    postal_file.write_text(content, encoding=encoding)

    gazetteer = Gazetteer.load(postal_file=postal_file)

    assert [place.key for place in gazetteer.resolve("cp 41304").candidates] == ["12066"]
    assert [place.key for place in gazetteer.resolve("41999").candidates] == ["12"]
    wanted = gazetteer.find("necesito comida, mi cp es 41304").wanted
    assert wanted is not None
    assert [place.key for place in wanted.candidates] == ["12066"]


def test_another_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    other = tmp_path / "lista.txt"
    other.write_text("hola", encoding="utf-8")

    with pytest.raises(UnknownPostalFileError, match=r"lista\.txt no es el archivo de SEPOMEX"):
        Gazetteer.load(postal_file=other)


def test_every_alias_leads_to_known_places(gazetteer: Gazetteer) -> None:
    rows = read_rows(SEED / "aliases.csv")

    unknown = [row["alias"] for row in rows for key in row["keys"].split() if gazetteer.place(key) is None]
    mute = [row["alias"] for row in rows if not row["keys"] or not row["note"]]

    assert (unknown, mute) == ([], [])
    assert len({row["alias"] for row in rows}) == len(rows)


def test_every_municipality_is_found_by_its_full_name_and_state(gazetteer: Gazetteer) -> None:
    places = [area.place for area in gazetteer.areas.values() if area.place.municipality]

    missed = [
        place
        for place in places
        if place not in gazetteer.resolve(f"{place.municipality}, {place.state}").candidates
    ]

    assert missed == []
