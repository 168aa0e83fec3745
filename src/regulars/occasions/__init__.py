"""Events with seats: what they are, who has a seat and who waits. ("Occasion", because an event is what happened.)"""
