# Values of -blockdev that are refused.
!setup qemu-img create -q -f qcow2 a.qcow2 1M; truncate -s 1M b.img
!args -display none -machine none -blockdev nonsense
<~2 $PROG: -blockdev nonsense: Parameter 'driver' does not accept value 'nonsense'
!exit 1
!args -display none -machine none -blockdev ''
<~2 $PROG: -blockdev : Parameter 'driver' is missing
!exit 1
!args -display none -machine none -blockdev driver=nonsense,node-name=n
<~2 $PROG: -blockdev driver=nonsense,node-name=n: Parameter 'driver' does not accept value 'nonsense'
!exit 1
!args -display none -machine none -blockdev driver=file,node-name=n
<~2 $PROG: -blockdev driver=file,node-name=n: Parameter 'filename' is missing
!exit 1
!args -display none -machine none -blockdev driver=file,filename=b.img
<~2 $PROG: -blockdev driver=file,filename=b.img: 'node-name' must be specified for the root node
!exit 1
!args -display none -machine none -blockdev driver=file,node-name=0,filename=b.img
<~2 $PROG: -blockdev driver=file,node-name=0,filename=b.img: Invalid node-name: '0'
!exit 1
!args -display none -machine none -blockdev driver=file,node-name=n,filename=missing
<~2 $PROG: -blockdev driver=file,node-name=n,filename=missing: Could not open 'missing': No such file or directory
!exit 1
!args -display none -machine none -blockdev driver=file,node-name=n,filename=b.img,nonsense=1
<~2 $PROG: -blockdev driver=file,node-name=n,filename=b.img,nonsense=1: Parameter 'nonsense' is unexpected
!exit 1
!args -display none -machine none -blockdev driver=file,node-name=n,filename=b.img,read-only=maybe
<~2 $PROG: -blockdev driver=file,node-name=n,filename=b.img,read-only=maybe: Parameter 'read-only' expects 'on' or 'off'
!exit 1
!args -display none -machine none -blockdev driver=file,node-name=n,filename=b.img,cache.direct=maybe
<~2 $PROG: -blockdev driver=file,node-name=n,filename=b.img,cache.direct=maybe: Parameter 'cache.direct' expects 'on' or 'off'
!exit 1
!args -display none -machine none -blockdev driver=file,node-name=n,filename=b.img,aio=nonsense
<~2 $PROG: -blockdev driver=file,node-name=n,filename=b.img,aio=nonsense: Parameter 'aio' does not accept value 'nonsense'
!exit 1
!args -display none -machine none -blockdev driver=file,node-name=n,filename=b.img -blockdev driver=file,node-name=n,filename=b.img
<~2 $PROG: -blockdev driver=file,node-name=n,filename=b.img: Duplicate nodes with node-name='n'
!exit 1
!args -display none -machine none -blockdev driver=raw,node-name=n,file=nodev
<~2 $PROG: -blockdev driver=raw,node-name=n,file=nodev: Cannot find device='nodev' nor node-name='nodev'
!exit 1
!args -display none -machine none -blockdev driver=raw,node-name=n,file.driver=file
<~2 $PROG: -blockdev driver=raw,node-name=n,file.driver=file: Parameter 'file.filename' is missing
!exit 1
!args -display none -machine none -blockdev driver=raw,node-name=n,file.driver=file,file.filename=b.img,size=x
<~2 $PROG: -blockdev driver=raw,node-name=n,file.driver=file,file.filename=b.img,size=x: Parameter 'size' expects integer
!exit 1
!args -display none -machine none -blockdev driver=raw,node-name=n,file.driver=file,file.filename=b.img,size=1k
<~2 $PROG: -blockdev driver=raw,node-name=n,file.driver=file,file.filename=b.img,size=1k: Parameter 'size' expects integer
!exit 1
!args -display none -machine none -blockdev driver=raw,node-name=n,file.driver=file,file.filename=b.img,size=2M
<~2 $PROG: -blockdev driver=raw,node-name=n,file.driver=file,file.filename=b.img,size=2M: Parameter 'size' expects integer
!exit 1
!args -display none -machine none -blockdev driver=raw,node-name=n,file=f,file.driver=file
<~2 $PROG: -blockdev driver=raw,node-name=n,file=f,file.driver=file: Parameters 'file.*' used inconsistently
!exit 1
!args -display none -machine none -blockdev driver=null-co,node-name=n,size=x
<~2 $PROG: -blockdev driver=null-co,node-name=n,size=x: Parameter 'size' expects integer
!exit 1
!args -display none -machine none -blockdev driver=null-co,node-name=n,size=1M
<~2 $PROG: -blockdev driver=null-co,node-name=n,size=1M: Parameter 'size' expects integer
!exit 1
!args -display none -machine none -blockdev driver=null-co,node-name=n,=x
<~2 $PROG: -blockdev driver=null-co,node-name=n,=x: Invalid parameter ''
!exit 1
!args -display none -machine none -blockdev driver=null-co,node-name=n,a..b=x
<~2 $PROG: -blockdev driver=null-co,node-name=n,a..b=x: Invalid parameter 'a..b'
!exit 1
!args -display none -machine none -blockdev driver=null-co,node-name
<~2 $PROG: -blockdev driver=null-co,node-name: Expected '=' after parameter 'node-name'
!exit 1
!args -display none -machine none -blockdev '{}'
<~2 $PROG: -blockdev {}: Parameter 'driver' is missing
!exit 1
!args -display none -machine none -blockdev '{'
<~2 $PROG: -blockdev {: JSON parse error, premature EOI
!exit 1
!args -display none -machine none -blockdev '{"driver":"file"}'
<~2 $PROG: -blockdev {"driver":"file"}: Parameter 'filename' is missing
!exit 1
!args -display none -machine none -blockdev '{"driver":"file","node-name":"n","filename":"missing"}'
<~2 $PROG: -blockdev {"driver":"file","node-name":"n","filename":"missing"}: Could not open 'missing': No such file or directory
!exit 1
!args -display none -machine none -blockdev '{"driver":"file","node-name":"n","filename":"b.img","nonsense":1}'
<~2 $PROG: -blockdev {"driver":"file","node-name":"n","filename":"b.img","nonsense":1}: Parameter 'nonsense' is unexpected
!exit 1
!args -display none -machine none -blockdev '{"driver":"file","node-name":"n","filename":"b.img","read-only":"on"}'
<~2 $PROG: -blockdev {"driver":"file","node-name":"n","filename":"b.img","read-only":"on"}: Invalid parameter type for 'read-only', expected: boolean
!exit 1
!args -display none -machine none -blockdev '{"driver":"qcow2","node-name":"n","file":{"driver":"file","filename":"b.img"}}'
<~2 $PROG: -blockdev {"driver":"qcow2","node-name":"n","file":{"driver":"file","filename":"b.img"}}: Image is not in qcow2 format
!exit 1
!args -display none -machine none -blockdev '{"driver":"file","driver":"file"}'
<~2 $PROG: -blockdev {"driver":"file","driver":"file"}: JSON parse error, duplicate key
!exit 1
!args -display none -machine none -blockdev driver=qcow2,node-name=q,file.driver=file,file.filename=a.qcow2 -blockdev driver=qcow2,node-name=r,file.driver=file,file.filename=a.qcow2
<~2 $PROG: -blockdev driver=qcow2,node-name=r,file.driver=file,file.filename=a.qcow2: Failed to get "write" lock
<~2 Is another process using the image [a.qcow2]?
!exit 1
!args -display none -machine none -blockdev driver=blkdebug,node-name=b,image.driver=null-co,inject-error.0.event=nonsense
<~2 $PROG: -blockdev driver=blkdebug,node-name=b,image.driver=null-co,inject-error.0.event=nonsense: Parameter 'event' does not accept value 'nonsense'
!exit 1
!args -display none -machine none -blockdev driver=blkdebug,node-name=b,image.driver=null-co,inject-error.1.event=none
<~2 $PROG: -blockdev driver=blkdebug,node-name=b,image.driver=null-co,inject-error.1.event=none: Parameter 'inject-error.0' missing
!exit 1
!args -display none -machine none -blockdev driver=blkdebug,node-name=b,image.driver=null-co,inject-error.x.event=none
<~2 $PROG: -blockdev driver=blkdebug,node-name=b,image.driver=null-co,inject-error.x.event=none: Invalid parameter type for 'inject-error', expected: array
!exit 1
