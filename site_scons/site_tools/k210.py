"""Builders for the K210: env.FlashImage, env.Kfpkg, env.SdCard (target, source).

k210_image.py knows the formats.
"""
import k210_image
from short_lines import short_action


def build_flash_image(target, source, env):
    """keel.bin with the boot ROM's header and trailer."""
    with open(str(source[0]), 'rb') as body:
        data = k210_image.flash_image(body.read())
    with open(str(target[0]), 'wb') as image:
        image.write(data)


def build_kfpkg(target, source, env):
    """keel.bin in a package for kflash."""
    k210_image.write_kfpkg(str(target[0]), str(source[0]))


def build_sdcard(target, source, env):
    """A file system in a partition."""
    k210_image.write_sdcard(str(target[0]), str(source[0]))


def builder(function, word):
    """A method (env, target, source) that runs function."""
    def method(env, target, source):
        return env.Command(target, source, short_action(env, function, word))
    return method


def generate(env):
    """Tool entry."""
    env.AddMethod(builder(build_flash_image, 'FLASH'), 'FlashImage')
    env.AddMethod(builder(build_kfpkg, 'KFPKG'), 'Kfpkg')
    env.AddMethod(builder(build_sdcard, 'SDCARD'), 'SdCard')


def exists(env):
    """Tool entry."""
    return True
