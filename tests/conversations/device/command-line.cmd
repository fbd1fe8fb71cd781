# Devices that a command line names.
!args -machine none -device nope
<~2 $PROG: -device nope: 'nope' is not a valid device model name
!exit 1
!args -machine none -device scsi-hd
<~2 $PROG: -device scsi-hd: No 'SCSI' bus found for device 'scsi-hd'
!exit 1
!args -machine none -device driver=scsi-hd,id=1
<~2 $PROG: -device driver=scsi-hd,id=1: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1
!args -machine pc -device virtio-blk
<~2 $PROG: -device virtio-blk: drive property not set
!exit 1
!args -machine pc -drive if=none,id=d -device virtio-blk,drive=d
<~2 $PROG: -device virtio-blk,drive=d: Device needs media, but drive is empty
!exit 1
!args -machine pc -drive if=none,id=d,driver=null-co,read-only=on -device ide-hd,drive=d
<~2 $PROG: -device ide-hd,drive=d: Block node is read-only
!exit 1
!args -machine pc -device ide-hd
<~2 $PROG: -device ide-hd: No drive specified
!exit 1
!args -machine pc -device scsi-hd,drive=x
<~2 $PROG: -device scsi-hd,drive=x: No 'SCSI' bus found for device 'scsi-hd'
!exit 1
!args -machine pc -device virtio-scsi -device scsi-hd,drive=x
<~2 $PROG: -device scsi-hd,drive=x: Property 'scsi-hd.drive' can't find value 'x'
!exit 1
!args -machine pc -device virtio-scsi -device scsi-hd,drive=x,foo=bar
<~2 $PROG: -device scsi-hd,drive=x,foo=bar: Property 'scsi-hd.drive' can't find value 'x'
!exit 1
!args -machine pc -device floppy -device floppy -device floppy
<~2 $PROG: -device floppy: Can't create floppy unit 2, bus supports only 2 units
!exit 1
!args -machine pc -device floppy,unit=0 -device floppy,unit=0
<~2 $PROG: -device floppy,unit=0: Floppy unit 0 is in use
!exit 1
!args -machine pc -device floppy,unit=4
<~2 $PROG: -device floppy,unit=4: Can't create floppy unit 4, bus supports only 2 units
!exit 1
!args -machine pc -device floppy,logical_block_size=4096
<~2 $PROG: -device floppy,logical_block_size=4096: logical_block_size > physical_block_size not supported
!exit 1
!args -machine pc -device virtio-scsi,id=a -device virtio-scsi,id=a
<~2 $PROG: -device virtio-scsi,id=a: Duplicate ID 'a' for device
!exit 1
!args -machine pc -device virtio-scsi,iothread=x
<~2 $PROG: -device virtio-scsi,iothread=x: Device 'x' not found
!exit 1
!args -machine pc -device virtio-rng,addr=zz
<~2 $PROG: -device virtio-rng,addr=zz: Property 'virtio-rng-pci.addr' doesn't take value 'zz'
!exit 1
!args -machine pc -device '{"driver":"scsi-hd"}'
<~2 $PROG: -device {"driver":"scsi-hd"}: No 'SCSI' bus found for device 'scsi-hd'
!exit 1
!args -machine pc -device '{"driver":"nope"}'
<~2 $PROG: -device {"driver":"nope"}: 'nope' is not a valid device model name
!exit 1
!args -machine pc -device '{}'
<~2 $PROG: -device {}: Parameter 'driver' is missing
!exit 1
!args -machine pc -drive if=none,id=d,driver=null-co -device virtio-blk,drive=d -device virtio-blk,drive=d
<~2 $PROG: -device virtio-blk,drive=d: Drive 'd' is already in use by another device
!exit 1
!args -machine pc -drive if=ide,id=d,driver=null-co -device virtio-blk,drive=d
<~2 $PROG: -device virtio-blk,drive=d: Drive 'd' is already in use because it has been automatically connected to another device (did you need 'if=none' in the drive options?)
!exit 1
