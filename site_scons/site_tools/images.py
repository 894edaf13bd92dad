"""Images: raw binaries, cpio archives, ext4 file systems.

A manifest lists what goes onto a file system, one entry a line:

    dir   PATH MODE [UID GID]
    file  PATH MODE SOURCE [UID GID]      SOURCE: a name of sources=, or a path
    link  PATH TARGET
    node  PATH MODE c|b MAJOR MINOR

# begins a comment.  env.Cpio() and env.Ext4() take (target, manifest,
sources={name: node}).
"""
import os
import shutil
import subprocess
import tempfile

from short_lines import short_action

ROOTFS_SIZE = '64M'
# Fixed, so that images do not change with mke2fs's defaults: docs/ext4.md.
EXT4_FEATURES = ('none,has_journal,ext_attr,resize_inode,dir_index,filetype,'
                 'extent,64bit,flex_bg,sparse_super,large_file,huge_file,'
                 'dir_nlink,extra_isize,metadata_csum')
# So many that there is a second group, which has a copy of the super block.
GROUP_BLOCKS = '8192'


def parse(manifest):
    """The entries of a manifest as lists of words."""
    with open(manifest, encoding='utf-8') as text:
        for number, line in enumerate(text, 1):
            words = line.split('#')[0].split()
            if not words:
                continue
            if words[0] not in ('dir', 'file', 'link', 'node'):
                raise ValueError(f'{manifest}:{number}: unknown entry '
                                 f'"{words[0]}"')
            yield words


def manifest_sources(env, manifest, sources):
    """The nodes that the file entries of a manifest name."""
    nodes = []
    for words in parse(env.File(manifest).srcnode().abspath):
        if words[0] == 'file':
            nodes.append(sources.get(words[3]) or env.File(words[3]).srcnode())
    return nodes


def resolve(env, words):
    """The path of a file entry's contents."""
    nodes = env['SOURCES_BY_NAME'].get(words[3])
    if nodes is None:
        return str(env['MANIFEST_DIR'].File(words[3]))
    return str(env.Flatten([nodes])[0])


# --- cpio "newc" ---------------------------------------------------------

def cpio_entry(inode, name, mode, data=b'', rdev=(0, 0), owner=(0, 0)):
    """One member: header, name and data, each padded to 4 bytes."""
    fields = [inode, mode, owner[0], owner[1], 1, 0, len(data), 0, 0,
              rdev[0], rdev[1], len(name) + 1, 0]
    head = b'070701' + b''.join(b'%08x' % field for field in fields)
    head += name.encode() + b'\0'
    return (head + b'\0' * (-len(head) % 4) + data + b'\0' * (-len(data) % 4))


def write_cpio(target, source, env):
    """The archive that a manifest describes; equal input, equal bytes."""
    out = b''
    inode = 1
    for words in parse(str(source[0])):
        kind, path = words[0], words[1].lstrip('/')
        if kind == 'dir':
            out += cpio_entry(inode, path, 0o040000 | int(words[2], 8))
        elif kind == 'file':
            with open(resolve(env, words), 'rb') as data:
                out += cpio_entry(inode, path, 0o100000 | int(words[2], 8),
                                  data.read())
        elif kind == 'link':
            out += cpio_entry(inode, path, 0o120777, words[2].encode())
        else:
            bits = 0o020000 if words[3] == 'c' else 0o060000
            out += cpio_entry(inode, path, bits | int(words[2], 8), b'',
                              (int(words[4]), int(words[5])))
        inode += 1
    out += cpio_entry(0, 'TRAILER!!!', 0)
    with open(str(target[0]), 'wb') as archive:
        archive.write(out)


# --- ext4 ------------------------------------------------------------------

def populate(env, manifest, root):
    """Make the tree below root; return debugfs commands for the rest."""
    commands = []
    for words in parse(manifest):
        kind, path = words[0], words[1].lstrip('/')
        place = os.path.join(root, path)
        owner = ('0', '0')
        if kind == 'link':
            os.symlink(words[2], place)
            continue
        if kind == 'dir':
            os.makedirs(place, exist_ok=True)
            bits, owner = 0o040000, tuple(words[3:5]) or owner
        elif kind == 'file':
            shutil.copyfile(resolve(env, words), place)
            bits, owner = 0o100000, tuple(words[4:6]) or owner
        else:
            directory, name = os.path.split('/' + path)
            commands += [f'cd {directory}',
                         f'mknod {name} {words[3]} {words[4]} {words[5]}']
            bits = 0o020000 if words[3] == 'c' else 0o060000
        commands += [f'sif /{path} mode 0{bits | int(words[2], 8):o}',
                     f'sif /{path} uid {owner[0]}',
                     f'sif /{path} gid {owner[1]}']
    return commands


def run_debugfs(image, commands):
    """Carry out commands; debugfs itself succeeds whatever they did."""
    result = subprocess.run(['debugfs', '-w', '-f', '-', image], check=True,
                            input='\n'.join(commands) + '\n', text=True,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = [line for line in result.stderr.splitlines()
              if line and not line.startswith('debugfs 1.')]
    if errors:
        raise RuntimeError(f'{image}: debugfs: ' + '; '.join(errors))


def write_ext4(target, source, env):
    """mke2fs -d, then owners and modes by debugfs: no root rights needed."""
    image = str(target[0])
    with tempfile.TemporaryDirectory() as root:
        commands = populate(env, str(source[0]), root)
        if os.path.exists(image):
            os.remove(image)
        subprocess.run(
            ['mke2fs', '-q', '-t', 'ext4', '-O', EXT4_FEATURES, '-b', '4096',
             '-I', '256', '-g', GROUP_BLOCKS, '-L', 'keel-root', '-E', 'root_owner=0:0,'
             'hash_seed=6b65656c-0000-4000-8000-000000000000',
             '-U', '6b65656c-0000-4000-8000-000000000001',
             '-d', root, image, env['ROOTFS_SIZE']], check=True,
            stdout=subprocess.DEVNULL)
    run_debugfs(image, commands)


# --- builders --------------------------------------------------------------

def from_manifest(env, target, manifest, sources, write, word):
    """What Cpio() and Ext4() share."""
    env = env.Clone(SOURCES_BY_NAME=sources, ROOTFS_SIZE=ROOTFS_SIZE,
                    MANIFEST_DIR=env.Dir('.').srcnode())
    node = env.Command(target, env.File(manifest).srcnode(),
                       short_action(env, write, word))
    env.Depends(node, manifest_sources(env, manifest, sources))
    return node


def cpio(env, target, manifest, sources):
    """An initramfs; see the head of this file."""
    return from_manifest(env, target, manifest, sources, write_cpio, 'CPIO')


def ext4(env, target, manifest, sources):
    """A root file system; see the head of this file."""
    return from_manifest(env, target, manifest, sources, write_ext4, 'EXT4')


def binary(env, target, source):
    """The loadable bytes of an ELF file."""
    return env.Command(target, source, short_action(
        env, '$OBJCOPY -O binary $SOURCE $TARGET', 'BINARY'))


def generate(env):
    """Tool entry."""
    env.AddMethod(cpio, 'Cpio')
    env.AddMethod(ext4, 'Ext4')
    env.AddMethod(binary, 'Binary')


def exists(env):
    """Tool entry."""
    return True
