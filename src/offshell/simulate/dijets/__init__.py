"""Which pairs of large-radius jets are kept?"""
