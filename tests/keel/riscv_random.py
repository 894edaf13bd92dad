"""Random RISC-V programs in assembly: blocks for tests/k210sim/blocks.c.

x1 to x4 and x9 are not written: ra, sp and s1 (both into the buffer), gp (the
saved registers) and tp.
"""
import random

FIXED = (0, 1, 2, 3, 4, 9)
FREE = [n for n in range(32) if n not in FIXED]
FREE_C = [n for n in range(8, 16) if n not in FIXED]
ROUNDING = ['rne', 'rtz', 'rdn', 'rup', 'rmm', 'dyn']
OP = ('add sub sll slt sltu xor srl sra or and addw subw sllw srlw sraw mul '
      'mulh mulhsu mulhu div divu rem remu mulw divw divuw remw remuw').split()
OP_IMM = 'addi slti sltiu xori ori andi addiw'.split()
SHIFTS = [('slli', 64), ('srli', 64), ('srai', 64), ('slliw', 32),
          ('srliw', 32), ('sraiw', 32)]
LOADS = [('lb', 1), ('lbu', 1), ('lh', 2), ('lhu', 2), ('lw', 4), ('lwu', 4),
         ('ld', 8)]
STORES = [('sb', 1), ('sh', 2), ('sw', 4), ('sd', 8)]
AMOS = 'swap add xor and or min max minu maxu'.split()
# Corners of single and double precision, as raw registers.
CORNERS = [0x0, 0x8000000000000000, 0x3ff0000000000000, 0x7ff0000000000000,
           0xfff0000000000000, 0x7ff8000000000000, 0x7ff0000000000001,
           0x0000000000000001, 0x000fffffffffffff, 0x0010000000000000,
           0x7fefffffffffffff, 0x43e0000000000000, 0xc3e0000000000000,
           0x3fe0000000000000, 0x3ff8000000000000, 0x41dfffffffe00000] + [
    0xffffffff00000000 | n for n in (
        0x0, 0x80000000, 0x3f800000, 0x7f800000, 0xff800000, 0x7fc00000,
        0x7f800001, 0x1, 0x7fffff, 0x800000, 0x7f7fffff, 0x4f000000,
        0xcf000000, 0x3f000000, 0x3fc00000, 0x5f000000)]


