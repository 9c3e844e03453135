"""Do all forms of the trigger agree, bit for bit?"""
