"""Meta's error codes as data: who must act, and the sentence that the operator reads.

Source: Meta, Cloud API «Error codes» (May 2026) and the Graph API's «Error handling». Meta asks to go by
`code`; titles and `error_subcode` change, so only one subcode that names a wrong setting is read.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.channels import (
    AcceptanceUnknown,
    FormRefused,
    Misconfigured,
    SendError,
    Throttled,
    Unavailable,
    Undeliverable,
)
from bot.channels.json_values import table, whole, word

Fault = tuple[type[SendError], str]

_LOGIN = "the access token is not valid any more; make a new system-user token and set FARO_WHATSAPP_TOKEN"
_PERMISSION = (
    "the token lacks the permission whatsapp_business_messaging for this number; grant it in Meta's console"
)
_PROGRAM = "Meta refused the message as malformed; report this to Faro's developers"
_TEMPLATE = "the template is missing, paused or filled in wrongly; look at it in WhatsApp Manager"
_ITS_SIDE = "Meta failed on its side"

FAULTS: Mapping[int, Fault] = {
    # slow down
    4: (Throttled, "the application calls too often"),
    80007: (Throttled, "the business account calls too often"),
    130429: (Throttled, "more messages a second than this number may send"),
    131048: (
        Throttled,
        "Meta holds messages back after complaints of spam; look at the number's quality rating",
    ),
    131056: (Throttled, "too many messages to the same person"),
    131064: (Throttled, "the messaging limit is reached"),
    133016: (Throttled, "the number was registered too often; wait 72 hours"),
    # Meta's side
    1: (Unavailable, _ITS_SIDE),
    2: (Unavailable, "Meta's service is down for a moment"),
    131000: (Unavailable, _ITS_SIDE),
    131016: (Unavailable, "a service of Meta is overloaded"),
    131053: (Unavailable, "Meta could not take in a file"),
    131057: (Unavailable, "the number's throughput is being raised; it is back in some minutes"),
    133004: (Unavailable, "Meta's server is down for a moment"),
    135000: (Unavailable, _ITS_SIDE),
    # the operator
    0: (Misconfigured, _LOGIN),
    3: (Misconfigured, _PERMISSION),
    10: (Misconfigured, _PERMISSION),
    33: (Misconfigured, "the phone number was deleted; set FARO_WHATSAPP_PHONE_NUMBER_ID to one that exists"),
    190: (Misconfigured, _LOGIN),
    368: (Misconfigured, "the account is blocked for a while for breaking a policy; see WhatsApp Manager"),
    130497: (Misconfigured, "the account may not write to people in this country; see WhatsApp Manager"),
    131005: (Misconfigured, _PERMISSION),
    131030: (
        Misconfigured,
        "a test number writes only to numbers on its list; add them, or use a real number",
    ),
    131031: (Misconfigured, "the business account is locked; see WhatsApp Manager"),
    131037: (Misconfigured, "the number's display name is not approved; see WhatsApp Manager"),
    131042: (
        Misconfigured,
        "the payment method is missing or refused; see the billing of the business account",
    ),
    131045: (Misconfigured, "the number is not registered; register it with its certificate"),
    133010: (Misconfigured, "the number is not registered for the Cloud API; register it"),
    # this form of message: its words may still go
    100: (FormRefused, _PROGRAM),
    131008: (FormRefused, _PROGRAM),
    131009: (FormRefused, _PROGRAM),
    131051: (FormRefused, "this kind of message is not supported"),
    131062: (FormRefused, "this kind of message cannot go to a person without a phone number"),
    # this message or this person
    130472: (Undeliverable, "the person is part of an experiment of Meta and gets no such message"),
    131021: (Undeliverable, "the message would go to the sender's own number"),
    131026: (Undeliverable, "the person cannot be reached on WhatsApp"),
    131047: (Undeliverable, "the person last wrote over 24 hours ago"),
    131049: (Undeliverable, "Meta keeps the message back to protect people from too many"),
    131050: (Undeliverable, "the person wants no marketing messages"),
    131052: (Undeliverable, "the file could not be fetched"),
    131055: (Undeliverable, _PROGRAM),
    131060: (Undeliverable, "the message is not available any more"),
    132000: (Undeliverable, _TEMPLATE),
    132001: (Undeliverable, _TEMPLATE),
    132005: (Undeliverable, _TEMPLATE),
    132007: (Undeliverable, _TEMPLATE),
    132012: (Undeliverable, _TEMPLATE),
    132015: (Undeliverable, _TEMPLATE),
    132016: (Undeliverable, _TEMPLATE),
}
_WRONG_NUMBER_ID = (100, 33)
_PERMISSIONS = range(200, 300)
_TRACE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def classify(status: int, answer: object, *, retry_after: float | None = None) -> SendError:
    """The error that an answer of the Graph API means: an HTTP status and its JSON, if it was JSON.

    The reason holds the code, our sentence and Meta's trace id; never Meta's text, which may quote ours.
    """
    error = table(table(answer).get("error"))
    code = whole(error.get("code"))
    kind, sentence = _by_code(code, error) or _by_status(status, transient=error.get("is_transient") is True)
    named = f"WhatsApp error {code}" if code is not None else f"WhatsApp answered {status}"
    trace = word(error.get("fbtrace_id"))
    traced = f" (fbtrace_id {trace})" if _TRACE.fullmatch(trace) else ""
    return kind(f"{named}: {sentence}{traced}", retry_after=retry_after)


def _by_code(code: int | None, error: dict[str, Any]) -> Fault | None:
    if code is None:
        return None
    if (code, whole(error.get("error_subcode"))) == _WRONG_NUMBER_ID:
        return (
            Misconfigured,
            "there is no such phone number id for this token; set FARO_WHATSAPP_PHONE_NUMBER_ID",
        )
    return (Misconfigured, _PERMISSION) if code in _PERMISSIONS else FAULTS.get(code)


def _by_status(status: int, *, transient: bool) -> Fault:
    """For codes that are not in the table, and for answers of a proxy that hold none."""
    if status == 504:  # a gateway that waited in vain: Meta may have taken it
        return AcceptanceUnknown, "a gateway gave up waiting"
    if transient or status >= 500:
        return Unavailable, _ITS_SIDE
    if status == 429:
        return Throttled, "too many calls"
    if status in (401, 403):
        return Misconfigured, _LOGIN
    if 300 <= status < 400:
        return Misconfigured, "the address redirects; set FARO_WHATSAPP_API_URL to Meta's Graph API"
    return Undeliverable, "Meta refused the message for a reason that Faro does not know"
