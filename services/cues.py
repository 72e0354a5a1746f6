"""The Spanish words around a place that tell what it is to the person. Folded: no accents, lower case."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ARTICLES = _set("""
    el la las lo los
""")

# Words that name a kind of place: «municipio de», «la ciudad de».
KINDS = _set("""
    alcaldia cabecera capital ciudad comunidad congregacion costa delegacion ejido estado heroica
    localidad montana municipio poblado pueblo puerto rancheria region sierra villa zona
""")

# What may stand in «cerca de», «el hospital de».
AROUND = _set("""
    abajo aca adelante adentro afuera afueras ahi albergue alcalde alcaldesa alla alrededor alrededores
    aqui arriba atras autoridades ayuntamiento banqueta cabildo camino campamento cancha carcel caseta
    central centro cerca cerquita clinica comision comuneros crucero dentro dif ejidatarios entrada
    escuela fiscalia fuera gasolinera gente gobierno habitantes hospital instituto junto kinder lado
    lejos mercado mero ministerial ministerio municipal norte orilla orillas palacio parte pegado penal
    pobladores policia portales prepa preparatoria presidencia primaria registro rumbo rumbos salida
    secretaria secundaria sindico sur telesecundaria terminal zocalo
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

CHILDREN = _set("""
    bebe familia hermanos hijas hijos mama ninas ninos papas
""")

# A name after these is a street, a school, a metro station.
THINGS = _set("""
    autopista avenida barrio batalla blvd boulevard calle calles calzada carretera cerrada clinica col colonia
    cruz edificio escuela esquina estacion farmacia fraccionamiento iglesia jardin kinder metro parque
    parroquia plaza primaria privada prolongacion secundaria seguro super tienda virgen
""")

# Verbs that make «a» lead to a place.
MOTION = _set("""
    andamos ando arribamos arribe bajamos bajar baje cambiamos cambiarme cambie camino cerca corri
    corrimos cruce cruzamos dirigimos dirijo escapamos frente fue fueron fui fuimos hui huimos iba
    ibamos ir ire iremos irme irnos irse jalamos jalar jale junto llegamos llegando llegar llegue llevar
    llevaron mandar mandaron mover moverme movernos movi movimos mudamos mudar mudarme mudarnos mude pasamos
    pasar pase regresamos regresar regresarme regrese rumbo sali salimos salir subi subimos traje
    trajeron trasladar trasladarme trasladarnos vamos vaya vayamos vengo venimos venir viajamos viajar
    viaje vine viniendo vinimos volver volvi volvimos voy
""")

# «pasamos por Pátzcuaro»: a place on the way.
PASSING = _set("""
    pasamos pasando pasaron pase paso
""")

BEING = _set("""
    andamos andando ando encontramos encuentro estamos estando esto estoy quedamos quede radicamos
    radico seguimos sigo tamos vivimos vivo yo
""")

# Of them, the verbs that tell of nothing else: «yo» may begin anything, «esto» is a word too.
STAYING = BEING - {"yo", "esto"}

SEEKING = _set("""
    buscamos buscando busco camino conocen dirigimos dirijo donde existe habra hacia hay ir irme irnos
    llegar mudarme necesitamos necesito ocupamos ocupo quedarme quedarnos queremos quiero quisiera
    quisieramos rumbo saben vamos voy
""")

# Verbs that make «de» lead to the place fled.
LEAVING = _set("""
    arrancamos arrancaron aventaron bajamos bajando bajar bajaron baje corri corrida corridas corrido
    corridos corrieron corrimos corrio desalojados desalojaron desplasada desplasadas desplasado
    desplasados desplazada desplazadas desplazado desplazados desplazaron desplazo desterrados
    desterraron echaron escapado escapamos escapando escaparon escape escapo expulsada expulsadas
    expulsado expulsados expulsaron fui fuimos hui huido huimos huyen huyendo huyeron huyo jalamos
    llegamos llegando llegar llegaron llego llegue llevaron migramos pelamos procedente procedentes
    proveniente provenientes retiramos sacamos sacar sacaron saco sali salia saliamos salido saliendo
    salieron salimos salio salirme salirnos separamos traje trajeron trajimos vengan vengo venia
    veniamos venian venimos venir viene vienen vine viniendo vinieron vinimos vino
""")

# Of them, what people do themselves: who was driven out of a house may still be in the town.
WENT_AWAY = _set("""
    arrancamos escapamos escape hui huimos huyendo pelamos sali salido saliendo salimos
""")

# Of them, those that also arrive: «llegamos a la central de Puebla».
ALSO_ARRIVING = _set("""
    bajamos bajando bajar bajaron baje fui fuimos llegamos llegando llegar llegaron llego llegue
    llevaron vengan venia veniamos venian venir viene vienen vine vinieron vinimos
""")

ARRIVING_AT = _set("""
    a al en hacia hasta
""")

