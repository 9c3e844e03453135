"""Are generated jets like real ones?"""
