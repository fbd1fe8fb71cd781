# Which error comes first: options in their order, then what they ask for in QEMU's.

!args -qmp foo:bar -foo
<~2 $PROG: -foo: invalid option
!exit 1

!args -drive if=none,id=1 -qmp foo
<~2 $PROG: -drive if=none,id=1: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1

!args -qmp foo -drive if=none,id=1
<~2 $PROG: -qmp foo: 'foo' is not a valid char driver
<~2 $PROG: -qmp foo: parse error: foo
!exit 1

!args -machine foo -pidfile /nonexistent/x
<~2 $PROG: cannot create PID file: Could not create '/nonexistent/x': No such file or directory
!exit 1

!args -pidfile /nonexistent/x -machine foo
<~2 $PROG: cannot create PID file: Could not create '/nonexistent/x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -vga foo -pidfile /nonexistent/x
<~2 $PROG: cannot create PID file: Could not create '/nonexistent/x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev null -vga foo
<~2 $PROG: unknown vga type: foo
!exit 1

!args -machine none -nodefaults -display none -chardev null -pidfile /nonexistent/x
<~2 $PROG: cannot create PID file: Could not create '/nonexistent/x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev null -chardev socket,id=a,path=missing
<~2 $PROG: -chardev null: chardev: no id specified
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=missing -chardev null
<~2 $PROG: -chardev socket,id=a,path=missing: Failed to connect to 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -qmp unix:missing -chardev null
<~2 $PROG: -qmp unix:missing: Failed to connect to 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -blockdev file,node-name=f,filename=missing -chardev null
<~2 $PROG: -chardev null: chardev: no id specified
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=missing -blockdev file,node-name=f,filename=other
<~2 $PROG: -blockdev file,node-name=f,filename=other: Could not open 'other': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -drive if=none,file=missing -drive if=zzz
<~2 $PROG: -drive if=none,file=missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -drive if=zzz -drive if=none,file=missing
<~2 $PROG: -drive if=zzz: unsupported bus type 'zzz'
!exit 1

!args -machine none -nodefaults -display none -boot x -drive if=none,file=missing
<~2 $PROG: -drive if=none,file=missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -boot x -boot foo=bar
<~2 $PROG: Parameter 'boot.foo' is unexpected
!exit 1

!args -machine none -nodefaults -display none -smp foo -boot x
<~2 $PROG: Invalid boot device 'x'
!exit 1

!args -machine none,foo=bar -display none -smp foo
<~2 $PROG: Parameter 'smp.cpus' expects integer
!exit 1

!args -machine none,foo=bar -display none -accel foo
<~2 $PROG: Property 'none-machine.foo' not found
!exit 1

!args -machine none -nodefaults -display none -mon foo -accel foo
<~2 $PROG: -accel foo: invalid accelerator foo
!exit 1

!args -machine none -nodefaults -display none -mon foo -drive if=none,file=missing
<~2 $PROG: -drive if=none,file=missing: Could not open 'missing': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -mon foo -drive if=ide,driver=null-co
<~2 $PROG: -mon foo: chardev "foo" not found
!exit 1

!args -machine none -nodefaults -display none -drive if=virtio,driver=null-co -drive if=ide,driver=null-co
<~2 $PROG: -drive if=ide,driver=null-co: machine type does not support if=ide,bus=0,unit=0
!exit 1
