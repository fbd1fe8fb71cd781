# Drives that cannot be.
!setup truncate -s 1M raw
!setup qemu-img create -q -f qcow2 q.qcow2 1M

!args -machine none -nodefaults -display none -drive foo
<~2 $PROG: -drive foo: warning: short-form boolean option 'foo' deprecated
<~2 Please use foo=on instead
<~2 $PROG: -drive foo: Must specify either driver or file
!exit 1

!args -machine none -nodefaults -display none -drive help
<~2 $PROG: -drive help: Must specify either driver or file
!exit 1

!args -machine none -nodefaults -display none -drive file=missing
<~2 $PROG: -drive file=missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=missing
<~2 $PROG: -drive if=none,file=missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=missing,format=qcow2
<~2 $PROG: -drive if=none,file=missing,format=qcow2: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=foo:bar
<~2 $PROG: -drive if=none,file=foo:bar: Unknown protocol 'foo'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=json:{}
<~2 $PROG: -drive if=none,file=json:{}: Must specify either driver or file
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=foo
<~2 $PROG: -drive if=none,file=raw,format=foo: Unknown driver 'foo'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=qcow2
<~2 $PROG: -drive if=none,file=raw,format=qcow2: Image is not in qcow2 format
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,driver=raw
<~2 $PROG: -drive if=none,file=raw,format=raw,driver=raw: Cannot specify both 'driver' and 'format'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,foo=bar
<~2 $PROG: -drive if=none,file=raw,format=raw,foo=bar: Block format 'raw' does not support the option 'foo'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,foo=bar
<~2 WARNING: Image format was not specified for 'raw' and probing guessed raw.
<~2          Automatically detecting the format is dangerous for raw images, write operations on block 0 will be restricted.
<~2          Specify the 'raw' format explicitly to remove the restrictions.
<~2 $PROG: -drive if=none,file=raw,foo=bar: Block format 'raw' does not support the option 'foo'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,file.foo=bar
<~2 $PROG: -drive if=none,file=raw,format=raw,file.foo=bar: Block protocol 'file' doesn't support the option 'foo'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=,format=raw
<~2 $PROG: -drive if=none,file=,format=raw: A block device must be specified for "file"
!exit 1

!args -machine none -nodefaults -display none -drive if=foo,file=raw
<~2 $PROG: -drive if=foo,file=raw: unsupported bus type 'foo'
!exit 1

!args -machine none -nodefaults -display none -drive media=foo,if=foo
<~2 $PROG: -drive media=foo,if=foo: 'foo' invalid media
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,cache=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,cache=foo: invalid cache option
!exit 1

!args -machine none -nodefaults -display none -drive if=none,cache=foo,aio=foo,werror=foo,discard=foo
<~2 $PROG: -drive if=none,cache=foo,aio=foo,werror=foo,discard=foo: invalid cache option
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,aio=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,aio=foo: invalid aio option
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,aio=native
<~2 $PROG: -drive if=none,file=raw,format=raw,aio=native: aio=native was specified, but it requires cache.direct=on, which was not specified.
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,discard=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,discard=foo: Invalid discard option
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,detect-zeroes=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,detect-zeroes=foo: invalid parameter value: foo
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,werror=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,werror=foo: 'foo' invalid write error action
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,rerror=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,rerror=foo: 'foo' invalid read error action
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,rerror=enospc
<~2 $PROG: -drive if=none,file=raw,format=raw,rerror=enospc: 'enospc' invalid read error action
!exit 1

!args -machine none -nodefaults -display none -drive if=floppy,werror=stop
<~2 $PROG: -drive if=floppy,werror=stop: werror is not supported by this bus type
!exit 1

