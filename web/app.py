"""Makes the application: its views, its headers, its static files. `create_app(settings)` is what a server calls."""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from wsgiref.headers import Headers

from flask import Flask, Response, abort, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from corpus.problems import PinciteError
from web import errors, links
from web.bars import rows
from web.compressing import compress, recalled
from web.config import SiteSettings
from web.costly import EXPORTED, put_aside
from web.current import Preparing, Site, attach, current_serving
from web.fonts import Fonts
from web.metrics import OTHER, Board
from web.proxies import is_forwarded
from web.ratelimit import EXPORT_COSTS, RateLimit
from web.render import RENDER_VERSION
from web.static_files import prepare
from web.views import about, api, documents, officials, search, sources, timeline
from web.wording import counted
from web.workers import Shared

STATIC_FOLDER: Final = Path(__file__).parent / "static"
STATIC_PREPARED: Final = "static"  # below the data folder
BODY_BYTES_AT_MOST: Final = 64 * 1024  # a private search sends its words in the body; nothing else has one
STATIC_SECONDS: Final = 365 * 24 * 3600  # names change with content, so a copy never goes stale

# Nothing but files of this site, and no code or style inside a page.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
        "microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-DNS-Prefetch-Control": "off",
    "Server": "Pincite",
}
_FONT_TYPES = {"css": "text/css", "txt": "text/plain", "woff2": "font/woff2"}
_METHODS = {"GET", "HEAD"}
_FREE = {links.HEALTH, links.METRICS}  # machines ask these all day


