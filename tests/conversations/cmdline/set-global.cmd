# -set: a value for an option before it; -global: values for devices.

!args -nodefaults -display none -set foo
<~2 $PROG: -set foo: can't parse: "foo"
!exit 1

!args -nodefaults -display none -set drive.a
<~2 $PROG: -set drive.a: can't parse: "drive.a"
!exit 1

!args -nodefaults -display none -set drive.a.b
<~2 $PROG: -set drive.a.b: can't parse: "drive.a.b"
!exit 1

!args -nodefaults -display none -set drive.a.b=c
<~2 $PROG: -set drive.a.b=c: there is no drive "a" defined
!exit 1

!args -nodefaults -display none -set drive.a.b=c -drive id=a,if=none
<~2 $PROG: -set drive.a.b=c: there is no drive "a" defined
!exit 1

!args -nodefaults -display none -drive id=a,if=none -set drive.a.b=c -machine none
<~2 $PROG: -drive id=a,if=none: Must specify either driver or file
!exit 1

!args -nodefaults -display none -drive id=a,if=none -set drive.a.werror=foo -machine none
<~2 $PROG: -drive id=a,if=none: 'foo' invalid write error action
!exit 1

!args -nodefaults -display none -drive id=a,if=none -set drive.a.bus=x -machine none
<~2 $PROG: -drive id=a,if=none: Parameter 'bus' expects a number
!exit 1

!args -nodefaults -display none -set nope.a.b=c
<~2 $PROG: -set nope.a.b=c: There is no option group 'nope'
!exit 1

!args -nodefaults -display none -set machine.a.b=c
<~2 $PROG: -set machine.a.b=c: -set is not supported with machine
!exit 1

!args -nodefaults -display none -set object.a.b=c
<~2 $PROG: -set object.a.b=c: -set is not supported with object
!exit 1

!args -nodefaults -display none -set .a.b=c
<~2 $PROG: -set .a.b=c: can't parse: ".a.b=c"
!exit 1

!args -nodefaults -display none -global foo
<~2 $PROG: -global foo: warning: short-form boolean option 'foo' deprecated
<~2 Please use foo=on instead
<~2 $PROG: -global foo: Invalid parameter 'foo'
!exit 1

!args -nodefaults -display none -global driver=a,property=b
<~2 $PROG: -global driver=a,property=b: options 'driver', 'property', and 'value' are required
!exit 1

!args -nodefaults -display none -machine pc -global virtio-blk-pci.nope=1 -blockdev null-co,node-name=n -device virtio-blk-pci,drive=n
<~2 $PROG: -device virtio-blk-pci,drive=n: can't apply global virtio-blk-pci.nope=1: Property 'virtio-blk-pci.nope' not found
!exit 1

!args -nodefaults -display none -machine pc -global virtio-blk-pci.num-queues=x -blockdev null-co,node-name=n -device virtio-blk-pci,drive=n
<~2 $PROG: -device virtio-blk-pci,drive=n: can't apply global virtio-blk-pci.num-queues=x: Parameter 'num-queues' expects uint64
!exit 1

!args -nodefaults -display none -machine pc -global virtio-blk-device.nope=1 -blockdev null-co,node-name=n -device virtio-blk-pci,drive=n
<~2 $PROG: -device virtio-blk-pci,drive=n: can't apply global virtio-blk-device.nope=1: Property 'virtio-blk-device.nope' not found
!exit 1

!args -nodefaults -display none -machine pc -global ide-hd.nope=1 -drive file=null-co://,format=raw
<~2 $PROG: can't apply global ide-hd.nope=1: Property 'ide-hd.nope' not found
!exit 1

!args -nodefaults -display none -machine pc -global PIIX4_PM.nope=1
<~2 $PROG: can't apply global PIIX4_PM.nope=1: Property 'PIIX4_PM.nope' not found
!exit 1

!args -nodefaults -display none -machine q35 -global ICH9-LPC.nope=1
<~2 $PROG: can't apply global ICH9-LPC.nope=1: Property 'ICH9-LPC.nope' not found
!exit 1

!args -nodefaults -display none -machine pc -drive if=ide,index=9,file=null-co://,format=raw
<~2 $PROG: -drive if=ide,index=9,file=null-co://,format=raw: machine type does not support if=ide,bus=4,unit=1
!exit 1

!args -nodefaults -display none -machine pc -drive if=floppy,index=2,file=null-co://,format=raw
<~2 $PROG: -drive if=floppy,index=2,file=null-co://,format=raw: machine type does not support if=floppy,bus=0,unit=2
!exit 1

!args -nodefaults -display none -machine pc -drive if=sd,file=null-co://,format=raw
<~2 $PROG: -drive if=sd,file=null-co://,format=raw: machine type does not support if=sd,bus=0,unit=0
!exit 1

!args -nodefaults -display none -machine pc -drive if=xen,file=null-co://,format=raw
<~2 $PROG: -drive if=xen,file=null-co://,format=raw: No 'xen-bus' bus found for device 'xen-disk'
!exit 1

!args -nodefaults -display none -machine q35 -drive if=ide,bus=6,file=null-co://,format=raw
<~2 $PROG: -drive if=ide,bus=6,file=null-co://,format=raw: machine type does not support if=ide,bus=6,unit=0
!exit 1
