"""Which jets or events did somebody name: simulated on first use and kept, or in files of the user?"""