class Generator:
    """Instructions from a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def reg(self):
        """A register that may be written."""
        return f'x{self.random.choice(FREE)}'

    def any(self):
        """A register to read."""
        return f'x{self.random.randrange(32)}'

    def freg(self):
        return f'f{self.random.randrange(32)}'

    def imm(self):
        return self.random.choice([self.random.randrange(-2048, 2048),
                                   self.random.randrange(-4, 5)])

    def integer(self):
        """One of RV64IM without memory or jumps."""
        kind = self.random.randrange(5)
        if kind < 3:
            return (f'{self.random.choice(OP)} {self.reg()}, {self.any()}, '
                    f'{self.any()}')
        if kind == 3:
            return (f'{self.random.choice(OP_IMM)} {self.reg()}, '
                    f'{self.any()}, {self.imm()}')
        name, width = self.random.choice(SHIFTS)
        if self.random.randrange(4) == 0:
            op = self.random.choice(['lui', 'auipc'])
            return f'{op} {self.reg()}, {self.random.randrange(1 << 20)}'
        return (f'{name} {self.reg()}, {self.any()}, '
                f'{self.random.randrange(width)}')

    def memory(self):
        """A load or store of the buffer."""
        if self.random.randrange(2):
            name, size = self.random.choice(LOADS)
            reg = self.reg()
        else:
            name, size = self.random.choice(STORES)
            reg = self.any()
        return f'{name} {reg}, {self.random.randrange(0, 256, size)}(s1)'

    def branch(self):
        """A branch over the next instruction, and it."""
        name = self.random.choice('beq bne blt bge bltu bgeu'.split())
        return (f'{name} {self.any()}, {self.any()}, 1f\n{self.integer()}\n1:')

    def atomic(self):
        suffix = self.random.choice('wd')
        offset = self.random.randrange(0, 256, 8)
        if self.random.randrange(4):
            op = self.random.choice(AMOS)
            body = f'amo{op}.{suffix} {self.reg()}, {self.any()}, (x8)'
        else:
            body = (f'lr.{suffix} {self.reg()}, (x8)\n'
                    f'addi x8, s1, {offset}\n'
                    f'sc.{suffix} {self.reg()}, {self.any()}, (x8)')
        return f'addi x8, s1, {offset}\n{body}'

    def creg(self):
        return f'x{self.random.choice(FREE_C)}'

    def compressed(self):
        """One of RV64C, by its own mnemonic."""
        r = self.random
        nonzero = r.choice([n for n in range(-32, 32) if n])
        return r.choice([
            lambda: f'c.addi4spn {self.creg()}, sp, {r.randrange(4, 1024, 4)}',
            lambda: f'c.lw {self.creg()}, {r.randrange(0, 128, 4)}(s1)',
            lambda: f'c.ld {self.creg()}, {r.randrange(0, 256, 8)}(s1)',
            lambda: f'c.sw {self.creg()}, {r.randrange(0, 128, 4)}(s1)',
            lambda: f'c.sd {self.creg()}, {r.randrange(0, 256, 8)}(s1)',
            lambda: f'c.fld f{r.randrange(8, 16)}, {r.randrange(0, 256, 8)}(s1)',
            lambda: f'c.fsd f{r.randrange(8, 16)}, {r.randrange(0, 256, 8)}(s1)',
            lambda: f'c.addi {self.reg()}, {nonzero}',
            lambda: f'c.addiw {self.reg()}, {r.randrange(-32, 32)}',
            lambda: f'c.li {self.reg()}, {r.randrange(-32, 32)}',
            lambda: f'c.lui {self.reg()}, {r.choice([1, 31, 0xfffe0, 0xfffff])}',
            lambda: f'c.srli {self.creg()}, {r.randrange(1, 64)}',
            lambda: f'c.srai {self.creg()}, {r.randrange(1, 64)}',
            lambda: f'c.andi {self.creg()}, {r.randrange(-32, 32)}',
            lambda: (f'c.{r.choice(["sub", "xor", "or", "and", "subw", "addw"])}'
                     f' {self.creg()}, {self.creg()}'),
            lambda: f'c.slli {self.reg()}, {r.randrange(1, 64)}',
            lambda: f'c.mv {self.reg()}, x{r.randrange(1, 32)}',
            lambda: f'c.add {self.reg()}, x{r.randrange(1, 32)}',
            lambda: f'c.lwsp {self.reg()}, {r.randrange(0, 256, 4)}(sp)',
            lambda: f'c.ldsp {self.reg()}, {r.randrange(0, 512, 8)}(sp)',
            lambda: f'c.fldsp {self.freg()}, {r.randrange(0, 512, 8)}(sp)',
            lambda: f'c.swsp {self.any()}, {r.randrange(0, 256, 4)}(sp)',
            lambda: f'c.sdsp {self.any()}, {r.randrange(0, 512, 8)}(sp)',
            lambda: f'c.fsdsp {self.freg()}, {r.randrange(0, 512, 8)}(sp)',
            lambda: f'c.j 1f\n{self.integer()}\n1:',
            lambda: f'c.beqz {self.creg()}, 1f\n{self.integer()}\n1:',
            lambda: f'c.bnez {self.creg()}, 1f\n{self.integer()}\n1:',
        ])()

    def corner(self):
        """A number with an edge into a register."""
        value = self.random.choice(CORNERS)
        value ^= self.random.choice([0, 0, 0, 1, 2, 1 << 63, 1 << 31])
        return f'li x8, {value:#x}\nfmv.d.x {self.freg()}, x8'

    def floating(self):
        """One of RV64FD."""
        r = self.random
        s, f, x = r.choice('sd'), self.freg, self.reg
        rm = r.choice(ROUNDING)
        other = 'd' if s == 's' else 's'
        widens = s == 'd'
        integer = r.choice(['w', 'wu', 'l', 'lu'])
        return r.choice([
            lambda: (f'f{r.choice(["add", "sub", "mul", "div"])}.{s} {f()}, '
                     f'{f()}, {f()}, {rm}'),
            lambda: (f'f{r.choice(["madd", "msub", "nmadd", "nmsub"])}.{s} '
                     f'{f()}, {f()}, {f()}, {f()}, {rm}'),
            lambda: f'fsqrt.{s} {f()}, {f()}, {rm}',
            lambda: (f'f{r.choice(["sgnj", "sgnjn", "sgnjx", "min", "max"])}.{s}'
                     f' {f()}, {f()}, {f()}'),
            lambda: (f'f{r.choice(["eq", "lt", "le"])}.{s} {x()}, {f()}, '
                     f'{f()}'),
            lambda: f'fclass.{s} {x()}, {f()}',
            lambda: (f'fcvt.{s}.{other} {f()}, {f()}'
                     + ('' if widens else f', {rm}')),
            lambda: f'fcvt.{integer}.{s} {x()}, {f()}, {rm}',
            lambda: (f'fcvt.{s}.{integer} {f()}, {self.any()}'
                     + ('' if widens and 'w' in integer else f', {rm}')),
            lambda: f'fmv.x.{"w" if s == "s" else "d"} {x()}, {f()}',
            lambda: f'fmv.{"w" if s == "s" else "d"}.x {f()}, {self.any()}',
            lambda: f'fsrmi {r.randrange(5)}',
            lambda: f'csrrw {x()}, fflags, x0',
            lambda: f'fl{"w" if s == "s" else "d"} {f()}, '
                    f'{r.randrange(0, 256, 8)}(s1)',
            lambda: f'fs{"w" if s == "s" else "d"} {f()}, '
                    f'{r.randrange(0, 256, 8)}(s1)',
            self.corner, self.corner,
        ])()

    def instruction(self, groups):
        """One of a random group, uncompressed unless the group says."""
        group = self.random.choice(groups)
        text = getattr(self, group)()
        if group == 'compressed':
            return f'.option rvc\n{text}'
        return f'.option norvc\n{text}'


def block(generator, number, groups, length):
    """A function: registers from state, random instructions, and back."""
    lines = [f'block_{number}:', 'addi sp, sp, -16', 'sd ra, 0(sp)',
             'la gp, saved_sp', 'sd sp, 0(gp)', 'la gp, state',
             'ld x8, 512(gp)', 'fscsr x8']
    lines += [f'fld f{n}, {256 + 8 * n}(gp)' for n in range(32)]
    lines += [f'ld x{n}, {8 * n}(gp)' for n in FREE]
    lines += ['la sp, buffer', 'mv s1, sp', 'li ra, 0', 'li tp, -1']
    lines += [generator.instruction(groups) for _ in range(length)]
    lines += ['.option norvc', 'la gp, state']
    lines += [f'sd x{n}, {8 * n}(gp)' for n in FREE]
    lines += [f'fsd f{n}, {256 + 8 * n}(gp)' for n in range(32)]
    lines += ['frcsr x8', 'sd x8, 512(gp)', 'la gp, saved_sp', 'ld sp, 0(gp)',
              'ld ra, 0(sp)', 'addi sp, sp, 16', 'ret']
    return '\n'.join(lines)


def program(seed, groups, count=60, length=30):
    """Assembly of that many blocks, and the state that they start from.

    sp is not kept for the caller's sake alone: blocks.c needs its callee-saved
    registers, so each block runs inside a wrapper that keeps them.
    """
    generator = Generator(seed)
    text = ['.section .blocks, "ax"', '.option norvc']
    text += [block(generator, n, groups, length) for n in range(count)]
    saved = [f's{n}' for n in range(12)] + ['ra', 'gp', 'tp']
    for n in range(count):
        text += [f'call_{n}:', 'addi sp, sp, -128']
        text += [f'sd {r}, {8 * i}(sp)' for i, r in enumerate(saved)]
        text += [f'call block_{n}']
        text += [f'ld {r}, {8 * i}(sp)' for i, r in enumerate(saved)]
        text += ['addi sp, sp, 128', 'ret']
    values = [generator.random.choice(
        [generator.random.getrandbits(64), generator.random.randrange(-9, 9)
         & (1 << 64) - 1, generator.random.choice(CORNERS)])
              for _ in range(64)]
    values += [0] + [generator.random.getrandbits(64) for _ in range(64)]
    text += ['.data', '.balign 8', 'saved_sp: .dword 0',
             '.globl blocks, initial', 'blocks:']
    text += [f'.dword call_{n}' for n in range(count)] + ['.dword 0']
    text += ['initial:'] + [f'.dword {v:#x}' for v in values]
    return '\n'.join(text) + '\n'
