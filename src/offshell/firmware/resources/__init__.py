"""What does the trigger take of a device?"""
