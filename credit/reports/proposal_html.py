"""The document of a proposal as one page of HTML, to be printed and signed."""

from credit.model.when import SHANGHAI
from credit.reports import words
from credit.reports.html import templates
from credit.reports.proposal import Document


def render(document: Document) -> bytes:
    """Write a document as HTML in UTF-8."""
    made = document.made_at.astimezone(SHANGHAI)
    page = templates().get_template("proposal.html")
    return page.render(doc=document, words=words, made_at=f"{made:%Y-%m-%d %H:%M:%S}").encode()
