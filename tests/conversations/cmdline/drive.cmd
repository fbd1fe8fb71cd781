# Values of -drive that are refused.
!setup qemu-img create -q -f qcow2 a.qcow2 1M; truncate -s 1M b.img; mkdir dir; qemu-img create -q -f qcow2 -u -b missing.qcow2 -F qcow2 lost.qcow2 1M
!args -display none -machine none -drive file=missing.img
<~2 $PROG: -drive file=missing.img: Could not open 'missing.img': No such file or directory
!exit 1
!args -display none -machine none -drive file=missing.img,if=none
<~2 $PROG: -drive file=missing.img,if=none: Could not open 'missing.img': No such file or directory
!exit 1
!args -display none -machine none -drive file=missing.img,if=none,format=raw,id=d
<~2 $PROG: -drive file=missing.img,if=none,format=raw,id=d: Could not open 'missing.img': No such file or directory
!exit 1
!args -display none -machine none -drive file=dir,if=none,format=raw
<~2 $PROG: -drive file=dir,if=none,format=raw: 'file' driver requires 'dir' to be a regular file
!exit 1
!args -display none -machine none -drive file=b.img,if=none,format=qcow2
<~2 $PROG: -drive file=b.img,if=none,format=qcow2: Image is not in qcow2 format
!exit 1
!args -display none -machine none -drive file=b.img,if=none,format=nonsense
<~2 $PROG: -drive file=b.img,if=none,format=nonsense: Unknown driver 'nonsense'
!exit 1
!args -display none -machine none -drive file=b.img,if=none,format=raw,nonsense=1
<~2 $PROG: -drive file=b.img,if=none,format=raw,nonsense=1: Block format 'raw' does not support the option 'nonsense'
!exit 1
!args -display none -machine none -drive file=b.img,if=nonsense
<~2 $PROG: -drive file=b.img,if=nonsense: unsupported bus type 'nonsense'
!exit 1
!args -display none -machine none -drive file=b.img,if=none,cache=nonsense
<~2 $PROG: -drive file=b.img,if=none,cache=nonsense: invalid cache option
!exit 1
!args -display none -machine none -drive file=b.img,if=none,aio=nonsense,format=raw
<~2 $PROG: -drive file=b.img,if=none,aio=nonsense,format=raw: invalid aio option
!exit 1
!args -display none -machine none -drive file=b.img,if=none,aio=native,format=raw
<~2 $PROG: -drive file=b.img,if=none,aio=native,format=raw: aio=native was specified, but it requires cache.direct=on, which was not specified.
!exit 1
!args -display none -machine none -drive file=b.img,if=none,discard=nonsense,format=raw
<~2 $PROG: -drive file=b.img,if=none,discard=nonsense,format=raw: Invalid discard option
!exit 1
!args -display none -machine none -drive file=b.img,if=none,detect-zeroes=nonsense,format=raw
<~2 $PROG: -drive file=b.img,if=none,detect-zeroes=nonsense,format=raw: invalid parameter value: nonsense
!exit 1
# accepted, the server runs: -display none -machine none -drive file=b.img,if=none,detect-zeroes=unmap,format=raw
!args -display none -machine none -drive file=b.img,if=none,werror=nonsense,format=raw
<~2 $PROG: -drive file=b.img,if=none,werror=nonsense,format=raw: 'nonsense' invalid write error action
!exit 1
!args -display none -machine none -drive file=b.img,if=none,rerror=enospc,format=raw
<~2 $PROG: -drive file=b.img,if=none,rerror=enospc,format=raw: 'enospc' invalid read error action
!exit 1
!args -display none -machine none -drive file=b.img,if=none,media=nonsense,format=raw
<~2 $PROG: -drive file=b.img,if=none,media=nonsense,format=raw: 'nonsense' invalid media
!exit 1
!args -display none -machine none -drive file=b.img,if=none,read-only=maybe,format=raw
<~2 $PROG: -drive file=b.img,if=none,read-only=maybe,format=raw: Parameter 'read-only' expects 'on' or 'off'
!exit 1
# accepted, the server runs: -display none -machine none -drive file=b.img,if=none,readonly=on,format=raw
!args -display none -machine none -drive file=b.img,if=none,snapshot=maybe,format=raw
<~2 $PROG: -drive file=b.img,if=none,snapshot=maybe,format=raw: Parameter 'snapshot' expects 'on' or 'off'
!exit 1
!args -display none -machine none -drive file=b.img,if=none,id=0,format=raw
<~2 $PROG: -drive file=b.img,if=none,id=0,format=raw: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1
!args -display none -machine none -drive file=b.img,if=none,id=,format=raw
<~2 $PROG: -drive file=b.img,if=none,id=,format=raw: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1
!args -display none -machine none -drive file=b.img,if=none,id=d,format=raw -drive file=b.img,if=none,id=d,format=raw
<~2 $PROG: -drive file=b.img,if=none,id=d,format=raw: Duplicate ID 'd' for drive
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,format=qcow2 -drive file=a.qcow2,if=none,id=e,format=qcow2
<~2 $PROG: -drive file=a.qcow2,if=none,id=e,format=qcow2: Failed to get "write" lock
<~2 Is another process using the image [a.qcow2]?
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,format=qcow2,node-name=0n
<~2 $PROG: -drive file=a.qcow2,if=none,id=d,format=qcow2,node-name=0n: Invalid node-name: '0n'
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,format=qcow2,node-name=d
<~2 $PROG: -drive file=a.qcow2,if=none,id=d,format=qcow2,node-name=d: Device name 'd' conflicts with an existing node name
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,format=qcow2,node-name=n -drive file=b.img,if=none,id=e,format=raw,node-name=n
<~2 $PROG: -drive file=b.img,if=none,id=e,format=raw,node-name=n: Duplicate nodes with node-name='n'
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,format=qcow2,driver=qcow2
<~2 $PROG: -drive file=a.qcow2,if=none,id=d,format=qcow2,driver=qcow2: Cannot specify both 'driver' and 'format'
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,driver=nonsense
<~2 $PROG: -drive file=a.qcow2,if=none,id=d,driver=nonsense: Unknown driver 'nonsense'
!exit 1
!args -display none -machine none -drive if=none,id=d,driver=raw
<~2 $PROG: -drive if=none,id=d,driver=raw: A block device must be specified for "file"
!exit 1
!args -display none -machine none -drive if=none,id=d,driver=file
<~2 $PROG: -drive if=none,id=d,driver=file: The 'file' block driver requires a file name
!exit 1
!args -display none -machine none -drive if=none,id=d,driver=raw,file.driver=file
<~2 $PROG: -drive if=none,id=d,driver=raw,file.driver=file: The 'file' block driver requires a file name
!exit 1
!args -display none -machine none -drive if=none,id=d,driver=raw,file.driver=nonsense,file.filename=x
<~2 $PROG: -drive if=none,id=d,driver=raw,file.driver=nonsense,file.filename=x: Unknown driver 'nonsense'
!exit 1
!args -display none -machine none -drive if=none,id=d,driver=raw,file.driver=file,file.filename=missing
<~2 $PROG: -drive if=none,id=d,driver=raw,file.driver=file,file.filename=missing: Could not open 'missing': No such file or directory
!exit 1
!args -display none -machine none -drive if=none,id=d,driver=raw,file.driver=file,file.filename=b.img,file.nonsense=x
<~2 $PROG: -drive if=none,id=d,driver=raw,file.driver=file,file.filename=b.img,file.nonsense=x: Block protocol 'file' doesn't support the option 'nonsense'
!exit 1
!args -display none -machine none -drive file=lost.qcow2,if=none,id=d,format=qcow2
<~2 $PROG: -drive file=lost.qcow2,if=none,id=d,format=qcow2: Could not open backing file: Could not open 'missing.qcow2': No such file or directory
!exit 1
!args -display none -machine none -drive file=lost.qcow2,if=none,id=d
<~2 $PROG: -drive file=lost.qcow2,if=none,id=d: Could not open backing file: Could not open 'missing.qcow2': No such file or directory
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,lazy-refcounts=maybe
<~2 $PROG: -drive file=a.qcow2,if=none,id=d,lazy-refcounts=maybe: Parameter 'lazy-refcounts' expects 'on' or 'off'
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,cache-size=x
<~2 $PROG: -drive file=a.qcow2,if=none,id=d,cache-size=x: Parameter 'cache-size' expects a non-negative number below 2^64
<~2 Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
<~2 and exabytes, respectively.
!exit 1
!args -display none -machine none -drive file=a.qcow2,if=none,id=d,overlap-check=x
<~2 $PROG: -drive file=a.qcow2,if=none,id=d,overlap-check=x: Unsupported value 'x' for qcow2 option 'overlap-check'. Allowed are any of the following: none, constant, cached, all
!exit 1
!args -display none -machine none -drive file=nonsense:x,if=none,id=d
<~2 $PROG: -drive file=nonsense:x,if=none,id=d: Unknown protocol 'nonsense'
!exit 1
!args -display none -machine none -drive file=json:x,if=none,id=d
<~2 $PROG: -drive file=json:x,if=none,id=d: Could not parse the JSON options: JSON parse error, invalid keyword 'x'
!exit 1
!args -display none -machine none -drive 'file=json:{"driver":"file"},if=none,id=d'
<~2 $PROG: -drive file=json:{"driver":"file"},if=none,id=d: The 'file' block driver requires a file name
!exit 1
!args -display none -machine none -drive file=b.img,if=none,format=raw,index=x
<~2 $PROG: -drive file=b.img,if=none,format=raw,index=x: Parameter 'index' expects a number
!exit 1
!args -display none -machine none -drive file=b.img,if=none,format=raw,bps=-1
<~2 $PROG: -drive file=b.img,if=none,format=raw,bps=-1: bps/iops/max values must be within [0, 1000000000000000]
!exit 1
!args -display none -machine none -drive file=b.img,if=none,format=raw,cache.direct=maybe
<~2 $PROG: -drive file=b.img,if=none,format=raw,cache.direct=maybe: Parameter 'cache.direct' expects 'on' or 'off'
!exit 1
!args -display none -machine none -drive help
<~2 $PROG: -drive help: Must specify either driver or file
!exit 1
!args -display none -machine none -drive nonsense
<~2 $PROG: -drive nonsense: warning: short-form boolean option 'nonsense' deprecated
<~2 Please use nsense=off instead
<~2 $PROG: -drive nonsense: Must specify either driver or file
!exit 1
# accepted, the server runs: -display none -machine none -drive ''
