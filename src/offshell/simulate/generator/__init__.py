"""What collides?"""
