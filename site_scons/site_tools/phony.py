"""env.Phony('name', sources, action): a target that is not a file."""
from SCons.Action import Action


def phony(env, name, sources, action):
    """Run the action each time that the target is asked for."""
    # What the action prints itself is enough.
    node = env.Alias(name, sources, Action(action, None) if action else [])
    env.AlwaysBuild(node)
    return node


def generate(env):
    """Tool entry."""
    env.AddMethod(phony, 'Phony')


def exists(env):
    """Tool entry."""
    return True
