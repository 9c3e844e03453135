"""What does a cut on a score do to the spectrum of something else, and how does it leave that as it is?"""
