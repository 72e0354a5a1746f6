"""The Spanish words around a place that tell what it is to the person. Folded: no accents, lower case."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ARTICLES = _set("""
    el la las lo los
""")

# Words that name a kind of place: «municipio de», «la ciudad de».
KINDS = _set("""
    alcaldia cabecera capital ciudad comunidad congregacion costa delegacion ejido estado heroica
    localidad municipio poblado pueblo puerto rancheria region sierra villa zona
""")

# What may stand in «cerca de», «el hospital de».
AROUND = _set("""
    gobierno fiscalia comision secretaria gente policia ministerio registro instituto autoridades
    abajo aca adelante adentro afuera afueras ahi albergue alla alrededor alrededores aqui arriba
    atras camino central centro cerca cerquita dentro dif entrada fuera hospital junto lado lejos
    mercado mero norte orilla orillas palacio parte pegado presidencia rumbo rumbos sur terminal
    zocalo
""")

# Words between a preposition and its place: «en mero Tlapa».
FILLING = _set("""
    aca ahi ahora ahorita alla aqui hoy mas mera mero mismo pues tambien ya
""")

# Prepositions after which a place follows.
PLACING = _set("""
    cerca desde en entre hacia hasta pa para por rumbo
""")

TOWARDS = _set("""
    a al en hacia hasta pa para por rumbo
""")

# A name after these is a person.
PERSON = _set("""
    abuela abuelo amiga amigo apellido bebe comadre comandante compadre companera companero cunada
    cunado doctor doctora don dona dr dra esposa esposo familia hermana hermanita hermanito hermano
    hija hijas hijo hijos lic licenciada licenciado llama llaman llamo maestra maestro mama marido
    nieta nieto nina nino nombre novia novio papa presidenta presidente prima primo senor senora
    sobrina sobrino sr sra suegra suegro tia tio vecina vecino virgen
""")

# A name after these is a street, a school, a metro station.
THINGS = _set("""
    autopista avenida barrio blvd boulevard calle calles calzada carretera cerrada clinica col colonia
    cruz edificio escuela esquina estacion farmacia fraccionamiento iglesia jardin kinder metro parque
    parroquia plaza primaria privada prolongacion secundaria seguro super tienda virgen
""")

# Verbs that make «a» lead to a place.
MOTION = _set("""
    andamos ando arribamos arribe bajamos bajar baje cambiamos cambiarme cambie camino cerca corri
    corrimos cruce cruzamos dirigimos dirijo escapamos frente fui fuimos hui huimos iba ibamos ir ire
    iremos irme irnos irse jalamos jalar jale junto llegamos llegando llegar llegue llevar llevaron
    mandar mandaron mover moverme movernos movimos mudamos mudar mudarme mudarnos mude pasamos pasar
    pase regresamos regresar regresarme regrese rumbo sali salimos salir subi subimos traje trajeron
    trasladar trasladarme trasladarnos vamos vaya vayamos vengo venimos venir viajamos viajar viaje
    vine viniendo vinimos volver volvi volvimos voy
""")

BEING = _set("""
    tamos seguimos sigo encuentro encontramos
    andamos ando estamos esto estoy quedamos quede radicamos radico vivimos vivo yo
""")

SEEKING = _set("""
    buscamos buscando busco camino conocen dirigimos dirijo donde existe habra hacia hay ir irme irnos
    llegar mudarme necesitamos necesito ocupamos ocupo quedarme quedarnos queremos quiero quisiera
    quisieramos rumbo saben vamos voy
""")

# Verbs that make «de» lead to the place fled.
LEAVING = _set("""
    llegar llegando
    arrancamos aventaron bajamos baje corrida corridas corrido corridos corrieron corrio desplazada
    desplazadas desplazado desplazados desplazaron desplazo desterrados desterraron echaron escapado
    escapamos escapando escaparon escape expulsada expulsadas expulsado expulsados expulsaron fui
    fuimos hui huido huimos huyendo huyeron huyo jalamos llegamos llegue migramos pelamos procedente
    procedentes proveniente provenientes retiramos sacaron saco sali salido saliendo salieron salimos
    salio salirme salirnos traje trajeron vengo venimos vine viniendo vinimos vino
""")

# Of them, those that also arrive: «llegamos a la central de Puebla».
ALSO_ARRIVING = _set("""
    llegar llegando
    bajamos baje fui fuimos llegamos llegue traje trajeron vine vinimos
""")

ARRIVING_AT = _set("""
    a al en hacia hasta
""")

# «tuvimos que salir de» is done, «quiero salir de» is not.
MUST_LEAVE = _set("""
    hicieron obligaron tuve tuvieron tuvimos tuvo
""")

LEFT_BEHIND = _set("""
    abandonamos abandonar abandone dejamos dejando deje dejo destruyeron era eramos naci nacimos
    perdimos quedaron quemaron quemo radicaba tenia teniamos trabajaba trabajabamos vivi vivia
    viviamos vivian
""")

ORIGIN = _set("""
    nativa nativo nativos originaria originarias originario originarios somos soy
""")

# What happened at a place to leave or to stay in.
HAPPENED = _set("""
    amenazaron asesinaron atacaron balacera balaceras balearon conflicto desaparecieron desaparecio
    enfrentamiento enfrentamientos guerra levantaron llegaron llego mataron metieron quedo quitaron
    secuestraron vino
""")

# Names of municipalities that are common nouns first: «trabajo en casas».
COMMON_NOUNS = _set("""
    altar asientos boca casas centro china esperanza frontera fronteras isla libres madera mama
    mascota mina monjas oriental paraiso pinos playa progreso soledad suma villa
""")

# «en casas de campaña», «la cruz roja».
DISTRUSTED_AFTER = _set("""
    de del que roja
""")

# What people write around a place when they are asked for one.
SMALL_TALK = _set("""
    a aca actualmente adentro afueras ah ahi ahora ahorita al alcaldia alla alrededores andamos
    andando ando apenas aproximadamente aqui barrio buen buena buenas bueno buenos cabecera casi
    centro cerca cerquita ciudad codigo colonia como comunidad con cp creo de del delegacion dentro
    dia dias disculpe donde eh ejido el en encontramos encuentro ensima entre era es eso esta estado
    estamos este estoi estoy estuve familia favor fuera gracias hace hasta hola hoy interior la lado
    las le llegamos llegando llegue lo localidad los mande mas me menos mera mero mesta mexicana
    mexicano mexico mi mismo mudamos mude mun municipal municipio noche noches norte nos o oiga ok
    okay oriente orilla orillas orita oye pa para parte pasando pero plis poblado poniente por porfa
    porfavor postal pueblo pues que quedamos quedandome quedo radico rancheria rancho rato recien
    refugiada refugiado region republica rumbo rumbos saludos se senor senorita sera seria serian si
    somos soy sr srita sur tal tarde tardes tengo toda todos ubicada ubicado ubico vamos viajando
    viviendo vivimos vivo voy xfa xfavor y ya yendo yo zona
""")
