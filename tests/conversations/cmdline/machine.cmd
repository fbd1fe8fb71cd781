# Machines that cannot be.

!args -machine foo -display none
<~2 $PROG: unsupported machine type: "foo"
<~2 Use -machine help to list supported machines
!exit 1

!args -M foo -display none
<~2 $PROG: unsupported machine type: "foo"
<~2 Use -machine help to list supported machines
!exit 1

!args -machine type=foo -display none
<~2 $PROG: unsupported machine type: "foo"
<~2 Use -machine help to list supported machines
!exit 1

!args -machine none,foo=bar -display none
<~2 $PROG: Property 'none-machine.foo' not found
!exit 1

!args -machine none,accel=foo -display none
<~2 $PROG: invalid accelerator foo
!exit 1

!args -machine none,accel=foo:bar -display none
<~2 $PROG: invalid accelerator foo
<~2 $PROG: invalid accelerator bar
!exit 1

!args -machine none -nodefaults -display none -accel foo
<~2 $PROG: -accel foo: invalid accelerator foo
!exit 1

# accepted, the server runs: -machine none -nodefaults -display none -accel foo -accel tcg

!args -machine none -nodefaults -display none -machine accel=tcg -accel tcg
<~2 $PROG: The -accel and "-machine accel=" options are incompatible
!exit 1

!args -machine none -nodefaults -display none -vga foo
<~2 $PROG: unknown vga type: foo
!exit 1

!args -machine none -nodefaults -display none -vga foo -machine foo
<~2 $PROG: unsupported machine type: "foo"
<~2 Use -machine help to list supported machines
!exit 1

!args -machine none -nodefaults -display none -smp foo
<~2 $PROG: Parameter 'smp.cpus' expects integer
!exit 1

!args -machine none -nodefaults -display none -smp 0
<~2 $PROG: Invalid CPU topology: CPU topology parameters must be greater than zero
!exit 1

!args -machine none -nodefaults -display none -smp 2
<~2 $PROG: Invalid SMP CPUs 2. The max CPUs supported by machine 'none' is 1
!exit 1

!args -machine none -nodefaults -display none -smp cpus=1,foo=bar
<~2 $PROG: Parameter 'smp.foo' is unexpected
!exit 1

!args -machine none -nodefaults -display none -boot foo=bar
<~2 $PROG: Parameter 'boot.foo' is unexpected
!exit 1

!args -machine none -nodefaults -display none -boot x
<~2 $PROG: Invalid boot device 'x'
!exit 1

!args -machine none -nodefaults -display none -boot order=z
<~2 $PROG: Invalid boot device 'z'
!exit 1

!args -machine help,foo
<~2 $PROG: -machine help,foo: Expected '=' after parameter 'foo'
!exit 1

!args -machine none -nodefaults -display none -pidfile /nonexistent/x
<~2 $PROG: cannot create PID file: Could not create '/nonexistent/x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -pidfile ''
<~2 $PROG: cannot create PID file: Could not create '': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -pidfile $DIR
<~2 $PROG: cannot create PID file: Could not create '$DIR': Is a directory
!exit 1
