"""The program that makes one PDF, run as a process of its own: a request on its standard input, the PDF on its output.

It stands alone (standard library and Typst), because it is started without this package's path and environment. The
template's data come as JSON and never become source; its root is the folder of templates, and it finds no packages.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "templates"
NOT_INSTALLED = 3


def main() -> int:
    """Read the request, write the PDF (or a PNG of one page). Exit code 3: Typst is not installed."""
    try:
        import typst
    except ImportError:
        return NOT_INSTALLED
    request = json.load(sys.stdin)
    compiler = typst.Compiler(
        str(TEMPLATES / f"{request['template']}.typ"),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        font_paths=[],
        sys_inputs={"data": json.dumps(request["data"], ensure_ascii=False)},
        package_path="/nonexistent",
        package_cache_path="/nonexistent",
    )
    made = compiler.compile(
        format=request["format"],
        ppi=request["ppi"],
        timestamp=datetime.fromtimestamp(request["created_at"], UTC),
    )
    for page in made if isinstance(made, list) else [made]:
        assert page is not None, "it is not written to a file"
        sys.stdout.buffer.write(len(page).to_bytes(8, "big") + page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
