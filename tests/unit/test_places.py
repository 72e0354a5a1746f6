"""Places inside messages: what is wanted, what was fled, and what is no place at all."""

import pytest

from services.gazetteer import Gazetteer
from services.places import PlaceAnswer

# (message, key wanted, key fled); an ambiguous answer shows its keys in any order
MESSAGES = (
    ("vengo de Baborigame, Parral vivo, cinco niños, no hay comida", "08032", "08029"),
    ("me corrieron de mi pueblo en Metlatónoc, no sé ni a dónde ir", None, "12043"),
    ("señor, mi pueblo Chenalhó mucho disparo, salimos noche, quiero comida", None, "07026"),
    ("a mi esposo lo mataron en Tepalcatepec y agarré a mis niños y me vine", None, "16089"),
    ("en Tlapa me asaltaron, necesito una mudada de ropa", "12066", None),
    ("no quiero volver ahí, busco trabajo en San Cristóbal", "07078", None),
    ("no quiero volver ahí y busco trabajo en San Cristóbal", "07078", None),
    ("no quiero volver a Culiacán", None, "25006"),
    ("busco doctor, tlapa", "12066", None),
    (
        "buenas, nos salimos de la sierra y ando buscando donde quedarme en tlapa con mis 3 hijos",
        "12066",
        None,
    ),
    ("salimos de aguililla michoacan porque nos amenazaron y ahora estamos en morelia", "16053", "16002"),
    # where one is from is mostly where one is no longer: Faro asks, unless nothing else is said
    ("soy de culiacan y busco trabajo", None, "25006"),
    ("soy de oxchuc y me acusan de delitos que no hice", None, "07064"),
    ("somos de zacatecas, dejamos casa y negocio", None, "32"),
    ("no somos de morelia y por eso nos niegan la inscripcion", "16053", None),
    ("mi acta es de badiraguato y el kiosco no la encuentra", None, "25003"),
    ("mi terreno de tenejapa era de mi abuelo", None, "07093"),
    ("apoyo para una familia de aguililla que esta en zamora", "16108", "16002"),
    ("perdi la casa en el temblor de juchitan", None, "20043"),
    ("se llevaron las reses alla en choix, aqui no hay ni un huevo", None, "25007"),
    ("todo se quedo en chicomuselo", None, "07030"),
    ("mi pension me llegaba en badiraguato, como cobro aqui en culiacan", "25006", "25003"),
    ("cortabamos limon en apatzingan, hoy en lerdo pedimos lo que sea", "10012", "16006"),
    ("estava en monterey y me regrese a san luis potosi", "24", "19039"),
    ("los hechos fueron en tamaulipas y yo estoy en saltillo", "05030", "28"),
    ("en el padron de desplazados de durango todavia reciben?", "10", None),
    ("¿la ley de michoacan me cubre?", "16", None),
    ("me registro en puebla donde vivo o en guerrero donde paso", "21", "12"),
    ("ya no podemos vivir en aguililla, nos queremos ir a zamora", "16108", "16002"),
    ("el huracan tiro mi casa en acapulco y sigo aqui, bajo una lona", "12001", None),
    ("mi ranchito quedo en tepehuanes, ahorita estoy con mi hija en durango", "10", "10035"),
    ("de guachochi nos bajamos a parral y de ahi a chihuahua capital, aqui andamos", "08019", "08027"),
    ("nos vinimos a tijuana, ya quiero volver con mi gente a huejutla", "02004", "13028"),
    ("vienen en camino de tepalcatepec a morelia", "16053", "16089"),
    ("me vine pa juxtlahuaca y de ahi ya no pase", "20469", None),
    ("donde dejo la muestra de sangre en morelia", "16053", None),
    ("el huracan nos dejo sin nada en coyuca de benitez", "12021", None),
    ("nos negaron el paso al albergue de leon", "11020", None),
    ("tengo que ratificar en el fuerte y alla no puedo ir, hay modo desde los mochis?", "25001", "25010"),
    ("a los que salimos de chilapa no nos apuntan", None, "12028"),
    ("me traje a mis nietos de madera", None, "08040"),
    ("algo para pasar la noche en tj", "02004", None),
    ("ceav guerrero oficina", "12", None),
    ("apoyo con boletos a tuxtla", "07101", None),
    ("que alguien venga aca en la montaña", "12", None),
    ("salimos de guadalupe y calvo", None, "08029"),
    ("fuimos a toluca a preguntar", "15106", None),
    ("escuela para mis hijos tapachula", "07089", None),
    ("primaria en delicias que reciba niños a medio año", "08021", None),
    ("estamos en sola de vega", "20277", None),
    ("soy de culiacan pero ando en mazatlan y ocupo trabajo", "25012", "25006"),
    ("nos corrieron de chenalho, estamos en san cristobal", "07078", "07026"),
    ("estoy en Victoria con mis hijos", "28041", None),
    ("estoy en Reforma chiapas", "07074", None),
    ("tengo miedo de que mi esposo me encuentre, estoy en paraiso tabasco", "27014", None),
    ("vivia en tepalcatepec y me vine a uruapan", "16102", "16089"),
    ("deje mi casa en Apatzingán y llegué a Guadalajara ayer", "14039", "16006"),
    ("huimos de la tarahumara a la ciudad de chihuahua", "08019", "08"),
    ("quiero salir de reynosa ya no aguanto", "28032", None),
    ("tuvimos que salir de reynosa en la noche", None, "28032"),
    ("albergue en tijuana", "02004", None),
    ("hay albergue para mujeres en ciudad juarez?", "08037", None),
    ("me quede sin papeles en el camino a Monterrey", "19039", None),
    ("necesito un psicologo en ecatepec edo mex", "15033", None),
    ("vengo de Honduras y estoy en Tapachula", "07089", None),
    ("mataron a mi hermano en Chilapa, estoy en Chilpancingo", "12029", "12028"),
    ("nos sacaron de Santa Martha, Chenalhó y estamos en un refugio", None, "07026"),
    ("llegue a zihuatanejo huyendo de coyuca de catalan", "12038", "12022"),
    ("estamos refugiados en la iglesia de ajuchitlan", "12003", None),
    ("de petatlan nos venimos a acapulco", "12001", "12048"),
    ("soy de la montaña de guerrero", "12", None),
    ("estoy en cd victoria tamaulipas", "28041", None),
    ("hola ando en tapashula y no tengo papeles", "07089", None),
    ("somos de oaxaca pero estamos en hermosillo, sonora", "26030", "20"),
    ("me vine de puebla a la cdmx", "09", "21"),
    ("escribo desde tlaxiaco", "20397", None),
    ("estamos en apatsingan", "16006", None),
    ("mi mama se quedo en aguililla y yo estoy en colima", "06", "16002"),
    ("mi cp es 41304", "12", None),
    ("salimos ayer de San Miguel Totolapan rumbo a Chilpo", "12029", "12054"),
    ("trabajo en los campos de san quintin", "02006", None),
    ("nos quemaron la casa en pantelho", None, "07066"),
    ("busco a mi hijo desaparecido en reynosa", "28032", None),
    ("quiero irme a tijuana", "02004", None),
    ("me amenazaron en celaya y me vine con mi hermana a leon", "11020", "11007"),
    ("la maña llego a frontera comalapa y nos fuimos a comitan", "07019", "07034"),
    ("mi hermana Guadalupe vive en Guadalupe, Zacatecas", "32017", None),
    ("estoy en el hospital de tlapa", "12066", None),
    ("llegamos a la central de autobuses de puebla", "21", None),
    ("estoy en tijuana bc y vengo de michoacan", "02004", "16"),
    ("ocupo trabajo en nogales", "26043", None),
    ("mi comunidad pertenece al municipio de zitacuaro", "16112", None),
    ("ayuda para desplazados en guerrero", "12", None),
    ("dónde queda el centro de justicia para las mujeres en Tuxtla", "07101", None),
    ("CORRIERON A MI FAMILIA DE TILA CHIAPAS Y ESTAMOS EN PALENQUE", "07065", "07096"),
    ("no tenemos que comer estamos en ocosingo", "07059", None),
    ("soy madre soltera vivo en iztapalapa y me quieren quitar a mi hijo", "09007", None),
    ("como saco una acta de nacimiento en juchitan oaxaca", "20043", None),
    ("llegamos hace 3 dias a la cdmx venimos de guerrero", "09", "12"),
    ("nos desplazaron de Coahuayana y ahorita estamos en tecoman colima", "06009", "16014"),
    ("mi marido me golpea vivo en ecatepec", "15033", None),
    ("quisiera saber donde hay comedor en saltillo", "05030", None),
    ("los malandros nos quitaron la tierra en guadalupe y calvo, andamos en parral", "08032", "08029"),
    ("trabajaba en los mochis y me corrieron", None, "25001"),
    ("me urge un doctor en tlapa gro", "12066", None),
    ("soy tsotsil de chamula, necesito interprete", "07023", None),
    ("vamos para monterrey donde hay albergue", "19039", None),
    ("mis hijos y yo vamos rumbo a hermosillo", "26030", None),
    ("dejamos todo en filo de caballos", None, "12040"),
    ("desplazada de la sierra de chihuahua viviendo en delicias chihuahua", "08021", "08"),
    ("estoy en acapulco por lo del huracan perdi mi casa", "12001", None),
    ("con la inundacion en poza rica nos quedamos sin nada", "30131", None),
    ("hay escuela para mis niños aqui en comitan?", "07019", None),
    ("somos 12 familias de san juan copala estamos en oaxaca", "20", "20469"),
    ("mi hija esta en monterrey y yo en reynosa, quiero que se venga", "28032", None),
    ("ando en sancris sin donde dormir", "07078", None),
    ("me dijeron que en villahermosa dan apoyo", "27004", None),
    ("vivo cerca de apatzingan", "16006", None),
    ("vivo a las afueras de culiacan", "25006", None),
    ("huimos de badiraguato hace un mes y rentamos en culiacan", "25006", "25003"),
    ("nos echaron de la comunidad por cambiar de religion, en san juan chamula", "07023", None),
    ("vengo huyendo de mi pareja desde veracruz, llegue a puebla", "21", "30"),
    ("quiero regresar a mi pueblo en chicomuselo", "07030", None),
    ("busco a mi hermano que desaparecio en fresnillo zacatecas", "32010", None),
    ("necesito abogado en cuernavaca", "17007", None),
    ("necesito abogado en Ocampo Michoacan", "16061", None),
    ("nos amenazaron y tuvimos que dejar Tepalcatepec", None, "16089"),
    ("como llego al dif de chilpancingo", "12029", None),
    ("presidencia municipal de metlatonoc no nos ayuda", "12043", None),
    ("queremos ir a la ciudad de mexico a pedir ayuda", "09", None),
    ("estoi en siudad juares y no conosco a nadie", "08037", None),
    ("mi esposo es de guerrero y me tiene encerrada en tijuana", "02004", "12"),
    ("salí huyendo de Zacatecas, ahora vivo en Aguascalientes", "01", "32"),
    ("quemaron nuestras casas en Aldama Chiapas", None, "07113"),
    ("somos de la comunidad de Tierra Blanca Copala y nos desplazaron", None, "20469"),
    ("trabajo para mi esposo en playa del carmen", "23008", None),
    ("renta barata en cancun", "23005", None),
    ("tuve que irme de celaya por las amenazas, ando en queretaro", "22", "11007"),
    ("venimos caminando desde tapachula y estamos en juchitan", "20043", "07089"),
    ("soy de michoacan", "16", None),
    ("soy originaria de huetamo y estoy viviendo en toluca", "15106", "16038"),
    ("me encuentro en la ciudad de torreon coahuila", "05035", None),
    ("vivimos en el municipio de coyuca de catalan", "12022", None),
    ("apoyo psicologico gratis gdl", "14039", None),
    ("refugio tlapa guerrero", "12066", None),
    ("comida xalapa", "30087", None),
    ("necesito despensa vivo en neza", "15058", None),
    ("estoy embarazada y sola en ensenada", "02001", None),
    ("estamos en un rancho por el rumbo de fresnillo", "32010", None),
    ("en matamoros nos secuestraron", "28022", None),
    ("nos bajaron del autobus en san fernando tamaulipas", "28035", None),
    ("perdimos la cosecha y la casa en la montaña", None, "12"),
    ("mi papa trabaja en los estados unidos y nosotros en jerez zacatecas", "32020", None),
    ("ya no hay ley en aguililla", "16002", None),
    ("no puedo volver a culiacan porque me matan", None, "25006"),
    ("llevo 2 semanas en ixtapaluca", "15039", None),
    ("quiero poner una denuncia en tlaxcala", "29", None),
    ("hola, soy maria de comitan", "07019", None),
    ("necesito ayuda en chilpansingo guerrero", "12029", None),
    ("estoy por irme a monterey, de donde soy ya no se puede vivir", "19039", None),
    ("nos venimos de la sierra de guerrero a cuernavaca", "17007", "12"),
    ("mi suegra vive en irapuato y ahi nos quedamos", "11017", None),
    ("donde esta la fiscalia en tuxtla gutierrez", "07101", None),
    ("estoy refugiada en casa de una amiga en uruapan", "16102", None),
    ("mi ex me busca, estoy escondida en pachuca", "13048", None),
    ("me quitaron a mi bebe en el hospital de iguala", "12035", None),
    ("vivo en benito juarez quintana roo", "23005", None),
    ("perdi mi ine en tehuacan", "21156", None),
    ("renavi oaxaca", "20", None),
    ("mi hijo de 15 lo quieren reclutar en la sierra de sinaloa", "25", None),
    ("el huracan nos dejo sin casa, seguimos en acapulco", "12001", None),
    ("me vine siguiendo a mi hermana a Reynosa desde Veracruz", "28032", "30"),
    ("en ajuchitlan del porgreso nos hace falta doctor", "12003", None),
    ("acabamos de llegar de zacatecas a san luis potosi", "24", "32"),
    ("venimos de paso, estamos en tapachula y queremos llegar a tijuana", "02004", None),
    # other orders of words, and who says that something was done to them
    ("de Batopilas nos corrieron, llegamos a Cuauhtemoc, Chihuahua", "08017", "08008"),
    ("en Apatzingán nos cobraban cuota por eso andamos en León", "11020", "16006"),
    ("en Celaya me balacearon el negocio", "11007", None),
    ("nos mataron a mi papá en Tecalitlán, huimos a Guadalajara", "14039", "14087"),
    ("por el derrumbe en Atlautla perdimos todo y andamos en Amecameca", "15009", "15015"),
    ("ya no vivimos en Tila, estamos en Palenque", "07065", "07096"),
    ("ya no vivo en Petatlán", None, "12048"),
    ("desde Huautla de Jiménez vienen caminando hasta Tehuacan", "21156", "20041"),
    ("volver a mi pueblo Metlatónoc no puedo, vivo en Tlapa", "12066", "12043"),
    ("no quiero ir a Tijuana, quiero quedarme en Mexicali", "02002", "02004"),
    # who is still there
    ("somos de Metlatónoc y ahí seguimos, necesitamos maíz", "12043", None),
    ("andan rondando mi casa en Silao, qué hago", "11037", None),
    ("allá en Urique la gente necesita medicinas", "08065", None),
    ("quiero traer a mis hijos de Teloloapan, están solos", "12058", None),
    ("era para saber si en Matehuala hay comedor", "24020", None),
    # where somebody was last
    ("mi esposo trabajaba en Reynosa y desde el martes no contesta", "28032", None),
    ("no sabemos de mi hermana, vivía en Ecatepec", "15033", None),
    ("trabajaba en Fresnillo y me corrieron, ahora vivo en Torreón", "05035", "32010"),
    # the city, not the state; homonyms near where the person is
    ("estamos en la ciudad de Puebla y venimos de la capital de Guerrero", "21114", "12029"),
    ("me golpearon en Tonalá Jalisco y me fui a Colima la capital", "06002", "14101"),
    ("en Veracruz, el puerto, hay albergue?", "30193", None),
    ("vengo de Concordia, estoy en Mazatlán", "25012", "25004"),
    ("vendo mi parcela de Jerez porque ya vivo en Aguascalientes", "01", "32020"),
    # with slips, beside the state; towns that everybody there knows
    ("necesito doctor en san anres tuxtla, veracruz", "30141", None),
    ("venimos de chichihualko, guerrero y estamos en toluca", "15106", "12040"),
    ("nos corrieron de tapalzpa jalisco", None, "14086"),
    ("estoy en tonaya jalisco y necesito comida", "14102", None),
    ("estoy en ciudad nicolas romero y no tengo comida", "15060", None),
    ("vivo en san pablo de las salinas y no tengo trabajo", "15109", None),
    # as it sounds
    ("los sakaron de chenalo y kien les ayuda", None, "07026"),
    ("uimos de aguililla, bibimos en morelia", "16053", "16002"),
    # A place on the way, or where kin are, is wanted only when no other place is, and never fled.
    ("Pasamos por Pátzcuaro y llegamos a Morelia, buscamos albergue", "16053", None),
    ("vamos pasando por Iguala, ¿dónde dan comida?", "12035", None),
    ("Mis tíos están en Chilapa, nosotros llegamos a Tixtla y pedimos despensa", "12061", None),
    ("mi hija trabaja en Monterrey y yo en Saltillo, ocupo psicólogo", "05030", None),
    ("Mi mamá está en Tapachula y necesita un doctor", "07089", None),
    ("mis abuelos viven en Texcoco, mañana me voy con ellos, salí de Tejupilco", "15099", "15082"),
)

