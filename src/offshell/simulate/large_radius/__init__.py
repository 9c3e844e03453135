"""Which large-radius jets are kept?"""
