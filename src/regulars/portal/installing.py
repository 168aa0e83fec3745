"""What makes the portal an app of its program: manifest, icons, colours, and the worker that keeps it offline."""

from __future__ import annotations

import hashlib
from asyncio import to_thread
from typing import Any

import msgspec
from litestar import Request, Response, get

from regulars.flows.program_logo import read_logo
from regulars.programs.model import Program
from regulars.web import assets, colours, pages
from regulars.web.colours import Palette
from regulars.web.icons import draw_icon

HttpRequest = Request[Any, Any, Any]
ICON_SIZES = (180, 192, 512)
DAY = "public, max-age=86400"
LOGO_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline; filename=logo",
}
SHELL = (
    "tokens.css",
    "base.css",
    "theme.js",
    "mark.svg",
    "portal/portal.css",
    "portal/portal.js",
    "portal/card.js",
)
"""What every page of a member is made of: fetched once, kept for when there is no network."""


def theme_address(program: Program) -> str:
    """Where the program's colours are; changes with them."""
    return f"/portal/{program.slug}/theme.css?v={program.settings.accent[1:]}"


@get("/portal/{slug:str}/theme.css", include_in_schema=False)
async def theme(request: HttpRequest) -> Response[str]:
    """The program's colours in the tokens' names."""
    program = await _program(request)
    return Response(
        stylesheet(colours.palette(program.settings.accent)),
        media_type="text/css",
        headers={"Cache-Control": DAY, "X-Content-Type-Options": "nosniff"},
    )


@get("/portal/{slug:str}/manifest.webmanifest", include_in_schema=False)
async def manifest(request: HttpRequest) -> Response[bytes]:
    """How the portal is called and looks on a home screen."""
    program = await _program(request)
    home = f"/portal/{program.slug}"
    palette = colours.palette(program.settings.accent)
    icons: list[dict[str, str]] = [
        {"src": f"{home}/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    ]
    icons += [
        {"src": f"{home}/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICON_SIZES
    ]
    icons.append({**icons[-1], "purpose": "maskable"})
    document = {
        "id": f"{home}/",
        "name": program.name,
        "short_name": program.name[:24],
        "lang": pages.language_of(request, program).code,
        "start_url": f"{home}/",
        "scope": f"{home}/",
        "display": "standalone",
        "orientation": "any",
        "background_color": palette.card,
        "theme_color": palette.card,
        "icons": icons,
    }
    return Response(
        msgspec.json.encode(document),
        media_type="application/manifest+json",
        headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"},
    )


@get("/portal/{slug:str}/icon.svg", include_in_schema=False)
async def icon_svg(request: HttpRequest) -> Response[str]:
    """The mark in the program's colours."""
    palette = colours.palette((await _program(request)).settings.accent)
    mark = "M16 2a14 14 0 1 1 0 28 14 14 0 0 1 0-28Zm0 5a9 9 0 0 0-9 9h3.6A5.4 5.4 0 1 1 16 21.4V25a9 9 0 1 0 0-18Z"
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 -6 44 44">'
        f'<path fill="{palette.card}" d="M-6-6h44v44H-6z"/>'
        f'<g fill="{palette.on_card}"><path d="{mark}"/><circle cx="10.6" cy="21.4" r="2.6"/></g></svg>'
    )
    headers = {"Cache-Control": DAY, "X-Content-Type-Options": "nosniff"}
    return Response(text, media_type="image/svg+xml", headers=headers)


@get([f"/portal/{{slug:str}}/icon-{size}.png" for size in ICON_SIZES], include_in_schema=False)
async def icon_png(request: HttpRequest) -> Response[bytes]:
    """The same as pixels, for phones that want them."""
    size = next(size for size in ICON_SIZES if request.url.path.endswith(f"-{size}.png"))
    palette = colours.palette((await _program(request)).settings.accent)
    body = await to_thread(draw_icon, size, palette.card, palette.on_card)
    headers = {"Cache-Control": DAY, "X-Content-Type-Options": "nosniff"}
    return Response(body, media_type="image/png", headers=headers)


@get("/portal/{slug:str}/logo/{digest:str}", include_in_schema=False)
async def logo(request: HttpRequest) -> Response[bytes]:
    """The program's own picture. Whatever it may hold, a browser takes it for a picture and runs nothing of it."""
    program, digest = await _program(request), request.path_params["digest"]
    found = await read_logo(request.app.state.database, program.id, digest)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", **LOGO_HEADERS}
    return Response(found.body, media_type=found.media_type, headers=headers)


@get("/portal/{slug:str}/sw.js", include_in_schema=False)
async def worker(request: HttpRequest) -> Response[str]:
    """The service worker, with the addresses of this version's files: a new version is a new worker."""
    program = await _program(request)
    home = f"/portal/{program.slug}"
    shell = [*(assets.address(path) for path in SHELL), theme_address(program), f"{home}/icon.svg"]
    settings = {
        "version": hashlib.sha256(f"{assets.version()} {program.settings.accent}".encode()).hexdigest()[:12],
        "home": home,
        "shell": shell,
        "offline": f"{home}/offline",
        "headers": tuple(pages.SECURITY_HEADERS),
    }
    body = assets.assets()["portal/worker.js"].body.decode()
    return Response(
        f"const SETTINGS = {msgspec.json.encode(settings).decode()};\n{body}",
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", **_CSP},
    )


_CSP = {"Content-Security-Policy": pages.SECURITY_HEADERS["Content-Security-Policy"]}


def stylesheet(palette: Palette) -> str:
    """The tokens that a program's accent changes."""
    return (
        "@layer tokens {\n  :root {\n"
        f"    --accent: light-dark({palette.accent_light}, {palette.accent_dark});\n"
        f"    --on-accent: light-dark({palette.on_accent_light}, {palette.on_accent_dark});\n"
        f"    --accent-text: light-dark({palette.text_light}, {palette.text_dark});\n"
        f"    --card: {palette.card};\n"
        f"    --on-card: {palette.on_card};\n"
        "  }\n}\n"
    )


async def _program(request: HttpRequest) -> Program:
    """Raises NotFound."""
    return (await request.app.state.known.of_slug(request.path_params["slug"])).program


routes: list[Any] = [theme, manifest, icon_svg, icon_png, logo, worker]
