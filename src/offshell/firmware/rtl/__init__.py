"""The trigger as Verilog and VHDL, and what a simulator sees of it."""
