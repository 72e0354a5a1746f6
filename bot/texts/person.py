"""Talking with a person instead of with Faro."""

PERSON = "Claro. Estas son personas que pueden atenderle por teléfono{place}:\n{services}"
PERSON_SAFE = "Llame desde un lugar seguro y cuando pueda hablar."
