// SPDX-License-Identifier: MIT
/* Damage to images; see spoil.c. */
#pragma once

#include "host/host.h"

/*
 * Spoil some bytes: anywhere, or in fields of what ext4 keeps on the disk, which
 * get values that mean something else there.  By random_below().
 */
void spoil_image(struct host_disk *disk);
