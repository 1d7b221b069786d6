"""One module a format: what it recognises, and how it becomes rows of the data model."""

from queries.intake.readers import (
    kolada,
    kolada_document,
    kolada_register,
    plans,
    salsa,
    skolenkaten,
    skolverket,
    skolverket_api,
    templates,
)

# Asked in this order: our own templates are the strictest, a table of goals or actions is known by the least.
READERS = (
    templates,
    skolverket,
    skolenkaten,
    kolada,
    kolada_document,
    kolada_register,
    salsa,
    skolverket_api,
    plans,
)
