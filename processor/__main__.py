"""`python -m processor` is the command `beirato`."""

from processor.commands.main import main

main()
