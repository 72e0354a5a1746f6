"""Finding a service: asking for the place, showing what there is, and the ladder when there is nothing."""

ASK_PLACE = (
    "{need} ¿En qué municipio o estado está ahora? Escríbalo, mande su ubicación o toque «Prefiero no decir»."
)

ASK_PLACE_ONLY = (
    "¿En qué municipio o estado está ahora? Escríbalo, mande su ubicación o toque «Prefiero no decir»."
)

ASK_PLACE_AGAIN = (
    "No encontré ese lugar en México. Escriba el municipio y el estado, por ejemplo «Tlapa, Guerrero». "
    "También puede escribir solo el estado, o tocar «Prefiero no decir»."
)

MEANWHILE = "Mientras, puede llamar aquí: {line}."

ASK_WHICH_PLACE = "Hay varios lugares con ese nombre. ¿Cuál es el suyo?"

ASK_NEED = "Gracias. ¿Qué necesita en {place}? Elija de la lista o dígalo con sus palabras."

ASK_NEED_ANYWHERE = (
    "Está bien, no hace falta decirlo. ¿Qué necesita? Elija de la lista o dígalo con sus palabras."
)

FOUND = "Esto es lo que tengo sobre {need} en {place}. Llame antes de ir:"
FOUND_MORE = "También tengo esto sobre {need} en {place}. Llame antes de ir:"
FOUND_ONE_OF = "Hay {count} más: escriba «ver más»."
NO_MORE = "Ya no tengo más sobre {need} en {place}."

NEXT_NEED = "Después podemos ver {need}: toque «{label}» o escriba «sí»."
NEXT_REFUSED = "Si le negaron la atención, toque «{label}» o escriba «sí»."

LEADS = {
    "aid_abuse": "Esa ayuda debe ser gratis. No tiene que pagar ni dar nada a cambio.",
    "victim_registry": "Registrarse es gratis y nadie debe cobrarle por eso.",
}
"""What must be known before anything else about a need."""

REFUGE = (
    "Con gusto le busco un lugar donde quedarse, hoy o cuando le haga falta. "
    "Dónde está un refugio para mujeres no se le dice a nadie, para cuidarlas: se entra llamando."
)

STEP_BY_STEP = "Para saber qué llevar y qué hacer si le dicen que no, escriba «paso {number}»."
STEP_OF_RETURN = "Antes de regresar o irse a otro lado, escriba «paso {number}»."

ASK_BEFORE = "Antes de ir, pregunte si reciben {whom}."
RECEIVES = "Reciben {whom}."
RECEIVES_NOT = "No reciben {whom}."
WHOM = {
    "disability": "a personas con discapacidad",
    "lgbti": "a personas LGBTI",
    "indigenous": "a quien habla otra lengua",
    "pregnant": "a embarazadas",
    "other_state": "a quien viene de otro estado",
}
"""Fields of a record that say for whom the door opens."""
ASK_BEFORE_WHOM = {"sons": "a hijos varones grandes", **WHOM, "without_papers": "sin papeles"}

FOR_WHOM = {
    "indigenous": ("language", "Puede pedir intérprete de su lengua, gratis: escriba «paso {number}»."),
    "disability": ("care", "Si necesita apoyo para moverse o entender, escriba «paso {number}»."),
    "older": ("care", "Para personas mayores hay más: escriba «paso {number}»."),
    "lgbti": ("respect", "Nadie puede negarle ayuda por quien es: escriba «paso {number}»."),
}
"""For whom → the step of the route made for them, and the line that points to it."""

WOMEN_LINE = "Hay opciones solo para mujeres: escriba MUJER."
WOMEN_NUMBER = "Solo para mujeres: {line}. Hay más: escriba MUJER."

NATION = "todo México"

NONE_HERE = "No tengo registrado {need} en {place}."
LADDER_NEAREST = "Lo más cerca que tengo está en {place}{distance}:\n{service}"
LADDER_STATE = "Quién orienta en {state}:\n{service}"
LADDER_NATION = "Línea nacional que puede orientarle:\n{service}"
LADDER_PERSON = "Puede hablar con una persona:\n{service}"
LADDER_LAW = "A quién le toca ayudarle: {office}. Dígales: «{ask}». Pedirlo no cuesta."

DISTANCE_SAME = ", muy cerca"
DISTANCE = ", a unos {km} km"

DETAILS = "Más datos de lo que le mostré. Léalos con calma:"
DETAILS_NONE = "Dígame qué necesita y en qué municipio está, y le muestro a quién puede llamar."

HOURS_ALWAYS = "abierto las 24 horas"
HOURS_OPEN = "abierto ahora, cierra a las {time}"
HOURS_OPEN_ONLY = "abierto ahora"
HOURS_CLOSED_TODAY = "cerrado ahora, abre hoy a las {time}"
HOURS_CLOSED = "cerrado ahora, abre el {day} a las {time}"
HOURS_CLOSED_ONLY = "cerrado ahora"
HOURS_APPOINTMENT = "atiende con cita: llame antes"
HOURS_WITH_APPOINTMENT = "{hours}, con cita"
HOURS_HOLIDAY = "hoy es día festivo: llame antes"
HOURS_UNKNOWN = "horario no confirmado"
HOURS_NOTE = "horario: {note}"

DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip

FRESH_TODAY = "verificado hoy"
FRESH_DAY = "verificado hace 1 día"
FRESH_DAYS = "verificado hace {days} días"
FRESH_MONTHS = "verificado hace {months} meses"
FRESH_ON = "verificado el {day} de {month} de {year}"
FRESH_SOURCE = "según fuente pública de {date}"
FRESH_UNDATED = "según fuente pública sin fecha"
FRESH_UNSURE = "dato por verificar"
FRESH_PAST_DUE = "{known}, puede haber cambiado"

TEL = "Tel. {number}"
WHATSAPP = "WhatsApp {number}"
EXTENSION = " ext. {extension}"
NO_PHONE = "No tengo su teléfono. Pregunte aquí: {line}."
NO_PHONE_OFFICE = "No tengo su teléfono."
WEBSITE = "En internet: {url}"
ADDRESS = "Dirección: {address}"
WOMEN_ONLY = "Solo para mujeres."
WOMEN_AND_CHILDREN = "Para mujeres con sus hijas e hijos."
WOMEN_SONS = "Hijos varones: hasta {age} años."
ASK_CHILDREN = "Si va con hijas o hijos, pregunte antes."
ELIGIBILITY = "Para: {who}."
FEES = "Costo: {fees}."
PAPERS_UNKNOWN = "Papeles: pregunte antes qué le piden."
PAPERS_NONE = "No piden papeles."

WRONG_INFO = "Gracias por avisar: ya lo anoté para que lo revisen."
WRONG_INFO_WHICH = "Gracias por avisar. ¿Cuál de estos no le sirvió?"
WRONG_INFO_NONE = "Gracias por avisar. ¿Qué servicio no le sirvió? Dígame qué buscaba y le doy otra opción."
