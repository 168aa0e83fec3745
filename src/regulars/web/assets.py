"""Keeps the static files in memory; their address holds a hash of them all, so browsers keep them.

A script whose modules are several files is one file here (`joining`): at its path stands all that it is made of.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from litestar import Request, Response, get

from regulars.web.joining import join

TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "json": "application/json",
    "txt": "text/plain",
    "wasm": "application/wasm",
}
WORTH_COMPRESSING = 1000
OTHERS = "vendor/"
"""Where the scripts of others are, which are whole as they are."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file. A part is a module that stands in the scripts of pages, too: no page asks for it alone."""

    body: bytes
    compressed: bytes | None
    media_type: str
    is_part: bool = False


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """Path below `static/` → file. Read once. Raises UnknownForm for a script whose modules cannot be joined."""
    bodies = dict(_walk(resources.files("regulars.web").joinpath("static"), ""))
    ours = {
        path: body for path, body in bodies.items() if path.endswith(".js") and not path.startswith(OTHERS)
    }
    scripts = join({path: body.decode() for path, body in ours.items()})
    bodies |= {path: script.encode() for path, script in scripts.joined.items()}
    return {path: _asset(path, body, path in scripts.parts) for path, body in bodies.items()}


@lru_cache(maxsize=1)
def version() -> str:
    """A hash of all files: a page of one version finds all of it in that version."""
    whole = hashlib.sha256()
    for path, asset in sorted(assets().items()):
        whole.update(path.encode() + b"\0" + hashlib.sha256(asset.body).digest())
    return whole.hexdigest()[:12]


def address(path: str) -> str:
    """The address of a static file. Raises KeyError: a page must not name what is missing, nor a part of a script."""
    if assets()[path].is_part:
        raise KeyError(path)
    return f"/static/{version()}/{path}"


@get("/static/{version:str}/{path:path}", include_in_schema=False)
async def static(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A static file."""
    asset = assets().get(str(request.path_params["path"]).lstrip("/"))
    if asset is None:
        return Response(b"", status_code=404, media_type="text/plain")
    current = request.path_params["version"] == version()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    body = asset.body
    if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body = asset.compressed
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=asset.media_type, headers=headers)


def _asset(path: str, body: bytes, is_part: bool) -> Asset:
    compressed = gzip.compress(body, 6, mtime=0) if len(body) >= WORTH_COMPRESSING else None
    return Asset(body, compressed, TYPES[path.rpartition(".")[2]], is_part)


def _walk(folder: Traversable, below: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for item in folder.iterdir():
        path = f"{below}{item.name}"
        if item.is_dir():
            found += _walk(item, path + "/")
        elif item.name.rpartition(".")[2] in TYPES:
            found.append((path, item.read_bytes()))
    return found