!args -machine none -nodefaults -display none -drive if=floppy,rerror=stop
<~2 $PROG: -drive if=floppy,rerror=stop: rerror is not supported by this bus type
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,media=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,media=foo: 'foo' invalid media
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,snapshot=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,snapshot=foo: Parameter 'snapshot' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,read-only=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,read-only=foo: Parameter 'read-only' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,readonly=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,readonly=foo: Parameter 'read-only' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,readonly=on,read-only=on
<~2 $PROG: -drive if=none,file=raw,format=raw,readonly=on,read-only=on: 'read-only' and its alias 'readonly' can't be used at the same time
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,copy-on-read=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,copy-on-read=foo: Parameter 'copy-on-read' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,bps=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,bps=foo: Parameter 'throttling.bps-total' expects a number
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,stats-account-invalid=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,stats-account-invalid=foo: Parameter 'stats-account-invalid' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,serial=x
<~2 $PROG: -drive if=none,file=raw,format=raw,serial=x: Block format 'raw' does not support the option 'serial'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,index=foo
<~2 $PROG: -drive if=none,file=raw,format=raw,index=foo: Parameter 'index' expects a number
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,index=0,bus=1
<~2 $PROG: -drive if=none,file=raw,format=raw,index=0,bus=1: index cannot be used with bus and unit
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=raw,format=raw,index=0 -drive if=none,file=q.qcow2,index=0
<~2 $PROG: -drive if=none,file=q.qcow2,index=0: drive with bus=0, unit=0 (index=0) exists
!exit 1

!args -machine none -nodefaults -display none -drive if=none,driver=null-co,node-name=1x
<~2 $PROG: -drive if=none,driver=null-co,node-name=1x: Invalid node-name: '1x'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,driver=null-co,id=x,node-name=x
<~2 $PROG: -drive if=none,driver=null-co,id=x,node-name=x: Device name 'x' conflicts with an existing node name
!exit 1

!args -machine none -nodefaults -display none -drive if=none,driver=null-co,id=x -blockdev null-co,node-name=x
<~2 $PROG: -drive if=none,driver=null-co,id=x: Device name 'x' conflicts with an existing node name
!exit 1

!args -machine none -nodefaults -display none -drive if=none,driver=null-co -drive if=none,driver=null-co,id=none0
<~2 $PROG: -drive if=none,driver=null-co,id=none0: Device with id 'none0' already exists
!exit 1

!args -machine none -nodefaults -display none -drive if=ide,file=raw,format=raw
<~2 $PROG: -drive if=ide,file=raw,format=raw: machine type does not support if=ide,bus=0,unit=0
!exit 1

!args -machine none -nodefaults -display none -drive if=ide,index=5,driver=null-co
<~2 $PROG: -drive if=ide,index=5,driver=null-co: machine type does not support if=ide,bus=2,unit=1
!exit 1

!args -machine none -nodefaults -display none -drive if=scsi,file=raw,format=raw
<~2 $PROG: -drive if=scsi,file=raw,format=raw: machine type does not support if=scsi,bus=0,unit=0
!exit 1

!args -machine none -nodefaults -display none -drive if=virtio,file=raw,format=raw
<~2 $PROG: -drive if=virtio,file=raw,format=raw: No 'PCI' bus found for device 'virtio-blk-pci'
!exit 1

!args -machine none -nodefaults -display none -drive if=pflash,driver=null-co
<~2 $PROG: -drive if=pflash,driver=null-co: machine type does not support if=pflash,bus=0,unit=0
!exit 1

!args -machine none -nodefaults -display none -drive if=ide,bus=0,unit=2,driver=null-co
<~2 $PROG: -drive if=ide,bus=0,unit=2,driver=null-co: unit 2 too big (max is 1)
!exit 1

!args -machine none -nodefaults -display none missing
<~2 $PROG: missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -hda missing
<~2 $PROG: -hda missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -fda missing
<~2 $PROG: -fda missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none q.qcow2 q.qcow2
<~2 $PROG: q.qcow2: drive with bus=0, unit=0 (index=0) exists
!exit 1

!args -machine none -nodefaults -display none q.qcow2 -drive file=raw,format=raw,index=0
<~2 $PROG: -drive file=raw,format=raw,index=0: drive with bus=0, unit=0 (index=0) exists
!exit 1
