// SPDX-License-Identifier: MIT
/*
 * Shared anonymous memory: pages that live in a mapping without a file, shown
 * by the areas that fork or mremap made of the first.  It is freed with the
 * last of them.
 */
#pragma once

#include <mm/mm.h>

struct shmem;

/* Empty, with one reference.  NULL: no memory. */
struct shmem *shmem_create(void);
void shmem_put(struct shmem *shmem);

/* For areas whose private member is the object. */
extern const struct vma_ops shmem_vma_ops;
