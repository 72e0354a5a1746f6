"""What every page works with: opened once, passed to each."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment

from bot.client_address import Networks, trusted_networks
from bot.core import Core
from bot.panel import rendering
from bot.panel.passwords import Passwords
from bot.panel.shelf import Shelf
from bot.settings import Settings
from services import record_rules
from services.exchange import area_names
from services.exchange.area_names import AreaNames
from services.record_rules import Rules


@dataclass(frozen=True, slots=True)
class Desk:
    """The open parts of the panel."""

    core: Core
    settings: Settings
    rules: Rules
    areas: AreaNames
    shelf: Shelf
    passwords: Passwords
    templates: Environment
    trusted: Networks
    readings: "set[asyncio.Task[Any]]" = field(default_factory=set)
    """Lists that are being read because somebody asked for it."""


def open_desk(core: Core, settings: Settings) -> Desk:
    """Read what the pages look up."""
    rules = record_rules.load_rules()
    areas = area_names.load(rules.areas)
    return Desk(
        core=core,
        settings=settings,
        rules=rules,
        areas=areas,
        shelf=Shelf(areas),
        passwords=Passwords(),
        templates=rendering.environment(areas),
        trusted=trusted_networks(settings.trusted_proxies),
    )
