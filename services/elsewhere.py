"""What answers «where are you» and is no place of Mexico: other countries, «la calle», «el centro»."""

from collections.abc import Sequence

_OPENING = 24
"""Letters before a town that still are the beginning of an answer."""
_TAIL = 3
"""Words at the end of an answer, the country among them."""
_NOT_OF = frozenset(("baja", "de", "a", "con", "para", "pa", "hacia"))
"""Before the name of a country or a state abroad: what an answer names is not in it."""


def _set(names: str) -> frozenset[str]:
    return frozenset(name.strip() for name in names.split("|"))


COUNTRIES = _set("""
    africa | alemania | argentina | arizona | asia | belice | bogota | bolivia | brasil | california |
    canada | caracas | chicago | chile | china | ciudad de guatemala | colombia | corea | costa rica |
    cuba | dallas | ecuador | eeuu | egipto | el gabacho | el otro lado | el paso | el paso texas |
    el salvador | espana | estados unidos | estados unidos de america | eu | eua | europa | florida |
    francia | gabacho | gringolandia | guatemala | haiti | honduras | houston | inglaterra | italia |
    la habana | los angeles | los estados unidos | nicaragua | nueva york | nuevo mexico | otro lado |
    panama | paraguay | peru | phoenix | puerto principe | puerto rico | republica dominicana | rusia |
    salvador | san antonio texas | san diego | san pedro sula | tegucigalpa | texas | tucson | uruguay |
    usa | venezuela
""")

# «Nogales Arizona», «Laredo, Texas»; Baja California is not California.
FOREIGN_STATES = _set("""
    arizona | texas | tejas | tx | california | nuevo mexico | florida | georgia | illinois | guatemala |
    honduras | belice | eeuu | estados unidos | eua | usa
""")

FOREIGN_TOWNS = _set("""
    tecun uman | la mesilla guatemala | malacatan | huehuetenango | quetzaltenango | brownsville |
    mcallen |
    eagle pass | laredo texas | del rio texas | calexico | san ysidro | tucson | douglas
""")

OTHER_SIDE = _set("""
    lado guatemalteco | lado americano | lado gringo | lado beliceno | lado estadounidense | lado de guatemala
""")

# «en la mera raya con Guatemala»: the states that border a country
_BORDERS = {
    "guatemala": frozenset(("04", "07", "27")),
    "belice": frozenset(("23",)),
    **dict.fromkeys(
        ("estados unidos", "eeuu", "eua", "usa", "gabacho", "otro lado", "texas", "arizona", "california"),
        frozenset(("02", "05", "08", "19", "26", "28")),
    ),
}
_BORDERING = (" con ", " frontera de ", " raya de ", " linea de ", " a ")

NO_PLACES = _set("""
    albergue | bienvenido | buenos dias | calle | casa | central | centro comercial | dolores |
    el cereso | el cielo | el domingo | el limon | la compania | la lona | la palabra | la verdad | la vida |
    el albergue | el cambio | el camino | el campo | el centro | el cerro | el chico | el control |
    el grande | el hogar | el hospital | el largo | el monte | el norte | el pueblo | el puerto |
    el puesto | el rancho | el refugio | el rincon | el rio | el sitio | el sur | el valle | hogar |
    hospital | la aldea | la calle | la capilla | la capital | la carretera | la casa | la central |
    la ciudad | la colonia | la comunidad | la costa | la cueva | la escuela | la estacion |
    la familia | la finca | la frontera | la iglesia | la isla | la linea | la loma | la luz |
    la orilla | la playa | la presa | la salud | la selva | la sierra | la vista | las colonias |
    los dolores | menores | mexicanos | mi casa | mi rancho | ningun lado | ninguna | ninguna parte |
    ninguno | norte | pueblo | rancho | refugio | senor | sierra | sur
""")


def is_abroad(spoken: Sequence[str]) -> bool:
    """Whether an answer begins with a town of another country, or says so of the one it names."""
    said = f" {' '.join(word for word in spoken if word[0].isalnum())} "
    if any(f" {side} " in said for side in OTHER_SIDE):
        return True
    abroad = [at for town in FOREIGN_TOWNS if (at := said.find(f" {town} ")) >= 0]
    if abroad and min(abroad) < _OPENING:
        return True
    return any(_belongs_to(said, state) for state in FOREIGN_STATES)


def border_states(spoken: Sequence[str]) -> frozenset[str]:
    """Keys of the states at the border that an answer speaks of («pegado a Guatemala»); else none."""
    said = f" {' '.join(word for word in spoken if word[0].isalnum())} "
    for country, states in _BORDERS.items():
        if any(f"{joint}{country} " in said for joint in _BORDERING):
            return states
    return frozenset()


def _belongs_to(said: str, state: str) -> bool:
    """The answer ends with it, or has little behind it."""
    at = said.find(f" {state} ")
    return at > 0 and _NOT_OF.isdisjoint(said[:at].split()[-1:]) and len(said[at:].split()) <= _TAIL
