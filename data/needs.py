"""The needs Faro knows, what steers a conversation, and for whom a person asks."""

from enum import StrEnum


class Need(StrEnum):
    """What a person needs. A protection service carries the needs it answers."""

    EMERGENCY = "emergency"
    SHELTER = "shelter"
    FOOD = "food"
    CASH = "cash"
    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    LEGAL = "legal"
    VICTIM_REGISTRY = "victim_registry"
    DOCUMENTS = "documents"
    GBV = "gbv"
    CHILDREN = "children"
    EDUCATION = "education"
    WORK = "work"
    HOUSING = "housing"
    MISSING = "missing"
    TRANSPORT = "transport"
    HUMAN_RIGHTS = "human_rights"
    AID_ABUSE = "aid_abuse"
    KNOW_RIGHTS = "know_rights"


class Steer(StrEnum):
    """What a message does to the conversation, beside or instead of a need."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    AFFIRM = "affirm"
    DENY = "deny"
    MENU = "menu"
    TALK_TO_PERSON = "talk_to_person"
    REPORT_WRONG_INFO = "report_wrong_info"
    DELETE_DATA = "delete_data"
    SAFE_EXIT = "safe_exit"
    STOP = "stop"
    OPINION = "opinion"
    OUT_OF_SCOPE = "out_of_scope"


class Who(StrEnum):
    """For whom a person asks; only when it was said or chosen."""

    WOMEN = "women"
    WOMAN_WITH_CHILDREN = "woman_with_children"
    MAN = "man"
    FAMILY_WITH_MAN = "family_with_man"
    CHILDREN = "children"
    OLDER = "older"
    DISABILITY = "disability"
    LGBTI = "lgbti"
    INDIGENOUS = "indigenous"
