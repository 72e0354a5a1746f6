"""From which kind of device a session was opened, in words: enough to know one's own."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """«Chrome en Android». Nothing of what the browser said is kept beyond that."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Otro navegador")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "otro sistema")
    return f"{browser} en {system}"
