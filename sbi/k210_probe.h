/* SPDX-License-Identifier: MIT */
/*
 * What nobody has written down about the K210, asked of the chip itself.
 */
#pragma once

/*
 * If /chosen/bootargs has the word keel.probe, print what this chip does where
 * its documents are silent, a line "probe: NAME VALUE..." each; else nothing.
 * Leaves all as it was.  docs/firmware.md lists the questions.
 * Context: boot hart, before the others are let go and before S-mode.
 */
void k210_probe(const void *fdt);
