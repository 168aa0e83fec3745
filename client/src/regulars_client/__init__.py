"""A client of the Regulars API: `Regulars` and `AsyncRegulars`, models in `models`, `ApiError` for refusals."""

from regulars_client.client import AsyncRegulars, Regulars
from regulars_client.errors import ApiError, NoAnswer
from regulars_client.retrying import Retries

__all__ = ["ApiError", "AsyncRegulars", "NoAnswer", "Regulars", "Retries"]