def create_app(settings: SiteSettings, shared: Shared | None = None, worker: int = 0) -> Flask:
    """The application on the collection's data folder; *worker* is its number among those that have the same *shared*.

    Raises NoGenerationError when nothing has been built there.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=BODY_BYTES_AT_MOST,
        MAX_FORM_MEMORY_SIZE=BODY_BYTES_AT_MOST,
        SITE_URL=settings.site_url or "",
        FONTS="",
    )
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.url_map.strict_slashes = False

    log = logging.getLogger("pincite")
    home = settings.home()
    reader = home.showing(log.warning, Preparing(home, settings.cluster))
    reader.start()
    attach(app.extensions, Site(reader))

    for views in (search, documents, officials, sources, timeline, about, api):
        app.register_blueprint(views.pages)
    errors.register(app)
    shared = shared or Shared()
    _count(app, shared.board, worker)
    _serve_static(app, settings.prepared or settings.data / STATIC_PREPARED)
    _prepare_templates(app)
    _limit_rate(app, settings, shared, log)
    if shared.aside is not None:
        put_aside(app, shared.aside)
    app.before_request(_recall)
    app.after_request(_with_headers)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app


def _count(app: Flask, board: Board, worker: int) -> None:
    """Counts every answer by the name of its view: no address, no words."""
    slot = board.slot(worker, (rule.endpoint for rule in app.url_map.iter_rules()))
    app.extensions["metrics"] = (board, slot)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        began = g.get("began")
        if began is not None:
            slot.count(request.endpoint or OTHER, response.status_code, time.perf_counter() - began)
        return response


def _limit_rate(app: Flask, settings: SiteSettings, shared: Shared, log: logging.Logger) -> None:
    """Has an address wait that asks too often; also where a proxy is in front that nobody told us of."""
    limit = RateLimit(time.monotonic, secrets.token_bytes)

    @app.before_request
    def wait() -> Response | None:
        # Otherwise everybody behind it would look like one reader from this very machine.
        if not settings.trusted_proxies and is_forwarded(request) and shared.proxy.note():
            log.warning("requests come through a proxy: say how many by --trusted-proxies; rates are limited now")
        if not (settings.rate_limit or shared.proxy) or request.path in _FREE:
            return None
        cost = EXPORT_COSTS if request.path in EXPORTED else 1
        seconds = limit.wait(request.remote_addr or "", cost)
        if not seconds:
            g.paying = time.thread_time()
            return None
        response = errors.answer(429, f"Wait {counted(seconds, 'second')}, then try again.")
        response.headers["Retry-After"] = str(seconds)
        return response

    @app.after_request
    def charge(response: Response) -> Response:
        if "paying" in g:
            limit.charge(request.remote_addr or "", time.thread_time() - g.paying + g.get("paid_aside", 0.0))
        return response


def _recall() -> Response | None:
    """A page that stays the same for an edition, as it was answered before."""
    if request.method not in _METHODS:
        return None
    try:
        with current_serving() as serving:
            response = recalled(request, serving.compressed)
    except PinciteError:
        return None  # whoever answers says so in the form that was asked for
    g.lasting = response is not None
    return response


def _with_headers(response: Response) -> Response:
    """The headers that every answer bears, error or not."""
    for name, value in SECURITY_HEADERS.items():
        response.headers[name] = value
    serving = g.get("serving")
    if serving is not None:
        response.headers["Pincite-Generation"] = serving.generation
    response.vary.add("Accept-Encoding")
    lasting = bool(g.get("lasting")) and response.status_code == 200 and serving is not None
    if lasting and request.method in _METHODS:
        # The same generation and code give the same page: a copy is good as long as both are.
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(
            hashlib.sha256(f"{serving.etag} {RENDER_VERSION} {current_app.config['FONTS']}".encode()).hexdigest()[:24],
            weak=True,
        )
        response.make_conditional(request)
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    compress(request, response, serving.compressed if lasting else None)
    return response


def _serve_static(app: Flask, prepared: Path) -> None:
    names: dict[str, str] = {}
    served = WhiteNoise(
        app.wsgi_app,
        max_age=STATIC_SECONDS,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_static_headers,
    )
    fonts = Fonts.installed(prepared)
    if fonts is not None:
        _serve_fonts(app, fonts, served)
    for name, path in prepare(STATIC_FOLDER, prepared).items():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        stem, dot, suffix = name.rpartition(".")
        names[name] = f"{links.STATIC}{stem}.{digest}{dot}{suffix}"
        served.add_file_to_dictionary(names[name], str(path))
    app.wsgi_app = served  # type: ignore[method-assign]
    app.jinja_env.globals["static"] = names.__getitem__


def _serve_fonts(app: Flask, fonts: Fonts, served: WhiteNoise) -> None:
    """Serves the typefaces from the moment that they are ready; until then their style sheet is empty."""

    def register() -> None:
        for name in fonts.names:
            served.add_file_to_dictionary(links.STATIC + name, str(fonts.folder / name))

    @app.get(f"{links.STATIC}<name>")
    def font(name: str) -> Response:
        if name not in fonts.names:
            abort(404)
        if fonts.ready:
            register()  # from now on they are answered before a request comes here
            response = Response((fonts.folder / name).read_bytes(), mimetype=_FONT_TYPES[name.rpartition(".")[2]])
            response.headers["Cache-Control"] = f"max-age={STATIC_SECONDS}, public, immutable"
            return response
        if name != fonts.sheet:
            abort(404)
        return Response("", mimetype="text/css")

    if fonts.ready:
        register()
    app.config["FONTS"] = fonts.key
    app.jinja_env.globals["fonts"] = fonts


def _static_headers(headers: Headers, path: str, url: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.globals.update(
        links=links,
        menu=(
            ("Timeline", links.TIMELINE),
            ("Officials", links.OFFICIALS),
            ("Documents", links.DOCUMENTS),
            ("Help", links.HELP),
        ),
    )
    filters: dict[str, Callable[..., Any]] = {
        "month_rows": rows,
        "counted": counted,
        "number": lambda value: f"{value:,}",
    }
    app.jinja_env.filters.update(filters)

    @app.context_processor
    def surroundings() -> dict[str, object]:
        serving = g.get("serving")
        return {
            "edition": serving.edition if serving is not None else None,
            "here": "/" + request.path.split("/")[1],
            "query": "",
            "site_url": app.config["SITE_URL"],
        }
