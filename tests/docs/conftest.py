"""The application of the API's tests, for the examples of the documents."""

from tests.api.conftest import api, client, letters

__all__ = ["api", "client", "letters"]
