"""At which trigger rate, and what passes there?"""
