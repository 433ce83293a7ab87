"""What axe, which comes with its package and needs no network, finds wrong for some readers."""

SERIOUS = ("serious", "critical")
# spares axe a list of all that is right, and requests for the page's own files
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def find_serious(page, context=None):
    """Rule and place of each serious fault in a browser's page, or in the parts of it named."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context, OPTIONS).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in SERIOUS]
