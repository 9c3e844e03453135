"""Which objects does a level-1 trigger see?"""
