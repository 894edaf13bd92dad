"""What a build step prints: `  WORD    target`, or with V=1 its whole command."""
from SCons.Action import Action


def short_action(env, action, word):
    """An action, of a command or a Python function, that prints shortly."""
    # Not env.Action(): that would substitute $TARGET before there is one.
    if env['VERBOSE']:
        return Action(action)
    return Action(action, f'  {word:8}$TARGET')