ASKED = (
    ("soy de Guerrero pero ando en Ocampo", {"16061", "11022"}),
    ("vivo en benito juarez y necesito comida", {"23005", "09014"}),
    ("estamos en san juan mixtepec sin agua", {"20208", "20209"}),
    ("vivo en tierra caliente y ya no se puede", {"12", "16"}),
    ("necesito doctor en la paz", {"03003", "15070"}),
)

ORDINARY = """
busco casa
necesito ropa
mi hermanito se jala el cabello
dejo a un marido que la maltrataba
me cosio un conocido
venden mazapanes en el camion
gasto en inhaladores
hay aventones seguros
que busquen en las fosas
duermo abajo de la lona
si pue
gracias pue
mis chiquitos sin leche
pon la mano en el comal pa que veas
me prestan un sillon hasta el quince
cruzamos por el llano de noche
dicen que en la esperanza, la colonia, dan ropa
busco a mi perrito, es un chihuahua
hace falta que hablen en tarahumara
por ser tarahumara no me atendieron
perdio el guadalajara
traigo una carta bien chila pa mi morra
estoy en el cereso
somos 40 familias en Nuevo Morelia
la calle Veracruz esquina con Puebla
soy chofer de torton
gracias
hola
hola buenas tardes
me llamo Guadalupe
mi hija Victoria
mi hija Victoria tiene fiebre
me llamo Guadalupe y necesito ayuda
mi esposo se llama Jesus Maria Garcia
la señora López me ayudó
don Benito Juarez no nos deja pasar
vivo en la colonia Reforma
vivo en la calle Hidalgo
calle Hidalgo 23 centro
quiero ir al centro
estoy en el centro
en la cruz roja no me atendieron
el centro de salud esta cerrado
donde hay un centro de salud
centro de justicia para las mujeres
tengo una cita en el hospital juarez
mi esposo me pega y no se a donde ir
necesito hablar con un licenciado
que pasa si no tengo acta de nacimiento
gracias que dios la bendiga
ya no quiero vivir
me duele mucho la cabeza y tengo dolores
esperanza es lo que nos queda
tengo la esperanza de volver
no hay paz en mi pueblo
quiero vivir en paz
quiero la paz para mi familia
esto no es un paraiso
mi hija Soledad esta sola
la soledad me mata
mi hermana Carmen
doña Carmen nos presto un cuarto
Rosario esta embarazada
rezamos el rosario
la virgen de guadalupe nos cuide
a Guadalupe la golpean
le dije a Victoria que se fuera
es una victoria que estemos vivos
trabajo en casas
limpio casas
lavo ropa en casas
dormimos en casas de campaña
mi ex marido es del gobierno
los soldados entraron a la casa
vienen por nosotros
ya llegaron
me estan siguiendo
me quieren matar
ayuda
auxilio por favor
socorro
tengo hambre
mis hijos no han comido
necesito leche para mi bebe
mi bebe tiene calentura
busco a mi hijo
mi hijo desaparecio ayer
mi hermano no regreso
se llevaron a mi esposo
se llevaron mis animales
perdi mi credencial
perdi mi ine
como saco mi curp
no tengo papeles
se quemaron mis papeles
mi hijo no esta registrado
quiero meter a mis hijos a la escuela
no me aceptan en la escuela
necesito trabajo
busco trabajo de lo que sea
donde hay trabajo
quiero rentar un cuarto
cuanto cuesta
es gratis?
me cobran por el apoyo
me pidieron dinero
el funcionario me pidio dinero
quiero poner una queja
los policias me golpearon
quiero denunciar
tengo miedo de denunciar
no quiero denunciar
que derechos tengo
soy desplazada?
que hago primero
no se que hacer
estoy sola
estoy sola con mis hijos
somos cuatro
somos una familia de seis
mi mama tiene azucar
mi papa es diabetico
necesito insulina
estoy embarazada
se me rompio la fuente
estoy sangrando
me violaron
mi padrastro me toca
me quiere casar a la fuerza
quiero morirme
no puedo dormir
tengo pesadillas
estoy muy triste
extraño mi casa
extraño mi tierra
quiero regresar
puedo regresar?
nos quitaron la tierra
nos quitaron la parcela
el ejido no nos deja entrar
somos indigenas
hablo mixteco
hablo tseltal
no hablo bien español
necesito un interprete
soy gay y me corrieron de mi casa
mi familia me corrio
tengo una discapacidad
mi hijo usa silla de ruedas
mi abuelita no puede caminar
cuanto tarda
a que hora abren
estan abiertos?
nadie contesta
ese numero no existe
el numero esta mal
gracias por todo
adios
hasta luego
menu
salir
borrar mis datos
quien eres
eres un robot?
quiero hablar con una persona
si
no
no se
tal vez
esta bien
ok
no entiendo
repita por favor
como dijo
otra opcion
la primera
la dos
2
1 y 3
jajaja
que tal
buenos dias señorita
disculpe la molestia
una pregunta
necesito informacion
me pueden ayudar
ayudenme por favor
por el amor de dios
dios mio
que bueno
muy amable
cobijas y ropa de invierno
no hay agua
no hay luz
se metio el agua a la casa
el rio se llevo mi casa
el temblor tiro mi casa
el huracan nos dejo sin nada
el cerro se deslavo
nos balacearon
hubo balacera anoche
hay retenes en la carretera
no podemos salir del pueblo
nos tienen encerrados
cerraron el camino
mataron a mi hermano
mataron al comisario
el comandante nos amenazo
los de la letra nos corrieron
nos cobran piso
me cobran cuota
quieren llevarse a mi hijo
quieren reclutar a mi hijo
salimos en la noche
salimos de la casa corriendo
salimos del rancho
nos fuimos con lo puesto
venimos caminando
dormimos en la calle
dormimos en el carro
estamos en una iglesia
estamos en un albergue
nos van a sacar del albergue
estoy en casa de mi hermana
estoy en casa de una amiga
estoy con mi suegra
vivo con mi tia
vivo en un cuarto
vivo en el cerro
ando en la calle
estoy en el trabajo
estoy en el hospital
estoy en la escuela
estoy en la terminal
estoy en el mercado
voy en el camion
voy a la iglesia
fui al ministerio publico
fui al dif y no me atendieron
fui a la presidencia
fui a la fiscalia y nada
me mandaron de un lado a otro
hable al 911 y no contestan
tengo diez mil pesos
tengo 15000 pesos de deuda
son 20000 pesos
debo 35000
mi numero es 7571234567
nos dieron 41304 pesos
la union hace la fuerza
la libertad no tiene precio
quiero mi libertad
la reforma laboral
la independencia economica
el progreso no llega aqui
el oro que tenia lo vendi
el fuerte golpe
me duele el oido
china poblana
mama ayudame
una isla
la mina donde trabajaba mi esposo
trabajo en la mina
el bosque se quemo
la huerta la perdimos
mi huerta
el llano
la perla
las rosas
las margaritas que sembre
leon se llama mi hijo
mi hijo Leon
mi hijo Jesus
mi hijo Angel
mi niño Santiago esta enfermo
Santiago y Carmen son mis hijos
mi compadre Zaragoza
el profe Morelos
la maestra Hidalgo
el licenciado Guerrero me atendio
el apellido es Guerrero
mi apellido es Ocampo
soy Guadalupe
soy Victoria
soy Rosario Allende
soy Lupita
necesito al doctor Cardenas
necesito hablar con la licenciada Magdalena
soy guerrera
somos guerreros
mexico esta muy mal
en mexico no hay justicia
soy mexicana
soy de estados unidos
me deportaron de estados unidos
vengo de venezuela
soy hondureña
somos de el salvador
quiero pedir asilo
tengo la tarjeta de visitante
comar no contesta
sin dinero
sin casa
sin nada
son las doce
son tres niños
ver si me ayudan
quiero ver a mis hijos
por mor de dios
mas o menos
de nada
en fin
a la orden
a ver
a que hora
de donde salgo
de que se trata
en que puedo
en cuanto tiempo
hasta cuando
desde ayer
desde hace meses
desde niña
por la noche
por mis hijos
por miedo
por favor
cerca de aqui
cerca de mi casa
rumbo a la casa
""".strip().split("\n")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.mark.parametrize(("text", "wanted", "fled"), MESSAGES)
def test_the_place_wanted_is_told_from_the_place_fled(
    gazetteer: Gazetteer, text: str, wanted: str | None, fled: str | None
) -> None:
    mentions = gazetteer.find(text)

    assert (_taken(mentions.wanted), _taken(mentions.fled)) == (wanted, fled)


