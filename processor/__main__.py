"""`python -m processor` is the command `beirato`."""

from processor.cli import main

main()
