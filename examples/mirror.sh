#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# mirror.sh SOCKET: mirrors a disk and sees it just before it is ready. QBLOCKD names the program (bin/qblockd).
exec "${QBLOCKD:-bin/qblockd}" shell -q -t 30 "$1" <<'LINES'
blockdev-add driver=null-co node-name=a size=1048576
blockdev-add driver=null-co node-name=b size=1048576
x-job-hold id=m at=ready
blockdev-mirror job-id=m device=a target=b sync=full
wait X_JOB_HELD id=m at=ready
x-job-release id=m
wait BLOCK_JOB_READY device=m
job-complete id=m
wait BLOCK_JOB_COMPLETED device=m
LINES