# «tuvimos que salir de» is done, «quiero salir de» is not.
MUST_LEAVE = _set("""
    hicieron obligaron tuve tuvieron tuvimos tuvo
""")

LEFT_BEHIND = _set("""
    abandonamos abandonar abandone dejamos dejando deje destruyeron era eramos naci nacida nacido
    nacimos nacio perdimos quedaron quemaron quemo radicaba tenia teniamos trabajaba trabajabamos
    vendiamos vivi vivia viviamos vivian
""")

ORIGIN = _set("""
    era eramos eran es fue mexicana mexicano nativa nativo nativos originaria originarias originario
    originarios ser somos son soy
""")

# What happened at a place to leave or to stay in.
HAPPENED = _set("""
    amenazaron asaltaron asesinaron atacaron atendieron bajaron balacera balaceras balearon conflicto
    desaparecieron desaparecio detuvieron enfrentamiento enfrentamientos extorsionaron golpearon guerra
    levantaron llegaron llego mataron metieron murieron murio operaron quitaron registrada registrado
    registraron registre secuestraron vino
""")

# Names of municipalities that are common nouns first: «trabajo en casas».
COMMON_NOUNS = _set("""
    altar asientos boca casas centro china esperanza frontera fronteras isla libres madera mama
    mascota mina monjas oriental paraiso pinos playa progreso soledad suma villa
""")

# «salimos por el llano»: towns are named so too.
LANDSCAPE = frozenset((
    "el bosque", "el llano", "la barca", "la calera", "la canada", "la cruz", "la huerta", "la laguna",
    "la mina", "la mision", "la perla", "la reforma",
))  # fmt: skip

# «en casas de campaña», «la cruz roja».
DISTRUSTED_AFTER = _set("""
    de del que roja
""")

# What people write around a place when they are asked for one.
SMALL_TALK = _set("""
    a aca actualmente adentro afueras ah ahi ahora ahorita al alcaldia alla alrededores andamos andando
    ando apenas aproximadamente aqui barrio buen buena buenas bueno buenos cabecera casi centro cerca
    cerquita ciudad codigo colonia como comunidad con cp creo de del delegacion dentro dia dias digo
    disculpe donde eh ejido el en encontramos encuentro ensima entre era es eso esta estado estamos este
    estoi estoy estuve familia favor fuera gracias hace hasta hola hoy interior la lado las le llegamos
    llegando llegue lo localidad los mande mas me menos mera mero mesta mexicana mexicano mexico mi
    mismo mudamos mude mun municipal municipio nada noche noches nomas norte nos o oiga ok okay oriente
    orilla orillas orita oye pa para parte pasando pero plis poblado poniente por porfa porfavor postal
    pueblo pues puro que quedamos quedandome quedo radico rancheria rancho rato recien refugiada
    refugiado region republica rumbo rumbos saludos se seguridad senor senorita sera seria serian si
    sola solamente solo somos soy sr srita sur tal tarde tardes tengo toda todos ubicada ubicado ubico
    unicamente vamos viajando viviendo vivimos vivo voy xfa xfavor y ya yendo yo zona
""")

# «boleto a La Paz», «entraron a Santa Rosa»: what others do or carry also makes «a» lead to a place.
TRAVEL = _set("""
    autobus aventon boleto boletos camion camiones carretera combi corrida corridas entran entrando
    entraron entro flete llega llegan llegaron mande manden mandenos pasaje pasajes raite retorno ride
    salida taxi traslado viaje vuelo
""")

# «ceav Guerrero», «dif Hidalgo»: offices that are named by their state or town.
OFFICES = _set("""
    ceav cedh ceeav cejum dif fiscalia fgr imss inea ine issste renavi semujer semujeres sipinna ssa
""")

# «aquí en», «ahorita en»: where the person is now.
HERE = _set("""
    aca ahora ahorita aqui hoy orita
""")

# «soy de», but also «mi tía de», «la familia de».
KIN = _set("""
    abuela abuelo amiga amigas amigo amigos comadre compadre cunada cunado esposa esposo familia
    familiares familias gente hermana hermano muchacha muchacho novia novio paisana paisanas paisano
    paisanos parientes prima primo primos senor senora suegra suegro suegros tia tias tio tios
""")

# «mi papá está en»: where somebody else is.
OTHERS_BEING = _set("""
    anda andan esta estan radica radican sigue siguen trabaja trabajan vive viven
""")

# «mi tía de Chilapa nos recibió»: who has a roof to offer is at home.
HOSTING = _set("""
    acogio espera hospeda hospedo ofrece ofrecio presta presto recibe recibio recibira
""")

# «el temblor de», «la inundación de»: what drove people out of a place.
EVENTS = _set("""
    ataque balacera derrumbe deslave despojo desplazamiento emboscada enfrentamiento explosion guerra
    huracan incendio inundacion masacre matanza sismo temblor terremoto violencia
""")

