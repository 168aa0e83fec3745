"""The client's package, from its own folder: it is installed without the server, and is not a part of it."""

from __future__ import annotations

import sys

from tests.docs.markdown import ROOT

sys.path.insert(0, str(ROOT / "client" / "src"))
