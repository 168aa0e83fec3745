"""Keeps the static files in memory; their address holds a hash of them all, so browsers keep them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from litestar import Request, Response, get

TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "json": "application/json",
    "txt": "text/plain",
    "wasm": "application/wasm",
}
WORTH_COMPRESSING = 1000


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    body: bytes
    compressed: bytes | None
    media_type: str


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """Path below `static/` → file. Read once."""
    return dict(_walk(resources.files("regulars.web").joinpath("static"), ""))


@lru_cache(maxsize=1)
def version() -> str:
    """A hash of all files: modules import one another by relative paths, so they change address together."""
    whole = hashlib.sha256()
    for path, asset in sorted(assets().items()):
        whole.update(path.encode() + b"\0" + hashlib.sha256(asset.body).digest())
    return whole.hexdigest()[:12]


def address(path: str) -> str:
    """The address of a static file. Raises KeyError: a page must not name what is missing."""
    assets()[path]
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


def _walk(folder: Traversable, below: str) -> list[tuple[str, Asset]]:
    found: list[tuple[str, Asset]] = []
    for item in folder.iterdir():
        path = f"{below}{item.name}"
        if item.is_dir():
            found += _walk(item, path + "/")
        elif (kind := item.name.rpartition(".")[2]) in TYPES:
            body = item.read_bytes()
            compressed = gzip.compress(body, 6, mtime=0) if len(body) >= WORTH_COMPRESSING else None
            found.append((path, Asset(body, compressed, TYPES[kind])))
    return found
