"""What makes the till a page that is there without the line: its service worker, and its manifest."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from litestar import Request, Response, get

from regulars.web import assets, pages

HttpRequest = Request[Any, Any, Any]
FOLDER = "till/"
FILES_BESIDE = (
    "tokens.css",
    "base.css",
    "theme.js",
    "mark.svg",
    "vendor/zxing_reader.js",
    "vendor/zxing_reader.wasm",
)
"""What the till's pages need of the other folders; those that are there."""

_CSP = {"Content-Security-Policy": pages.SECURITY_HEADERS["Content-Security-Policy"]}


@lru_cache(maxsize=1)
def shell() -> tuple[str, ...]:
    """The addresses of every file that a till's page is made of, in this version."""
    files = assets.assets()
    named = [path for path in files if path.startswith(FOLDER) or path in FILES_BESIDE]
    named = [path for path in named if not files[path].is_part]
    return (*(assets.address(path) for path in sorted(named)), reader_address())


def reader_address() -> str:
    """Where the camera's reader is: below the till, so that the service worker answers what it asks for."""
    return f"/till/reader.js?v={assets.version()}"


@get("/till/reader.js", include_in_schema=False)
async def reader(request: HttpRequest) -> Response[str]:
    """The worker that reads codes in the camera's pictures; WebAssembly is allowed to it, and to no page."""
    del request
    settings = {
        "script": assets.address("vendor/zxing_reader.js"),
        "wasm": assets.address("vendor/zxing_reader.wasm"),
    }
    body = assets.assets()["till/camera_worker.js"].body.decode()
    return Response(
        f"const READER = {msgspec.json.encode(settings).decode()};\n{body}",
        media_type="text/javascript",
        headers={
            "Cache-Control": "no-cache",
            "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


@get("/till/sw.js", include_in_schema=False)
async def worker(request: HttpRequest) -> Response[str]:
    """The service worker, with the addresses of this version's files: a new version is a new worker."""
    del request
    settings = {"version": assets.version(), "shell": shell(), "headers": tuple(pages.SECURITY_HEADERS)}
    body = assets.assets()["till/worker.js"].body.decode()
    return Response(
        f"const SETTINGS = {msgspec.json.encode(settings).decode()};\n{body}",
        media_type="text/javascript",
        headers={
            "Cache-Control": "no-cache",
            "Service-Worker-Allowed": "/till",
            "X-Content-Type-Options": "nosniff",
            **_CSP,
        },
    )


@get("/till/manifest.webmanifest", include_in_schema=False)
async def manifest(request: HttpRequest) -> Response[bytes]:
    """How the till is called where it is installed; it says nothing of the program, for nobody is signed in."""
    language = pages.language_of(request)
    icon = {"src": assets.address("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    document = {
        "id": "/till",
        "name": f"Regulars · {language.gettext('Till')}",
        "short_name": language.gettext("Till"),
        "lang": language.code,
        "start_url": "/till",
        "scope": "/till",
        "display": "standalone",
        "orientation": "landscape",
        "icons": [icon],
    }
    return Response(
        msgspec.json.encode(document),
        media_type="application/manifest+json",
        headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"},
    )


routes: list[Any] = [worker, manifest, reader]
