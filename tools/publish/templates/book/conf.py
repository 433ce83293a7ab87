"""How Sphinx makes the book. tools/publish/book.py starts it, and writes the pages it reads."""

from sphinx.application import Sphinx
from sphinx.config import Config

from tools.publish import address, book

project = "What is a variational autoencoder?"
language = "en"  # en_GB has no plural of "page found": the search would stop there
extensions = ["myst_nb", "tools.publish.cross_references"]
numbered = book.find_numbered()

nb_execution_mode = "off"  # the outputs are the stored ones
nb_merge_streams = True
nb_code_prompt_show = "Show code"
nb_code_prompt_hide = "Hide code"
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3  # links may name headings down to this level

html_theme = "sphinx_book_theme"
html_title = project
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_css_files = ["palette.css", "book.css"]  # book.py writes the first
html_copy_source = False
html_use_index = False
html_permalinks_icon = "#"
mathjax_path = "mathjax/tex-svg.js"  # book.py puts it there; the file holds its fonts
html_context = {"default_mode": "auto"}  # light or dark as the reader's system is
html_theme_options = {
    "logo": {"text": project},
    "use_download_button": False,  # the page's source is a copy that was made for the book
    "footer_content_items": ["extra-footer.html"],
    "extra_footer": "Text and figures: CC BY 4.0. Code: MIT.",
    "navbar_persistent": [],  # one search field, in the side bar
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "github-dark",
}


def add_repository(app: Sphinx, config: Config) -> None:
    """Buttons that open a notebook on Binder or Colab, or its source: once there is an address."""
    if not config.owner_name:
        return
    config.html_theme_options.update(
        repository_url=f"{address.GITHUB}{config.owner_name}",
        repository_branch="HEAD",
        use_repository_button=True,
        launch_buttons={
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
            "notebook_interface": "jupyterlab",
        },
    )


def setup(app: Sphinx) -> None:
    app.add_config_value("owner_name", "", "html")
    app.connect("config-inited", add_repository)
