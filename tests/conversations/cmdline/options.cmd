# Command lines that end at once: unknown options and missing values.
!args -nonsense
<~2 $PROG: -nonsense: invalid option
!exit 1
!args --nonsense
<~2 $PROG: --nonsense: invalid option
!exit 1
!args nonsense.img
<~2 $PROG: nonsense.img: Could not open 'nonsense.img': No such file or directory
!exit 1
!args -machine none -nonsense
<~2 $PROG: -nonsense: invalid option
!exit 1
!args -name
<~2 $PROG: -name: requires an argument
!exit 1
!args -drive
<~2 $PROG: -drive: requires an argument
!exit 1
!args -blockdev
<~2 $PROG: -blockdev: requires an argument
!exit 1
!args -chardev
<~2 $PROG: -chardev: requires an argument
!exit 1
!args -mon
<~2 $PROG: -mon: requires an argument
!exit 1
!args -qmp
<~2 $PROG: -qmp: requires an argument
!exit 1
!args -pidfile
<~2 $PROG: -pidfile: requires an argument
!exit 1
!args -machine
<~2 $PROG: -machine: requires an argument
!exit 1
!args -display
<~2 $PROG: -display: requires an argument
!exit 1
!args -accel
<~2 $PROG: -accel: requires an argument
!exit 1
!args -machine none -display nonsense
<~2 $PROG: -display nonsense: Parameter 'type' does not accept value 'nonsense'
!exit 1
!args -machine nonsense
<~2 $PROG: unsupported machine type: "nonsense"
<~2 Use -machine help to list supported machines
!exit 1
!args -machine none,nonsense=on
<~2 $PROG: Property 'none-machine.nonsense' not found
!exit 1
!args -machine none -accel nonsense
<~2 $PROG: -accel nonsense: invalid accelerator nonsense
!exit 1
!args -nodefaultsx
<~2 $PROG: -nodefaultsx: invalid option
!exit 1
!args -S -nonsense
<~2 $PROG: -nonsense: invalid option
!exit 1
!args -display none -machine none -name guest=a,nonsense=b
<~2 $PROG: -name guest=a,nonsense=b: Invalid parameter 'nonsense'
!exit 1
!args -display none -machine none -name x,debug-threads=maybe
<~2 $PROG: -name x,debug-threads=maybe: Parameter 'debug-threads' expects 'on' or 'off'
!exit 1
!args -display none -machine none -pidfile missing/pid
<~2 $PROG: cannot create PID file: Could not create 'missing/pid': No such file or directory
!exit 1
!args -display none -machine none -m nonsense
<~2 $PROG: -m nonsense: Parameter 'size' expects a non-negative number below 2^64
<~2 Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
<~2 and exabytes, respectively.
!exit 1
!args -display none -machine none -object nonsense
<~2 $PROG: -object nonsense: Parameter 'qom-type' does not accept value 'nonsense'
!exit 1
!args -display none -machine none -device nonsense
<~2 $PROG: -device nonsense: 'nonsense' is not a valid device model name
!exit 1
