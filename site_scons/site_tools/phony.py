"""env.Phony('name', sources, action): a target that is not a file."""


def phony(env, name, sources, action):
    """Run the action each time that the target is asked for."""
    node = env.Alias(name, sources, action)
    env.AlwaysBuild(node)
    return node


def generate(env):
    """Tool entry."""
    env.AddMethod(phony, 'Phony')


def exists(env):
    """Tool entry."""
    return True
