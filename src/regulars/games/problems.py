"""Why a game, survey or draw cannot be played: of the tree in `errors` what their flows alone raise."""

from __future__ import annotations

from regulars.errors import Conflict


class GameClosed(Conflict):
    code, title = "game_closed", "This is not open now: it has ended, was stopped, or has not begun."


class NoPlayLeft(Conflict):
    code, title = "no_play_left", "The member has no play or ticket left here; nothing was written."


class AlreadyAnswered(Conflict):
    code, title = "already_answered", "The member has answered this already."
