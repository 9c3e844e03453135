"""What collides into what?"""
