// SPDX-License-Identifier: MIT
/* From a file's pages to the entries that map them.  Private to mm/. */
#pragma once

#include <lib/types.h>

struct mapping;

/*
 * Take write permission from every shared mapping of a page, so that the next
 * write faults.  True if there was any.  Thread; takes mapping->vmas_lock.
 */
bool mapping_write_protect(struct mapping *mapping, uint64_t index);

/*
 * Reclaim: remove a page from every area that is not locked (mlock(2)).
 * Thread; takes mapping->vmas_lock.
 */
void mapping_unmap_unlocked(struct mapping *mapping, uint64_t index);
