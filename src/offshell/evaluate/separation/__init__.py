"""How well does a score separate?"""