# What people own and leave: «mi terreno de», «nuestra casa en».
OWNED = _set("""
    animales cafetal casa casas casita consultorio cosecha ejido finca fonda ganado herencia huerta
    huertas local milpa negocio parcela parcelas potrero predio puesto ranchito rancho restaurante
    siembra taller terreno terrenos tienda tierra tierras vacas
""")

# Papers are from somewhere: «mi acta de», «la licencia de».
PAPERS = _set("""
    acta actas boleta boletas carpeta cartilla certificado licencia nacimiento papeles poliza
""")

OWNING = _set("""
    mi mis nuestra nuestras nuestro nuestros
""")

LOSING = _set("""
    agarraron despojaron invadieron llevo quemaron quitaron robaron saquearon tomaron tumbaron
""")

# «el padrón de desplazados de Chiapas», «la ley de»: there «desplazados» tells of no one's leaving.
LISTS = _set("""
    apoyo apoyos ayuda comite companeros derechos ley lider lista oficina padron programa protocolo
    registro representante
""")

# What is over: «los hechos fueron en», «nos casamos en».
PAST = _set("""
    atendia atendian casamos casaron cursaba era eran fue fueron hacian iba ibamos iban nacio ocurrio
    pasaron paso sucedio tenia teniamos vendia vendiamos vivia viviamos
""")

# Imperfect in form, present in meaning: «buscaba un albergue en».
POLITE = _set("""
    acaba acabamos acaban buscaba buscabamos daba daban esclava necesitaba necesitabamos octava ocupaba
    ocupabamos
""")

# Who is at a place now: «allá en Tila hay enfermos».
PRESENT = _set("""
    apoyan atienden ayudan dan esta estan estara hay inscriben necesita necesitan ocupan ofrecen prestan
    queda quiere quieren reciben regalan sigue siguen tiene tienen urge vive viven
""")

OBLIGED = _set("""
    debemos debo hay ocupamos ocupo quiere quieren tenemos tengo urge
""")

WISHING = _set("""
    ir irme irnos necesitamos necesito podemos puedo queremos quiero quisiera quisieramos vamos voy
""")

# «allá no puedo volver», «ahí no pienso ir».
NO_WAY_BACK = _set("""
    entrar ir pienso podemos puedo regresar regreso subir volver vuelvo
""")

DISPLACED = _set("""
    corridos desalojados desplasadas desplasados desplazadas desplazados expulsadas expulsados
""")

# «quiero salir de», «tuvimos que salir de»: the verb itself tells nothing yet.
TO_LEAVE = _set("""
    bajar escapar huir irme irnos llegar sacar salir salirme salirnos venir
""")

RETURNING = _set("""
    regresar regresarme regresarnos retornar retorno volver
""")

# «caminando desde», «a pie desde».
ON_THE_WAY = _set("""
    caminamos caminando cargando manejando pidiendo pie rodando trayendo viajando
""")

# «quiero sacar a mi papá de»: who is still there.
FETCHING = _set("""
    rescatar sacar sacarla sacarlo sacarlos traer traerme traernos
""")

# «rondan mi casa en»: one still lives there.
WATCHING = _set("""
    amenazan andan buscan cuidan disparan entran espian llegan merodean pasan quieren rodean rodeada rodeado
    rondan siguen tocan tumban vienen vigilan
""")

# Who tells of a place does nothing to anybody there: «me dijeron que en».
TELLING = _set("""
    aceptaron admitieron anotaron apoyaron asignaron avisaron ayudaron canalizaron citaron comentaron
    consiguieron contaron cuentan dieron dijeron explicaron informaron inscribieron invitaron ofrecieron
    pidieron platicaron prestaron prometieron recibieron recomendaron regalaron
""")

# Somebody is missing: «no sé de mi hermano», «ya no contesta».
MISSING = (
    "no se de mi", "no se nada de", "no sabemos de", "no sabemos nada", "no contesta", "no aparece",
    "no regreso", "no ha regresado", "no volvio", "desaparecio", "desaparecieron", "esta desaparecido",
    "esta desaparecida", "perdi contacto", "perdimos contacto", "busco a mi", "buscamos a mi",
    "no ha llegado", "no llego a", "no responde",
)  # fmt: skip

OF = _set("""
    de del desde
""")

# What may stand between a word and the place it speaks of: «la casa de la sierra de».
LINKING = KINDS | ARTICLES | OF | {"un", "una"}

# «Gómez Palacio, por la laguna»: what follows tells where in it, or beside what.
BESIDE = _set("""
    atras cerca donde enfrente junto por rumbo
""")

# Words around the place of an answer that tell nothing more.
SAYS_NOTHING = SMALL_TALK | AROUND | BEING | KINDS | LEAVING | LEFT_BEHIND | MOTION | ORIGIN
