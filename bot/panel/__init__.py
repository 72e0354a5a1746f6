"""The caseworkers' panel under /panel: pages made on the server, one gate before all of them.

A page in five lines, in a module of its own or of its subject:

    async def show(visit: Visit) -> Response:
        return visit.page("sources.html", sources=await sources.every(visit.desk.core))

    PAGES = (Page("GET", "/fuentes", Permission.SOURCES, show),)

then its module in `site.MODULES`, and a line in `navigation.PLACES` when it belongs in the menu.
README.md tells more.
"""
