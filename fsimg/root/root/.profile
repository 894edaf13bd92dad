# root's own start-up commands.
