"""The protection route in the chat: where one is, what to do, next and back."""

INTRO = "Esta es su ruta en {state}: {count} pasos, en el orden que le sirva."
INTRO_NATION = "Esta es su ruta, paso por paso: {count} pasos, en el orden que le sirva."
WHO_IS = (
    "Quien deja su casa por violencia o por un desastre es persona desplazada, "
    "aunque nadie le haya amenazado."
)
"""United Nations, Guiding Principles on Internal Displacement (1998), paragraph 2 of the introduction."""

CASE_CHANGES = "Para su caso cambian {steps}."
CASE_STEPS = "los pasos {numbers} y {last}"
CASE_STEP = "el paso {last}"
ASK_CASE = (
    "¿Hay algo de esto en su caso? Toque una opción y ajusto los pasos. "
    "También puede decirlo con sus palabras. Si no, toque «Ver los pasos»."
)
CASE_TAKEN = "Listo, ya lo tomé en cuenta."
HOW = "Escriba «paso 5» o el nombre de un paso para abrirlo, cuando quiera."
HEADER = "Paso {number} de {count}: {title}"
WHO = "Con quién: {text}"
BRING = "Lleve: {text}"
WITHOUT_PAPERS = "Sin papeles: {text}"
REFUSED = "Si no le atienden: {text}"
BASIS = "De dónde sale: {text}"
LIST = "Los pasos de su ruta. Toque uno o escriba su número, por ejemplo «paso 5»:"
LIST_LINE = "{number}. {title}"
DONE = "Muy bien, un paso menos. Sigue este:"
END = "Esos son todos los pasos de su ruta. Puede volver a cualquiera: escriba «paso 1», «paso 2»…"
UNKNOWN_STEP = "No encontré ese paso. Estos son los pasos de su ruta:"
