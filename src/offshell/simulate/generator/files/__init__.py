"""Which files of a user say what collides?"""
