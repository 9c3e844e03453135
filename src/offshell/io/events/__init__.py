"""How are events written down by others and by us?"""