@pytest.mark.parametrize(("text", "keys"), ASKED)
def test_a_homonym_in_a_message_stays_open(gazetteer: Gazetteer, text: str, keys: set[str]) -> None:
    wanted = gazetteer.find(text).wanted

    assert wanted is not None
    assert wanted.ambiguous
    assert keys <= {place.key for place in wanted.candidates}


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_no_places(gazetteer: Gazetteer, text: str) -> None:
    mentions = gazetteer.find(text)

    assert (mentions.wanted, mentions.fled) == (None, None)


def test_a_long_message_is_read_up_to_its_cut(gazetteer: Gazetteer) -> None:
    mentions = gazetteer.find(
        "me duele todo y no duermo. " * 100 + "Estoy en Tlapa. " + "ya no puedo mas " * 9000
    )

    assert _taken(mentions.wanted) == "12066"


def _taken(answer: PlaceAnswer | None) -> str | None:
    if answer is None:
        return None
    assert not answer.ambiguous, answer
    return answer.candidates[0].key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("no en Zamora, en Jacona", "16043"),
        ("no es en Fresnillo, es en Jerez", "32020"),
        ("te equivocas, no de Colima: de Manzanillo", "06007"),
        ("Torreón, por la Alameda", "05035"),
        ("Ecatepec, cerca del metro", "15033"),
        ("moroleon, donde hacen ropa, Guanajuato", "11021"),
        ("el mante, de Tamaulipas", "28021"),
        ("morelos, pero el de Zacatecas", "32032"),
        ("chi huahua capital", "08019"),
        ("tlaque paque", "14098"),
        ("zihuata", "12038"),
        ("tlaje, Jalisco", "14"),
        ("mi código postal es 09200", "09"),
        ("cp 14000", "09"),
        ("san juan mixtepec, cerca de Juxtlahuaca", "20208"),
        ("oajaca de juarez", "20067"),
    ],
)
def test_an_answer_is_read_through_what_stands_around_it(gazetteer: Gazetteer, text: str, key: str) -> None:
    answer = gazetteer.resolve(text)

    assert [place.key for place in answer.candidates[:1]] == [key]
    assert not answer.ambiguous


@pytest.mark.parametrize(
    "text",
    ["Laredo Texas", "en Calexico", "Douglas, frente a Agua Prieta", "Nogales del lado gringo", "tecun uman"],
)
def test_a_town_across_the_border_is_no_place_of_mexico(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.resolve(text).candidates == ()


def test_between_two_towns_the_person_is_asked_which(gazetteer: Gazetteer) -> None:
    answer = gazetteer.resolve("entre Celaya y Salvatierra")

    assert [place.key for place in answer.candidates] == ["11007", "11028"]
    assert answer.ambiguous


@pytest.mark.parametrize(
    "text", ["mi mamá se quedó sola en Tila", "mi abuelo se quedó solo en Jesús María, Nayarit"]
)
def test_where_somebody_was_left_alone_is_no_place_fled(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text).fled is None
