"""Every floating-point instruction, for tests/k210sim/corners.c."""

KINDS = {'s': 0, 'd': 1, 'integer': 2}


def instructions():
    """(text, operands, whose numbers): a to c are fa0 to fa2, an integer a0."""
    for t in 'sd':
        yield f'fsqrt.{t} ft0, fa0', 1, t
        yield f'fclass.{t} a0, fa0', 1, t
        for op in 'add sub mul div min max sgnj sgnjn sgnjx'.split():
            yield f'f{op}.{t} ft0, fa0, fa1', 2, t
        for op in 'eq lt le'.split():
            yield f'f{op}.{t} a0, fa0, fa1', 2, t
        for op in 'madd msub nmadd nmsub'.split():
            yield f'f{op}.{t} ft0, fa0, fa1, fa2', 3, t
        for integer in 'w wu l lu'.split():
            yield f'fcvt.{integer}.{t} a0, fa0', 1, t
            yield f'fcvt.{t}.{integer} ft0, a0', 1, 'integer'
    yield 'fcvt.s.d ft0, fa0', 1, 'd'
    yield 'fcvt.d.s ft0, fa0', 1, 's'


def names():
    """What each line that the guest prints is about."""
    return [f'{text}, mode {mode}' for text, _, _ in instructions()
            for mode in range(5)]


def program():
    """Assembly of a function for each, which returns result and flags."""
    text = ['.text', '.option norvc']
    table = ['.data', '.balign 8', '.globl corners', 'corners:']
    for n, (body, operands, kind) in enumerate(instructions()):
        text += [f'corner_{n}:', 'fmv.d.x fa0, a0', 'fmv.d.x fa1, a1',
                 'fmv.d.x fa2, a2', 'fsflags zero', body, 'frflags a1']
        text += ['fmv.x.d a0, ft0', 'ret'] if ' ft0,' in body else ['ret']
        table += [f'.dword corner_{n}, {operands}, {KINDS[kind]}']
    return '\n'.join(text + table + ['.dword 0, 0, 0']) + '\n'
