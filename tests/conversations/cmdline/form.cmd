# Options that are unknown, lack something or are malformed.

!args -foo
<~2 $PROG: -foo: invalid option
!exit 1

!args --foo
<~2 $PROG: --foo: invalid option
!exit 1

!args -
<~2 $PROG: -: invalid option
!exit 1

!args --
<~2 $PROG: --: invalid option
!exit 1

!args -version -foo
<~2 $PROG: -foo: invalid option
!exit 1

!args -foo -version
<~2 $PROG: -foo: invalid option
!exit 1

!args -version -qmp
<~2 $PROG: -qmp: requires an argument
!exit 1

!args -qmp
<~2 $PROG: -qmp: requires an argument
!exit 1

!args -chardev
<~2 $PROG: -chardev: requires an argument
!exit 1

!args -drive
<~2 $PROG: -drive: requires an argument
!exit 1

!args -blockdev
<~2 $PROG: -blockdev: requires an argument
!exit 1

!args -mon
<~2 $PROG: -mon: requires an argument
!exit 1

!args -monitor
<~2 $PROG: -monitor: requires an argument
!exit 1

!args -machine
<~2 $PROG: -machine: requires an argument
!exit 1

!args -pidfile
<~2 $PROG: -pidfile: requires an argument
!exit 1

!args -nodefaults=on
<~2 $PROG: -nodefaults=on: invalid option
!exit 1

!args -machine none -nodefaults -display none -name foo=bar
<~2 $PROG: -name foo=bar: Invalid parameter 'foo'
!exit 1

!args -machine none -nodefaults -display none -name a,foo=bar
<~2 $PROG: -name a,foo=bar: Invalid parameter 'foo'
!exit 1

!args -machine none -nodefaults -display none -name guest=a,debug-threads=x
<~2 $PROG: -name guest=a,debug-threads=x: Parameter 'debug-threads' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -display none,foo=bar
<~2 $PROG: -display none,foo=bar: Parameter 'foo' is unexpected
!exit 1

!args -display foo
<~2 $PROG: -display foo: Parameter 'type' does not accept value 'foo'
!exit 1

!args -machine none -nodefaults -display none -m foo
<~2 $PROG: -m foo: Parameter 'size' expects a non-negative number below 2^64
<~2 Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
<~2 and exabytes, respectively.
!exit 1

!args -machine none -nodefaults -display none -m size=128,foo=bar
<~2 $PROG: -m size=128,foo=bar: Invalid parameter 'foo'
!exit 1

!args -machine none -nodefaults -display none -uuid foo
<~2 $PROG: -uuid foo: failed to parse UUID string: wrong format
!exit 1

!args -machine none -nodefaults -display none -net foo
<~2 $PROG: -net foo: Parameter 'type' does not accept value 'foo'
!exit 1

!args -machine none -nodefaults -display none -drive if=none,id=1x
<~2 $PROG: -drive if=none,id=1x: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1

!args -machine none -nodefaults -display none -drive if=none,id=
<~2 $PROG: -drive if=none,id=: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1

!args -machine none -nodefaults -display none -drive if=none,id=a -drive if=none,id=a
<~2 $PROG: -drive if=none,id=a: Duplicate ID 'a' for drive
!exit 1

!args -machine none -nodefaults -display none -qmp foo -foo
<~2 $PROG: -foo: invalid option
!exit 1

!args -machine none -nodefaults -display none -S -uuid x -qmp foo
<~2 $PROG: -uuid x: failed to parse UUID string: wrong format
!exit 1

!args -machine none -nodefaults -display none -qmp foo -uuid x
<~2 $PROG: -qmp foo: 'foo' is not a valid char driver
<~2 $PROG: -qmp foo: parse error: foo
!exit 1
