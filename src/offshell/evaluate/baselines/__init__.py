"""What do simple scores reach on the same events?"""
