"""Games: challenges, badges, leaderboards, wheels, draws, quizzes. What decides is pure; each owns its tables."""
