"""The timeline: month by month, what was put to the authorities and what they answered."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from web.current import current_serving

pages = Blueprint("timeline", __name__)


@pages.get("/timeline")
def timeline_page() -> str:
    """All months of the record as bars, the fullest of them told passage by passage."""
    with current_serving() as serving:
        g.lasting = True
        return render_template("timeline.html", page=serving.timeline)
