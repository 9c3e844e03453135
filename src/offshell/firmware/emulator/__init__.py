"""The trigger in C++, to be compiled into other programs."""
