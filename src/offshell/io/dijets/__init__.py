"""Which pairs of jets are in a file?"""
