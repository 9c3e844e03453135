"""What does a detector see of it?"""
