"""What can go wrong: the API refused, or nobody answered."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec


class ApiError(Exception):
    """The API refused: `code` is stable, `detail` a sentence, `errors` the fields at fault (JSON pointers)."""

    def __init__(self, response: httpx.Response):
        problem = _problem(response)
        self.status = response.status_code
        self.code: str = problem.get("code", "")
        self.detail: str = problem.get("detail", "")
        self.errors: list[dict[str, Any]] = problem.get("errors", [])
        self.request_id: str = problem.get("request_id", "")
        self.problem = problem
        """All of it, for members of one kind of problem alone."""
        super().__init__(f"{self.status} {self.code}: {self.detail}")


class NoAnswer(Exception):
    """Nobody answered, however often it was tried. Whether it was done is not known: send it again with its key."""


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        problem = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return {"detail": response.reason_phrase}
    return problem if isinstance(problem, dict) else {"detail": response.reason_phrase}
