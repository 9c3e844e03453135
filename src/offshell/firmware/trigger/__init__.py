"""What does the trigger compute, in integers?"""
