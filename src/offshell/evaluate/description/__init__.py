"""What does a model do to events?"""
