"""Which kinds of jets could something new make?"""
