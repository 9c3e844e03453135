"""How do many files become scores, and nothing is lost?"""
