"""How are jets written down by others and by us?"""
